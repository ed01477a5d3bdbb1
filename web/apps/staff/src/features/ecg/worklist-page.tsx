import { ReloadOutlined } from "@ant-design/icons";
import { asApiError } from "@tianmu/api/problem";
import type { ExamItem, Urgency } from "@tianmu/api/wire";
import { DataTable, type DataColumn } from "@tianmu/ui/data-table";
import { EmptyState } from "@tianmu/ui/empty-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { dateTime, shortTime, span } from "@tianmu/ui/lib/time";
import { useDebounced } from "@tianmu/ui/lib/use-debounced";
import { useErrorText } from "@tianmu/ui/lib/use-error-text";
import { useLang, useT } from "@tianmu/ui/lib/use-lang";
import { App, Badge, Button, Input, Segmented, Select, Tag } from "antd";
import { useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { useLiveOpen } from "../../app/live-context";
import { can } from "../../app/permissions";
import { useMe } from "../session/session-context";
import { useClaimExam } from "./api/use-claim-exam";
import { useClaimReview } from "./api/use-claim-review";
import { type Queue, useWorklist } from "./api/use-worklist";
import { useWorklistCounts } from "./api/use-worklist-counts";
import { DueClock, WaitingTime } from "./components/due-clock";
import { OrganisationSelect } from "./components/organisation-select";
import { PatientCell } from "./components/patient-cell";
import { StateTag, UrgencyTag } from "./components/tags";
import { openStep } from "./lib/next-step";
import { URGENCY_WORDS } from "./lib/words";
import "./worklist-page.css";

export function Page() {
  const t = useT();
  const lang = useLang();
  const me = useMe();
  const navigate = useNavigate();
  const { message, modal } = App.useApp();
  const words = useErrorText();
  const live = useLiveOpen();
  const [params, setParams] = useSearchParams();
  const [search, setSearch] = useState("");
  const q = useDebounced(search.trim());
  const reads = can(me, "read");
  const reviews = can(me, "review");
  const queue = (params.get("queue") as Queue | null) ?? (reads ? "to_read" : "to_review");
  const urgency = (params.get("urgency") as Urgency | null) ?? undefined;
  const organisation_id = params.get("organisation") ?? undefined;
  const list = useWorklist({ queue, urgency, organisation_id, q: q || undefined });
  const counts = useWorklistCounts();
  const claim = useClaimExam();
  const claimReview = useClaimReview();
  const [opening, setOpening] = useState<string | null>(null);

  const setParam = (name: string, value: string | undefined) => {
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  };

  const isMine = (item: ExamItem) => item.claimed_by?.id === me.account_id || item.claimed_by?.id === me.staff_id;
  const view = (item: ExamItem) => navigate(`/ecg/read/${item.id}`);
  const open = async (item: ExamItem) => {
    if (opening) return;
    const step = openStep(item, { read: reads, review: reviews });
    if (isMine(item) || step === "view") {
      view(item);
      return;
    }
    setOpening(item.id);
    try {
      await (step === "claim" ? claim : claimReview).mutateAsync(item.id);
      view(item);
    } catch (error) {
      const failure = asApiError(error);
      if (failure.code === "claimed_by_other" || failure.code === "reviewer_is_signer") {
        modal.confirm({
          title: words(failure).text,
          content: t("可以打开只读查看。", "You may open it to look, without editing."),
          okText: t("只读查看", "Open read-only"),
          cancelText: t("返回列表", "Back"),
          onOk: () => view(item),
        });
      } else message.error(words(failure).text);
    } finally {
      setOpening(null);
    }
  };

  const columns: DataColumn<ExamItem>[] = [
    {
      key: "urgency",
      title: t("级别", "Level"),
      width: lang === "zh" ? 64 : 82,
      render: (item) => <UrgencyTag urgency={item.urgency} />,
      text: (item) => t(...URGENCY_WORDS[item.urgency]),
    },
    {
      key: "patient",
      title: t("患者", "Patient"),
      width: 152,
      render: (item) => (
        <>
          <PatientCell patient={item.patient} />
          {item.returned ? (
            <Tag color="orange" style={{ marginInlineStart: 6 }}>
              {t("退回", "Returned")}
            </Tag>
          ) : null}
        </>
      ),
      text: (item) => item.patient.name,
    },
    {
      key: "organisation",
      title: t("送检机构", "From"),
      width: 128,
      ellipsis: true,
      render: (item) => item.organisation.name,
      text: (item) => item.organisation.name,
    },
    {
      key: "conclusion",
      title:
        queue === "to_review"
          ? t("判读结论", "Conclusion")
          : t("自动分析提示 / 临床信息", "Machine reading / clinical note"),
      ellipsis: true,
      render: (item) => (
        <span title={[item.conclusion, item.clinical_note].filter(Boolean).join("\n")}>
          <span style={item.abnormal ? { color: "#a8071a" } : undefined}>
            {item.conclusion ?? t("分析中…", "Analysing…")}
          </span>
          {item.clinical_note ? <span className="tm-muted">　{item.clinical_note}</span> : null}
        </span>
      ),
      text: (item) => item.conclusion,
    },
    {
      key: "rate",
      title: t("心率", "Rate"),
      width: 56,
      align: "right",
      render: (item) => (
        <span className="tm-num">{item.heart_rate_bpm === null ? "—" : Math.round(item.heart_rate_bpm)}</span>
      ),
      text: (item) => item.heart_rate_bpm,
    },
    {
      key: "submitted",
      title: t("送达", "Arrived"),
      width: 84,
      render: (item) => (
        <span className="tm-num" title={dateTime(item.submitted_at)}>
          {shortTime(item.submitted_at)}
        </span>
      ),
      text: (item) => dateTime(item.submitted_at),
    },
    {
      key: "waiting",
      title: t("已等待", "Waiting"),
      width: 90,
      align: "right",
      render: (item) => <WaitingTime item={item} answeredAt={list.query.dataUpdatedAt} />,
      text: (item) => item.waiting_s,
    },
    {
      key: "due",
      title: t("距时限", "Time left"),
      width: 110,
      align: "right",
      render: (item) => <DueClock item={item} />,
    },
    {
      key: "claimed",
      title: t("状态", "State"),
      width: 92,
      render: (item) =>
        item.claimed_by ? (
          <span>
            <Badge status="processing" /> {item.claimed_by.name}
          </span>
        ) : (
          <StateTag state={item.state} />
        ),
      text: (item) => item.claimed_by?.name ?? "",
    },
    {
      key: "act",
      title: t("操作", "Action"),
      width: lang === "zh" ? 72 : 94,
      align: "center",
      render: (item) => {
        const busy = opening === item.id;
        const mine = isMine(item);
        const held = item.claimed_by !== null && !mine;
        const step = openStep(item, { read: reads, review: reviews });
        const label = mine
          ? t("继续", "Continue")
          : held || step === "view"
            ? t("查看", "View")
            : step === "claim_review"
              ? t("审核", "Review")
              : t("接诊", "Claim");
        return (
          <Button
            size="small"
            type={mine || (!held && step !== "view") ? "primary" : "default"}
            ghost={item.urgency === "routine" && (mine || (!held && step !== "view"))}
            loading={busy}
            onClick={() => void open(item)}
            aria-label={`${label} ${item.patient.name}`}
          >
            {label}
          </Button>
        );
      },
    },
  ];
  const c = counts.data;
  const tab = (label: string, n: number | undefined) => (
    <span>
      {label} <b className="tm-num">{n ?? ""}</b>
    </span>
  );
  const queues: { value: Queue; label: React.ReactNode }[] = [
    ...(reads ? [{ value: "to_read" as const, label: tab(t("待判读", "To read"), c?.to_read) }] : []),
    ...(reviews ? [{ value: "to_review" as const, label: tab(t("待审核", "To review"), c?.to_review) }] : []),
    { value: "mine", label: tab(t("我的", "Mine"), c?.mine) },
  ];
  return (
    <>
      <PageHeader
        title={t("判读工作台", "Reading worklist")}
        note={
          <>
            {c && c.to_read_stat > 0 ? (
              <Tag variant="solid" color="#cf1322" style={{ marginInlineEnd: 8 }}>
                {t(`危急 ${c.to_read_stat} 例待判读`, `${c.to_read_stat} stat waiting`)}
              </Tag>
            ) : null}
            {c?.oldest_waiting_s !== null && c?.oldest_waiting_s !== undefined
              ? t(`最长已等待 ${span(c.oldest_waiting_s, lang)}`, `Longest wait ${span(c.oldest_waiting_s, lang)}`)
              : null}
          </>
        }
        actions={
          <span className="tm-muted" style={{ display: "inline-flex", alignItems: "center", gap: 8 }}>
            <Badge
              status={live ? "success" : "warning"}
              text={live ? t("实时更新", "Live") : t("每 10 秒刷新", "Every 10 s")}
            />
            <Button
              size="small"
              icon={<ReloadOutlined />}
              aria-label={t("刷新", "Refresh")}
              onClick={() => void Promise.all([list.query.refetch(), counts.refetch()])}
            />
          </span>
        }
      />
      <div className="worklist-filters">
        <Segmented<Queue> value={queue} options={queues} onChange={(value) => setParam("queue", value)} />
        <Select<Urgency>
          aria-label={t("级别", "Level")}
          allowClear
          placeholder={t("全部级别", "All levels")}
          value={urgency}
          onChange={(value) => setParam("urgency", value)}
          style={{ width: 110 }}
          options={(["stat", "urgent", "routine"] as const).map((value) => ({
            value,
            label: t(...URGENCY_WORDS[value]),
          }))}
        />
        <OrganisationSelect value={organisation_id} onChange={(value) => setParam("organisation", value)} width={200} />
        <Input.Search
          allowClear
          aria-label={t("搜索", "Search")}
          placeholder={t("姓名、拼音首字母、检查号", "Name, initials, exam number")}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          style={{ width: 230 }}
        />
      </div>
      <DataTable<ExamItem>
        label={t("判读工作台", "Reading worklist")}
        list={list}
        columns={columns}
        rowKey={(item) => item.id}
        onOpen={(item) => void open(item)}
        rowClassName={(item) =>
          `worklist-${item.urgency}${item.claimed_by && !isMine(item) ? " worklist-claimed" : ""}`
        }
        empty={
          <EmptyState
            text={
              q || urgency || organisation_id
                ? t("没有符合条件的检查。", "No exam matches.")
                : queue === "mine"
                  ? t("您手上没有未完成的检查。", "Nothing on your desk.")
                  : t("都处理完了，新的检查到达会自动出现在这里。", "All done. New exams appear here by themselves.")
            }
          />
        }
      />
    </>
  );
}
