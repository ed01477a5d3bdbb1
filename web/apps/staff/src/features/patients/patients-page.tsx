import { UserAddOutlined } from "@ant-design/icons";
import type { PatientBrief, Sex } from "@tianmu/api/wire";
import { DataTable } from "@tianmu/ui/data-table";
import { EmptyState } from "@tianmu/ui/empty-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { sexText } from "@tianmu/ui/patient-words";
import { useDebounced } from "@tianmu/ui/lib/use-debounced";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, DatePicker, Input, Select } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { can } from "../../app/permissions";
import { useMe } from "../session/session-context";
import { usePatients } from "./api/use-patients";

export function Page() {
  const t = useT();
  const me = useMe();
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const [search, setSearch] = useState(params.get("q") ?? "");
  const q = useDebounced(search.trim());
  const birth_date = params.get("birth_date") ?? undefined;
  const sex = (params.get("sex") as Sex | null) ?? undefined;
  const list = usePatients({ q: q || undefined, birth_date, sex });
  const setParam = (name: string, value: string | undefined) =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  const register = (
    <Link to="/patients/new">
      <Button type="primary" icon={<UserAddOutlined />}>
        {t("登记患者", "Register a patient")}
      </Button>
    </Link>
  );
  return (
    <>
      <PageHeader title={t("患者查询", "Find patients")} actions={can(me, "registerPatient") ? register : null} />
      <div style={{ display: "flex", gap: 8, marginBottom: 10, flexWrap: "wrap" }}>
        <Input.Search
          allowClear
          autoFocus
          aria-label={t("查找患者", "Find a patient")}
          placeholder={t("姓名、拼音首字母、证件号、手机号或档案号", "Name, initials, ID, phone or record number")}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onSearch={(text) => setParam("q", text.trim() || undefined)}
          style={{ width: 360 }}
        />
        <DatePicker
          aria-label={t("出生日期", "Birth date")}
          placeholder={t("出生日期", "Birth date")}
          format={["YYYY-MM-DD", "YYYYMMDD"]}
          value={birth_date ? dayjs(birth_date) : null}
          onChange={(date) => setParam("birth_date", date?.format("YYYY-MM-DD"))}
        />
        <Select<Sex>
          aria-label={t("性别", "Sex")}
          allowClear
          placeholder={t("性别", "Sex")}
          value={sex}
          onChange={(value) => setParam("sex", value)}
          style={{ width: 90 }}
          options={(["male", "female", "unknown"] as const).map((value) => ({ value, label: sexText(value, t) }))}
        />
      </div>
      <DataTable<PatientBrief>
        label={t("患者列表", "Patients")}
        list={list}
        rowKey={(patient) => patient.id}
        onOpen={(patient) => navigate(`/patients/${patient.merged_into ?? patient.id}`)}
        columns={[
          {
            key: "name",
            title: t("姓名", "Name"),
            width: 130,
            render: (p) => <Link to={`/patients/${p.merged_into ?? p.id}`}>{p.name}</Link>,
          },
          { key: "sex", title: t("性别", "Sex"), width: 60, render: (p) => sexText(p.sex, t) },
          {
            key: "age",
            title: t("年龄", "Age"),
            width: 80,
            render: (p) => <span className="tm-num">{p.age_text}</span>,
          },
          {
            key: "birth",
            title: t("出生日期", "Born"),
            width: 110,
            render: (p) => <span className="tm-num">{p.birth_date ?? "—"}</span>,
          },
          {
            key: "identifier",
            title: t("证件号", "ID number"),
            width: 190,
            render: (p) => <span className="tm-num">{p.identifier_masked ?? "—"}</span>,
          },
          {
            key: "phone",
            title: t("电话", "Phone"),
            width: 130,
            render: (p) => <span className="tm-num">{p.phone_masked ?? "—"}</span>,
          },
          {
            key: "organisation",
            title: t("建档机构", "Registered at"),
            ellipsis: true,
            render: (p) => p.organisation_name,
          },
        ]}
        empty={
          <EmptyState
            text={
              q || birth_date || sex
                ? t("没有找到这样的患者。", "No such patient.")
                : t("还没有患者档案。", "No patients yet.")
            }
            action={can(me, "registerPatient") ? register : undefined}
          />
        }
      />
    </>
  );
}
