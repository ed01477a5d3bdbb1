import { PlusOutlined } from "@ant-design/icons";
import { EmptyState } from "@tianmu/ui/empty-state";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Input, Tree } from "antd";
import { useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { can } from "../../app/permissions";
import { useMe } from "../session/session-context";
import { useOrganisations } from "./api/use-organisations";
import { NewOrganisation } from "./components/new-organisation";
import { OrganisationDetail } from "./components/organisation-detail";
import { filterTree, type OrganisationNode, organisationTree } from "./lib/tree";

function keysOf(nodes: OrganisationNode[]): string[] {
  return nodes.flatMap((node) => [node.key, ...keysOf(node.children)]);
}

export function Page() {
  const t = useT();
  const me = useMe();
  const manages = can(me, "editOrganisations");
  const organisations = useOrganisations();
  const [params, setParams] = useSearchParams();
  const [search, setSearch] = useState("");
  const [expanded, setExpanded] = useState<string[] | null>(null);
  const [adding, setAdding] = useState(false);
  const items = organisations.data?.items;
  const tree = useMemo(() => organisationTree(items ?? []), [items]);
  const shown = useMemo(() => filterTree(tree, search), [tree, search]);
  const chosen = items?.find((each) => each.id === params.get("id")) ?? tree[0]?.organisation;
  if (organisations.isError)
    return <ErrorState error={organisations.error} onRetry={() => void organisations.refetch()} />;
  if (!items) return <LoadingState rows={12} />;
  // A search opens everything it finds; otherwise two levels stand open.
  const open = search.trim()
    ? keysOf(shown)
    : (expanded ?? tree.flatMap((node) => [node.key, ...node.children.map((child) => child.key)]));
  return (
    <>
      <PageHeader
        title={t("组织机构", "Organisations")}
        note={t(`共 ${items.length} 个机构`, `${items.length} organisations`)}
      />
      <div style={{ display: "flex", gap: 12, alignItems: "flex-start" }}>
        <div className="tm-panel" style={{ width: 330, flex: "none", padding: 10 }}>
          <Input.Search
            allowClear
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            placeholder={t("名称或编码", "Name or code")}
            aria-label={t("查找机构", "Find an organisation")}
          />
          <div style={{ marginTop: 8 }}>
            {shown.length === 0 ? (
              <EmptyState text={t("没有找到", "Not found")} />
            ) : (
              <Tree<OrganisationNode>
                aria-label={t("机构树", "Organisation tree")}
                treeData={shown}
                height={560}
                blockNode
                selectedKeys={chosen ? [chosen.id] : []}
                expandedKeys={open}
                onExpand={(keys) => setExpanded(keys.map(String))}
                onSelect={(keys) => keys[0] && setParams({ id: String(keys[0]) }, { replace: true })}
                titleRender={(node) => (
                  <span className={node.organisation.active ? undefined : "tm-muted"}>
                    {node.title}
                    {node.children.length > 0 ? <span className="tm-muted"> {node.children.length}</span> : null}
                    {node.organisation.active ? "" : t("（停用）", " (inactive)")}
                  </span>
                )}
              />
            )}
          </div>
        </div>
        <div style={{ flex: 1, minWidth: 0 }}>
          {chosen ? (
            <OrganisationDetail
              key={chosen.id}
              organisation={chosen}
              editable={manages}
              departmentsEditable={manages || can(me, "manageStaff")}
              extra={
                manages ? (
                  <Button icon={<PlusOutlined />} onClick={() => setAdding(true)}>
                    {t("新增下级机构", "Add below")}
                  </Button>
                ) : null
              }
            />
          ) : (
            <EmptyState text={t("没有机构", "No organisation")} />
          )}
        </div>
      </div>
      {adding && chosen ? (
        <NewOrganisation
          parent={chosen}
          onClose={() => setAdding(false)}
          onCreated={(id) => {
            setAdding(false);
            setParams({ id }, { replace: true });
          }}
        />
      ) : null}
    </>
  );
}
