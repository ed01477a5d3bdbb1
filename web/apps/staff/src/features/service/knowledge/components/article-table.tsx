import type { ArticleItem } from "@tianmu/api/wire";
import { type DataColumn, DataTable } from "@tianmu/ui/data-table";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Tag } from "antd";
import { useNavigate } from "react-router";
import { StateTag } from "../../components/state-tag";
import { itemWord } from "../../lib/words";
import { type ArticleFilter, useArticles } from "../api/use-articles";
import { STATE_WORDS } from "../lib/words";

/** Articles as a list, the last changed first. */
export function ArticleTable({ filter, edits }: { filter: ArticleFilter; edits: boolean }) {
  const t = useT();
  const navigate = useNavigate();
  const list = useArticles(filter);
  const items = (a: ArticleItem) => a.item_codes.map((code) => t(...itemWord(code))).join("、") || t("通用", "General");
  const columns: DataColumn<ArticleItem>[] = [
    {
      key: "number",
      title: t("编号", "Number"),
      width: 140,
      render: (a) => <span className="tm-num">{a.number}</span>,
      text: (a) => a.number,
    },
    {
      key: "title",
      title: t("标题", "Title"),
      render: (a) => (
        <>
          {a.title}{" "}
          {a.tags.map((tag) => (
            <Tag key={tag}>{tag}</Tag>
          ))}
          {a.audience === "provider" ? <Tag color="purple">{t("内部", "Internal")}</Tag> : null}
          {a.stale ? <Tag color="orange">{t("待复核", "Stale")}</Tag> : null}
        </>
      ),
      text: (a) => a.title,
    },
    { key: "items", title: t("系统", "Systems"), width: 150, ellipsis: true, render: items, text: items },
    ...(edits
      ? [
          {
            key: "state",
            title: t("状态", "State"),
            width: 130,
            render: (a: ArticleItem) => (
              <>
                <StateTag state={a.state} words={STATE_WORDS} />
                {a.state !== "published" && a.version > 0 ? (
                  <span className="tm-muted">{t(`第${a.version}版在线`, `v${a.version} online`)}</span>
                ) : null}
              </>
            ),
            text: (a: ArticleItem) => t(...STATE_WORDS[a.state]),
          },
        ]
      : []),
    {
      key: "used",
      title: t("解决工单", "Solved"),
      width: 80,
      align: "right",
      render: (a) => <span className="tm-num">{a.used}</span>,
      text: (a) => a.used,
    },
    {
      key: "helpful",
      title: t("有用 / 无用", "Helped / not"),
      width: 100,
      align: "right",
      render: (a) => (
        <span className="tm-num">
          {a.helpful} / {a.unhelpful}
        </span>
      ),
      text: (a) => `${a.helpful} / ${a.unhelpful}`,
    },
    { key: "author", title: t("作者", "Author"), width: 90, render: (a) => a.author_name, text: (a) => a.author_name },
    {
      key: "updated",
      title: t("更新时间", "Changed"),
      width: 132,
      render: (a) => <span className="tm-num">{dateTime(a.updated_at)}</span>,
      text: (a) => dateTime(a.updated_at),
    },
  ];
  return (
    <DataTable
      list={list}
      columns={columns}
      rowKey={(a) => a.id}
      label={t("知识库", "Knowledge base")}
      exportName={t("知识库", "knowledge")}
      empty={t("还没有知识条目。", "No article yet.")}
      onOpen={(a) => navigate(`/service/knowledge/${a.id}`)}
      scrollX={1000}
    />
  );
}
