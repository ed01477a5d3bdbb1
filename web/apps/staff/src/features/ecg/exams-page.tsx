import { FormOutlined } from "@ant-design/icons";
import type { ExamState, Urgency } from "@tianmu/api/wire";
import { PageHeader } from "@tianmu/ui/page-header";
import { dayEnd, dayStart } from "@tianmu/ui/lib/time";
import { useDebounced } from "@tianmu/ui/lib/use-debounced";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, DatePicker, Input, Select } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { can } from "../../app/permissions";
import { useMe } from "../session/session-context";
import { ExamTable } from "./components/exam-table";
import { OrganisationSelect } from "./components/organisation-select";
import { STATE_WORDS, URGENCY_WORDS } from "./lib/words";

export function Page() {
  const t = useT();
  const me = useMe();
  const [params, setParams] = useSearchParams();
  const [search, setSearch] = useState(params.get("q") ?? "");
  const q = useDebounced(search.trim());
  const set = (changes: Record<string, string | undefined>) =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        for (const [name, value] of Object.entries(changes)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace: true },
    );
  const from = params.get("from") ?? undefined;
  const to = params.get("to") ?? undefined;
  const states = params.get("state")?.split(",").filter(Boolean) ?? [];
  const abnormal = params.get("abnormal");
  return (
    <>
      <PageHeader
        title={t("检查列表", "Exams")}
        actions={
          can(me, "registerExam") ? (
            <Link to="/ecg/new">
              <Button type="primary" icon={<FormOutlined />}>
                {t("新建检查", "New exam")}
              </Button>
            </Link>
          ) : null
        }
      />
      <div style={{ display: "flex", gap: 8, marginBottom: 10, flexWrap: "wrap" }}>
        <Input.Search
          allowClear
          aria-label={t("搜索检查", "Search exams")}
          placeholder={t("姓名、拼音首字母、检查号", "Name, initials, exam number")}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          style={{ width: 220 }}
        />
        <Select<ExamState[]>
          mode="multiple"
          maxTagCount={1}
          aria-label={t("状态", "State")}
          placeholder={t("全部状态", "All states")}
          value={states as ExamState[]}
          onChange={(value) => set({ state: value.join(",") || undefined })}
          style={{ width: 170 }}
          options={(Object.keys(STATE_WORDS) as ExamState[]).map((value) => ({
            value,
            label: t(...STATE_WORDS[value]),
          }))}
        />
        <Select<Urgency>
          allowClear
          aria-label={t("级别", "Level")}
          placeholder={t("全部级别", "All levels")}
          value={(params.get("urgency") as Urgency | null) ?? undefined}
          onChange={(value) => set({ urgency: value })}
          style={{ width: 105 }}
          options={(["stat", "urgent", "routine"] as const).map((value) => ({
            value,
            label: t(...URGENCY_WORDS[value]),
          }))}
        />
        <OrganisationSelect
          value={params.get("organisation") ?? undefined}
          onChange={(value) => set({ organisation: value })}
          width={180}
        />
        <DatePicker.RangePicker
          aria-label={t("登记日期", "Registered between")}
          value={from && to ? [dayjs(from), dayjs(to)] : null}
          onChange={(range) => set({ from: range?.[0]?.format("YYYY-MM-DD"), to: range?.[1]?.format("YYYY-MM-DD") })}
          presets={[
            { label: t("今天", "Today"), value: [dayjs(), dayjs()] },
            { label: t("近 7 天", "Last 7 days"), value: [dayjs().subtract(6, "day"), dayjs()] },
            { label: t("近 30 天", "Last 30 days"), value: [dayjs().subtract(29, "day"), dayjs()] },
          ]}
          style={{ width: 240 }}
        />
        <Select<string>
          allowClear
          aria-label={t("结果", "Result")}
          placeholder={t("全部结果", "All results")}
          value={abnormal ?? undefined}
          onChange={(value) => set({ abnormal: value })}
          style={{ width: 105 }}
          options={[
            { value: "true", label: t("异常", "Abnormal") },
            { value: "false", label: t("正常", "Normal") },
          ]}
        />
      </div>
      <ExamTable
        exportName={t("心电检查", "ecg-exams")}
        empty={t("没有符合条件的检查。", "No exam matches.")}
        filter={{
          q: q || undefined,
          state: states.join(",") || undefined,
          urgency: (params.get("urgency") as Urgency | null) ?? undefined,
          organisation_id: params.get("organisation") ?? undefined,
          from: from ? dayStart(from) : undefined,
          to: to ? dayEnd(to) : undefined,
          abnormal: abnormal === null ? undefined : abnormal === "true",
          sort: "newest",
        }}
      />
    </>
  );
}
