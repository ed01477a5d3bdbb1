import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import type { AccountBrief, RoleCode } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { dayEnd } from "@tianmu/ui/lib/time";
import { useLang, useT } from "@tianmu/ui/lib/use-lang";
import { Alert, App, Button, DatePicker, Select } from "antd";
import dayjs from "dayjs";
import { useEffect, useState } from "react";
import { OrganisationSelect } from "../../ecg/components/organisation-select";
import { useRoles } from "../../roles/api/use-roles";
import { type RoleGrant, useSetRoles } from "../api/use-set-roles";
import { excludedPairs } from "../lib/account-state";

interface RoleEditorProps {
  account: AccountBrief;
  organisationId: string;
  editable: boolean;
}

const grantsOf = (account: AccountBrief): RoleGrant[] =>
  account.roles.map(({ role, scope_organisation_id, expires_at }) => ({ role, scope_organisation_id, expires_at }));

/** Which roles, over which part of the organisation tree, until when. */
export function RoleEditor({ account, organisationId, editable }: RoleEditorProps) {
  const t = useT();
  const lang = useLang();
  const { message } = App.useApp();
  const roles = useRoles();
  const save = useSetRoles(account.id);
  const [grants, setGrants] = useState(() => grantsOf(account));
  useEffect(() => setGrants(grantsOf(account)), [account]);
  const items = roles.data?.items ?? [];
  const name = (code: string) => {
    const role = items.find((each) => each.role === code);
    return role ? (lang === "zh" ? role.name_zh : role.name_en) : code;
  };
  const conflicts = excludedPairs(
    grants.map((grant) => grant.role),
    items,
  );
  const change = (at: number, part: Partial<RoleGrant>) =>
    setGrants((old) => old.map((grant, i) => (i === at ? { ...grant, ...part } : grant)));
  const dirty = JSON.stringify(grants) !== JSON.stringify(grantsOf(account));
  return (
    <div>
      {grants.length === 0 ? (
        <p className="tm-muted">
          {t("还没有角色，登录后看不到任何功能。", "No roles: nothing is shown after sign-in.")}
        </p>
      ) : null}
      {grants.map((grant, i) => (
        <div key={i} style={{ display: "flex", gap: 6, marginBottom: 8 }}>
          <Select<RoleCode>
            disabled={!editable}
            aria-label={t("角色", "Role")}
            value={grant.role}
            onChange={(role) => change(i, { role })}
            style={{ width: 160 }}
            options={items
              .filter((role) => role.role !== "resident")
              .map((role) => ({ value: role.role, label: name(role.role) }))}
          />
          {editable ? (
            <OrganisationSelect
              value={grant.scope_organisation_id}
              allowClear={false}
              onChange={(id) => id && change(i, { scope_organisation_id: id })}
              width={200}
            />
          ) : (
            <span style={{ width: 200 }}>{account.roles[i]?.scope_organisation_name}</span>
          )}
          <DatePicker
            disabled={!editable}
            aria-label={t("有效期至", "Until")}
            placeholder={t("长期有效", "No end")}
            value={grant.expires_at ? dayjs(grant.expires_at) : null}
            disabledDate={(date) => date.isBefore(dayjs(), "day")}
            onChange={(date) => change(i, { expires_at: date ? dayEnd(date.format("YYYY-MM-DD")) : null })}
            style={{ width: 140 }}
          />
          {editable ? (
            <Button
              icon={<DeleteOutlined />}
              aria-label={t(`移除 ${name(grant.role)}`, `Remove ${name(grant.role)}`)}
              onClick={() => setGrants((old) => old.filter((_, n) => n !== i))}
            />
          ) : null}
        </div>
      ))}
      {conflicts.length > 0 ? (
        <Alert
          type="error"
          showIcon
          style={{ marginBottom: 8 }}
          title={t(
            `不能同时拥有：${conflicts.map(([a, b]) => `${name(a)} 与 ${name(b)}`).join("；")}`,
            `May not be held together: ${conflicts.map(([a, b]) => `${name(a)} and ${name(b)}`).join("; ")}`,
          )}
        />
      ) : null}
      {save.isError ? (
        <div style={{ marginBottom: 8 }}>
          <ErrorState error={save.error} />
        </div>
      ) : null}
      {editable ? (
        <div style={{ display: "flex", gap: 8 }}>
          <Button
            icon={<PlusOutlined />}
            onClick={() =>
              setGrants((old) => [
                ...old,
                { role: "clinician", scope_organisation_id: organisationId, expires_at: null },
              ])
            }
          >
            {t("添加角色", "Add a role")}
          </Button>
          <Button
            type="primary"
            disabled={!dirty || conflicts.length > 0}
            loading={save.isPending}
            onClick={() => save.mutate(grants, { onSuccess: () => message.success(t("角色已保存", "Roles saved")) })}
          >
            {t("保存角色", "Save roles")}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
