import type { InspectionLine } from "@tianmu/api/wire";
import { EmptyState } from "@tianmu/ui/empty-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Link } from "react-router";
import { KIND_WORDS } from "../lib/words";
import { atHand } from "../lib/year";
import { DueTag, StateTag } from "./tags";

/** The plan on a telephone: only what is to be done now, one below the other. */
export function AtHand({ lines, today }: { lines: InspectionLine[]; today: string }) {
  const t = useT();
  const list = atHand(lines, today);
  if (list.length === 0) return <EmptyState text={t("现在没有要做的巡检。", "Nothing to inspect now.")} />;
  return (
    <ul className="at-hand">
      {list.map((line) => (
        <li key={line.id}>
          <Link
            to={
              line.state === "in_progress" ? `/service/inspections/${line.id}/fill` : `/service/inspections/${line.id}`
            }
            className="tm-panel"
          >
            <b>{t(...KIND_WORDS[line.kind])}</b>
            <span>
              <StateTag state={line.state} /> <DueTag line={line} />
            </span>
            <small className="tm-muted">
              {t(`${line.due} 前`, `Due ${line.due}`)} · {line.assignee_name ?? t("未指派", "unassigned")}
              {line.items > 0 ? ` · ${line.answered}/${line.items}` : ""}
            </small>
          </Link>
        </li>
      ))}
    </ul>
  );
}
