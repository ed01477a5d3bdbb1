import { CheckOutlined } from "@ant-design/icons";
import type { RoleInfo } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { useLang, useT } from "@tianmu/ui/lib/use-lang";
import { Table, Tabs, Tag } from "antd";
import { useRoles } from "./api/use-roles";
import { ACTION_WORDS } from "./lib/action-words";

/** What each role may do, as the policies have it: a catalogue and a matrix. */
export function Page() {
  const t = useT();
  const lang = useLang();
  const roles = useRoles();
  if (roles.isError) return <ErrorState error={roles.error} onRetry={() => void roles.refetch()} />;
  if (!roles.data) return <LoadingState rows={10} />;
  const items = roles.data.items;
  const name = (role: RoleInfo) => (lang === "zh" ? role.name_zh : role.name_en);
  const actions = [...new Set(items.flatMap((role) => role.actions))].sort();
  return (
    <>
      <PageHeader
        title={t("角色权限", "Roles")}
        note={t(
          "权限由策略文件规定，在“人员与账号”中授予",
          "Permissions come from the policies; roles are granted under Staff",
        )}
      />
      <div className="tm-panel" style={{ padding: "0 16px 16px" }}>
        <Tabs
          items={[
            {
              key: "catalogue",
              label: t("角色说明", "Catalogue"),
              children: (
                <Table<RoleInfo>
                  size="small"
                  rowKey="role"
                  pagination={false}
                  dataSource={items}
                  columns={[
                    {
                      title: t("角色", "Role"),
                      width: 150,
                      render: (_, role) => <b style={{ fontWeight: 600 }}>{name(role)}</b>,
                    },
                    {
                      title: t("说明", "What it is for"),
                      render: (_, role) => (lang === "zh" ? role.description_zh : role.description_en),
                    },
                    {
                      title: t("权限数", "Actions"),
                      width: 80,
                      align: "right",
                      render: (_, role) => role.actions.length,
                    },
                    {
                      title: t("互斥角色", "Excludes"),
                      width: 340,
                      render: (_, role) => (
                        <span style={{ display: "flex", gap: 4, flexWrap: "wrap" }}>
                          {role.excludes.map((code) => {
                            const other = items.find((each) => each.role === code);
                            return (
                              <Tag key={code} style={{ margin: 0 }}>
                                {other ? name(other) : code}
                              </Tag>
                            );
                          })}
                        </span>
                      ),
                    },
                  ]}
                />
              ),
            },
            {
              key: "matrix",
              label: t("权限矩阵", "Matrix"),
              children: (
                <Table<{ action: string }>
                  size="small"
                  rowKey="action"
                  pagination={false}
                  sticky={{ offsetHeader: -14 }}
                  scroll={{ x: 220 + items.length * 100 }}
                  dataSource={actions.map((action) => ({ action }))}
                  columns={[
                    {
                      title: t("操作", "Action"),
                      fixed: "left" as const,
                      width: 220,
                      render: (_: unknown, { action }: { action: string }) => {
                        const pair = ACTION_WORDS[action];
                        return (
                          <span title={action}>
                            {pair ? t(...pair) : action}
                            {pair ? (
                              <div className="tm-muted" style={{ fontSize: 11 }}>
                                {action}
                              </div>
                            ) : null}
                          </span>
                        );
                      },
                    },
                    ...items.map((role) => ({
                      key: role.role,
                      title: name(role),
                      align: "center" as const,
                      render: (_: unknown, { action }: { action: string }) =>
                        role.actions.includes(action) ? (
                          <CheckOutlined style={{ color: "#237804" }} aria-label={t("允许", "Allowed")} />
                        ) : (
                          <span className="tm-muted">·</span>
                        ),
                    })),
                  ]}
                />
              ),
            },
          ]}
        />
      </div>
    </>
  );
}
