import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Collapse, Table, Tag } from "antd";
import { useChecklists } from "../api/use-checklists";
import { rangeText } from "../lib/words";

/** What is looked at, by type of equipment, with method, normal range and its source. */
export function ChecklistView() {
  const t = useT();
  const lists = useChecklists();
  if (lists.isError) return <ErrorState error={lists.error} onRetry={() => void lists.refetch()} />;
  if (!lists.data) return <LoadingState />;
  return (
    <>
      {lists.data.map((list) => (
        <section key={list.code} style={{ marginBottom: 16 }}>
          <h2 style={{ fontSize: 15, margin: "0 0 4px" }}>{t(list.name_zh, list.name_en)}</h2>
          <p className="tm-muted" style={{ margin: "0 0 8px" }}>
            {t("版本", "Edition")} {list.edition} · {t("启用", "In force")} {list.in_force} · {list.source}
          </p>
          <Collapse
            size="small"
            items={list.equipment.map((kind) => ({
              key: kind.code,
              label: `${t(kind.name_zh, kind.name_en)}（${kind.items.length}）`,
              extra: <span className="tm-muted">{kind.clause}</span>,
              children: (
                <Table
                  size="small"
                  pagination={false}
                  rowKey="code"
                  dataSource={kind.items}
                  columns={[
                    {
                      key: "item",
                      title: t("检查项目", "Item"),
                      width: 220,
                      render: (_, item) => (
                        <>
                          {t(item.zh, item.en)}{" "}
                          {item.quarterly ? <Tag color="blue">{t("季度", "Quarterly")}</Tag> : null}
                          {item.monitoring ? <Tag>{t("可由监控采集", "Monitored")}</Tag> : null}
                        </>
                      ),
                    },
                    {
                      key: "method",
                      title: t("方法", "Method"),
                      render: (_, item) => t(item.method_zh, item.method_en),
                    },
                    {
                      key: "range",
                      title: t("单位与正常范围", "Unit, range"),
                      width: 150,
                      render: (_, item) => rangeText(item),
                    },
                    { key: "source", title: t("依据", "Source"), width: 260, render: (_, item) => item.source ?? "" },
                  ]}
                />
              ),
            }))}
          />
        </section>
      ))}
    </>
  );
}
