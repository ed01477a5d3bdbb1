import { PlusOutlined } from "@ant-design/icons";
import type { ArticleState } from "@tianmu/api/wire";
import { EmptyState } from "@tianmu/ui/empty-state";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { PageHeader } from "@tianmu/ui/page-header";
import { useDebounced } from "@tianmu/ui/lib/use-debounced";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Checkbox, Input, Select } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { can } from "../../../app/permissions";
import { useMe } from "../../session/session-context";
import { ItemSelect } from "../components/item-select";
import { useFilters } from "../lib/use-filters";
import { useTicket } from "../tickets/api/use-ticket";
import { useCreateArticle } from "./api/use-create-article";
import { useSearchArticles } from "./api/use-search-articles";
import { ArticleForm } from "./components/article-form";
import { ArticleTable } from "./components/article-table";
import { Misses } from "./components/misses";
import { SearchHit } from "./components/search-hit";
import { STATE_WORDS } from "./lib/words";

export function Page() {
  const t = useT();
  const me = useMe();
  const [params, set] = useFilters();
  const [search, setSearch] = useState(params.get("q") ?? "");
  const [asked, setAsked] = useState(search.trim());
  const edits = can(me, "editKnowledge");
  const [writing, setWriting] = useState<{ title?: string } | null>(null);
  const [missing, setMissing] = useState(false);
  const from = edits ? params.get("from") : null;
  const item = params.get("item") ?? undefined;
  // What is typed is shown at once as suggestions would be; only what is entered counts as asked for.
  const typed = useDebounced(search.trim());
  const q = typed || asked;
  const found = useSearchArticles({ q, item, suggestion: q !== asked });
  const ask = (text: string) => {
    setAsked(text.trim());
    set({ q: text.trim() || undefined });
  };
  return (
    <>
      <PageHeader
        title={t("知识库", "Knowledge base")}
        actions={
          edits ? (
            <>
              <Button onClick={() => setMissing(true)}>{t("没搜到的内容", "Not found")}</Button>
              <Button type="primary" icon={<PlusOutlined />} onClick={() => setWriting({})}>
                {t("编写条目", "Write an article")}
              </Button>
            </>
          ) : null
        }
      />
      <div className="service-filters">
        <Input.Search
          allowClear
          autoFocus
          enterButton={t("搜索", "Search")}
          aria-label={t("搜索", "Search")}
          placeholder={t("遇到什么问题？例如：打印没有反应", "What is wrong? Words as you would say it")}
          value={search}
          onChange={(e) => {
            setSearch(e.target.value);
            if (!e.target.value.trim()) ask("");
          }}
          onSearch={ask}
          style={{ maxWidth: 460, flex: "1 1 260px" }}
        />
        <ItemSelect value={item} onChange={(value) => set({ item: value })} />
        {edits && !q ? (
          <>
            <Select
              allowClear
              placeholder={t("全部状态", "All states")}
              aria-label={t("状态", "State")}
              value={params.get("state") ?? undefined}
              onChange={(value: string | undefined) => set({ state: value })}
              style={{ width: 120 }}
              options={Object.entries(STATE_WORDS).map(([value, words]) => ({ value, label: t(...words) }))}
            />
            <Checkbox
              checked={params.get("mine") === "1"}
              onChange={(e) => set({ mine: e.target.checked ? "1" : undefined })}
              style={{ alignSelf: "center" }}
            >
              {t("我写的", "Mine")}
            </Checkbox>
            <Checkbox
              checked={params.get("stale") === "1"}
              onChange={(e) => set({ stale: e.target.checked ? "1" : undefined })}
              style={{ alignSelf: "center" }}
            >
              {t("发布超过一年", "Older than a year")}
            </Checkbox>
          </>
        ) : null}
      </div>
      {q ? (
        <>
          {found.isError ? <ErrorState error={found.error} onRetry={() => void found.refetch()} /> : null}
          {found.isPending ? <LoadingState rows={4} /> : null}
          {found.data?.map((article) => (
            <SearchHit key={article.id} article={article} />
          ))}
          {found.data?.length === 0 ? (
            <EmptyState
              text={t("没有找到。换一种说法，或直接报障。", "Nothing found. Say it otherwise, or open a ticket.")}
            />
          ) : null}
          {can(me, "openTickets") ? (
            <p className="tm-muted">
              {t("没有解决？", "Not solved?")}{" "}
              <Link to={`/service/tickets?new=${encodeURIComponent(q)}`}>{t("报障", "Open a ticket")}</Link>
            </p>
          ) : null}
        </>
      ) : (
        <ArticleTable
          edits={edits}
          filter={{
            item_code: item,
            state: (params.get("state") as ArticleState | null) ?? undefined,
            mine: params.get("mine") === "1" || undefined,
            stale: params.get("stale") === "1" || undefined,
          }}
        />
      )}
      {missing ? (
        <Misses
          close={() => setMissing(false)}
          write={(title) => {
            setMissing(false);
            setWriting({ title });
          }}
        />
      ) : null}
      {writing ? <NewArticle title={writing.title} close={() => setWriting(null)} /> : null}
      {from ? <FromTicket id={from} close={() => set({ from: undefined })} /> : null}
    </>
  );
}

/** Begins an article with what a ticket tells. */
function FromTicket({ id, close }: { id: string; close: () => void }) {
  const ticket = useTicket(id).data;
  if (!ticket) return null;
  return (
    <NewArticle
      ticketId={id}
      title={ticket.title}
      symptom={ticket.description}
      cause={ticket.cause ?? ""}
      solution={ticket.solution ?? ""}
      item_codes={ticket.item_code ? [ticket.item_code] : []}
      close={close}
    />
  );
}

interface NewArticleProps {
  ticketId?: string;
  title?: string;
  symptom?: string;
  cause?: string;
  solution?: string;
  item_codes?: string[];
  close: () => void;
}

function NewArticle({ ticketId, close, ...initial }: NewArticleProps) {
  const t = useT();
  const navigate = useNavigate();
  const create = useCreateArticle();
  return (
    <ArticleForm
      heading={t("编写知识条目", "Write an article")}
      initial={initial}
      save={async (article) => {
        const made = await create.mutateAsync({ ...article, source_ticket_id: ticketId ?? null });
        navigate(`/service/knowledge/${made.id}`);
      }}
      close={close}
    />
  );
}
