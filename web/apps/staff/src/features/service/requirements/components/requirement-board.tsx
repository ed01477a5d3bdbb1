import type { RequirementItem } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { dateTime } from "@tianmu/ui/lib/time";
import type { KeysetState } from "@tianmu/ui/lib/use-keyset";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Skeleton, Tag } from "antd";
import { type KeyboardEvent, useRef } from "react";
import { Link } from "react-router";
import { DueCell } from "../../components/due-cell";
import { yuan } from "../../lib/money";
import { itemWord } from "../../lib/words";
import { type RequirementFilter, useRequirements } from "../api/use-requirements";
import { neighbour } from "../lib/neighbour";
import { BOARD, STATE_WORDS } from "../lib/words";
import "./requirement-board.css";

/** Requirements by state, in columns; arrow keys walk the cards, Enter opens one. */
export function RequirementBoard({ filter }: { filter: RequirementFilter }) {
  const t = useT();
  const root = useRef<HTMLDivElement>(null);
  const walk = (event: KeyboardEvent) => {
    const card = (event.target as HTMLElement).closest<HTMLElement>("[data-card]");
    const columns = [...(root.current?.querySelectorAll<HTMLElement>("[data-column]") ?? [])];
    const cards = columns.map((column) => [...column.querySelectorAll<HTMLElement>("[data-card]")]);
    const column = card ? cards.findIndex((all) => all.includes(card)) : -1;
    if (!card || column < 0) return;
    const row = cards[column]?.indexOf(card) ?? 0;
    const next = neighbour(
      cards.map((all) => all.length),
      { column, row },
      event.key,
    );
    if (!next) return;
    event.preventDefault();
    cards[next.column]?.[next.row]?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys move between the links inside, which are what is operated
    <div className="requirement-board" ref={root} onKeyDown={walk}>
      {BOARD.map((column) => (
        <Column key={column.key} title={t(...column.words)} filter={{ ...filter, state: column.states }} />
      ))}
    </div>
  );
}

function Column({ title, filter }: { title: string; filter: RequirementFilter }) {
  const t = useT();
  const list: KeysetState<RequirementItem> = useRequirements(filter);
  const { items, query } = list;
  return (
    <section aria-label={title} data-column>
      <h2>
        {title}{" "}
        <span className="tm-muted tm-num">
          {list.hasNext || list.page > 1 ? t(`第${list.page}页`, `page ${list.page}`) : items.length}
        </span>
      </h2>
      {query.isError ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.isPending ? <Skeleton active title={false} paragraph={{ rows: 3 }} /> : null}
      {!query.isPending && items.length === 0 && !query.isError ? (
        <p className="tm-muted">{t("没有", "None")}</p>
      ) : null}
      {items.map((item) => (
        <Card key={item.id} item={item} several={(filter.state ?? "").includes(",")} />
      ))}
      {list.hasNext || list.page > 1 ? (
        <div className="requirement-board-pages">
          <Button size="small" disabled={list.page === 1} onClick={list.previous}>
            {t("上一页", "Previous")}
          </Button>
          <Button size="small" disabled={!list.hasNext} onClick={list.next}>
            {t("下一页", "Next")}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function Card({ item, several }: { item: RequirementItem; several: boolean }) {
  const t = useT();
  return (
    <Link to={`/service/requirements/${item.id}`} className="requirement-card" data-card>
      <span className="requirement-card-title">{item.title}</span>
      <span className="tm-muted">
        {item.organisation_name} · {t(...itemWord(item.item_code))}
      </span>
      <span className="tm-muted tm-num">
        {item.number} · {dateTime(item.received_at)}
      </span>
      <span className="requirement-card-marks">
        {several ? <Tag>{t(...(STATE_WORDS[item.state] ?? ["", ""]))}</Tag> : null}
        {item.kind === "complex" ? <Tag color="blue">{t("复杂", "Complex")}</Tag> : null}
        {item.missed_count > 0 ? (
          <Tag color="red">{t(`未按期 ${item.missed_count} 次`, `${item.missed_count} missed`)}</Tag>
        ) : null}
        {item.complained ? <Tag color="volcano">{t("投诉", "Complaint")}</Tag> : null}
        {item.penalty_cents ? (
          <Tag color="gold">{t(`${yuan(item.penalty_cents)} 元`, `${yuan(item.penalty_cents)} yuan`)}</Tag>
        ) : null}
        {item.next_due_at || item.blocked ? <DueCell due={item.next_due_at} blocked={item.blocked} /> : null}
      </span>
    </Link>
  );
}
