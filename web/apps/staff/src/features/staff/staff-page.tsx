import { UserAddOutlined } from "@ant-design/icons";
import type { Staff } from "@tianmu/api/wire";
import { DataTable } from "@tianmu/ui/data-table";
import { PageHeader } from "@tianmu/ui/page-header";
import { dateTime } from "@tianmu/ui/lib/time";
import { useDebounced } from "@tianmu/ui/lib/use-debounced";
import { useLang, useT } from "@tianmu/ui/lib/use-lang";
import { Button, Input, Select, Tag } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { can } from "../../app/permissions";
import { OrganisationSelect } from "../ecg/components/organisation-select";
import { useRoles } from "../roles/api/use-roles";
import { useMe } from "../session/session-context";
import { useStaffList } from "./api/use-staff-list";
import { AccountTag } from "./components/account-tag";
import { StaffDrawer } from "./components/staff-drawer";
import { StaffForm } from "./components/staff-form";

export function Page() {
  const t = useT();
  const lang = useLang();
  const me = useMe();
  const [params, setParams] = useSearchParams();
  const [search, setSearch] = useState("");
  const [creating, setCreating] = useState(false);
  const q = useDebounced(search.trim());
  const organisation_id = params.get("organisation") ?? undefined;
  const active = params.get("active");
  const list = useStaffList({
    q: q || undefined,
    organisation_id,
    active: active === null ? undefined : active === "true",
  });
  const roles = useRoles();
  const roleName = (code: string) => {
    const role = roles.data?.items.find((each) => each.role === code);
    return role ? (lang === "zh" ? role.name_zh : role.name_en) : code;
  };
  const set = (name: string, value: string | undefined) =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  return (
    <>
      <PageHeader
        title={t("人员与账号", "Staff and accounts")}
        actions={
          can(me, "manageStaff") ? (
            <Button type="primary" icon={<UserAddOutlined />} onClick={() => setCreating(true)}>
              {t("新增人员", "New staff")}
            </Button>
          ) : null
        }
      />
      <div style={{ display: "flex", gap: 8, marginBottom: 10, flexWrap: "wrap" }}>
        <Input.Search
          allowClear
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          placeholder={t("姓名、拼音首字母或登录名", "Name, initials or login name")}
          aria-label={t("查找人员", "Find staff")}
          style={{ width: 260 }}
        />
        <OrganisationSelect value={organisation_id} onChange={(value) => set("organisation", value)} width={220} />
        <Select<string>
          allowClear
          aria-label={t("在职状态", "Active")}
          placeholder={t("全部", "All")}
          value={active ?? undefined}
          onChange={(value) => set("active", value)}
          style={{ width: 110 }}
          options={[
            { value: "true", label: t("在职", "Active") },
            { value: "false", label: t("已离职", "Left") },
          ]}
        />
      </div>
      <DataTable<Staff>
        label={t("人员列表", "Staff")}
        list={list}
        rowKey={(staff) => staff.id}
        exportName={t("人员", "staff")}
        onOpen={(staff) => set("staff", staff.id)}
        empty={t("没有符合条件的人员。", "No staff match.")}
        columns={[
          {
            key: "name",
            title: t("姓名", "Name"),
            width: 110,
            render: (s) => <b style={{ fontWeight: 600 }}>{s.name}</b>,
            text: (s) => s.name,
          },
          { key: "title", title: t("职称", "Title"), width: 110, render: (s) => s.title ?? "—", text: (s) => s.title },
          {
            key: "organisation",
            title: t("机构", "Organisation"),
            width: 170,
            ellipsis: true,
            render: (s) => s.organisation.name,
            text: (s) => s.organisation.name,
          },
          {
            key: "department",
            title: t("科室", "Department"),
            width: 110,
            ellipsis: true,
            render: (s) => s.department?.name ?? "—",
            text: (s) => s.department?.name,
          },
          {
            key: "login",
            title: t("登录名", "Login name"),
            width: 120,
            render: (s) => s.account?.login_name ?? "—",
            text: (s) => s.account?.login_name,
          },
          { key: "account", title: t("账号", "Account"), width: 90, render: (s) => <AccountTag account={s.account} /> },
          {
            key: "roles",
            title: t("角色", "Roles"),
            render: (s) => (
              <span style={{ display: "flex", gap: 4, flexWrap: "wrap" }}>
                {s.account?.roles.map((grant) => (
                  <Tag
                    key={`${grant.role}/${grant.scope_organisation_id}`}
                    style={{ margin: 0 }}
                    title={grant.scope_organisation_name}
                  >
                    {roleName(grant.role)}
                  </Tag>
                ))}
              </span>
            ),
            text: (s) =>
              s.account?.roles.map((grant) => `${roleName(grant.role)}@${grant.scope_organisation_name}`).join("；"),
          },
          {
            key: "last",
            title: t("最近登录", "Last sign-in"),
            width: 140,
            render: (s) => <span className="tm-num">{dateTime(s.account?.last_sign_in_at)}</span>,
            text: (s) => dateTime(s.account?.last_sign_in_at),
          },
        ]}
      />
      <StaffDrawer id={params.get("staff")} onClose={() => set("staff", undefined)} />
      {creating ? (
        <StaffForm
          staff={null}
          organisationId={organisation_id}
          onClose={() => setCreating(false)}
          onSaved={(id) => {
            setCreating(false);
            set("staff", id);
          }}
        />
      ) : null}
    </>
  );
}
