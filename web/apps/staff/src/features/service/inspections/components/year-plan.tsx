import type { InspectionLine } from "@tianmu/api/wire";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Link } from "react-router";
import { KIND_WORDS, STATE_WORDS } from "../lib/words";
import { yearOf } from "../lib/year";
import { DueTag } from "./tags";
import "./year-plan.css";

/** The term as a table: kinds down, months across, each inspection with its date, state and progress. */
export function YearPlan({ lines, thisMonth }: { lines: InspectionLine[]; thisMonth: string }) {
  const t = useT();
  const year = yearOf(lines);
  return (
    <div className="year-plan tm-panel">
      <table aria-label={t("年度巡检计划", "Plan of the term")}>
        <thead>
          <tr>
            <th scope="col">{t("巡检", "Inspection")}</th>
            {year.months.map((month) => (
              <th key={month} scope="col" className={month === thisMonth ? "year-now" : undefined}>
                {month.endsWith("-01") || month === year.months[0] ? (
                  <small className="year-of">{month.slice(0, 4)}</small>
                ) : null}
                {t(`${Number(month.slice(5))}月`, month.slice(5))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {year.rows.map((row) => (
            <tr key={row.kind}>
              <th scope="row">{t(...KIND_WORDS[row.kind])}</th>
              {row.cells.map((cell, n) => (
                <td key={year.months[n]} className={year.months[n] === thisMonth ? "year-now" : undefined}>
                  {cell.map((line) => (
                    <Link
                      key={line.id}
                      to={`/service/inspections/${line.id}`}
                      className={`year-cell year-${line.late ? "late" : line.state}`}
                      title={`${line.number} ${line.assignee_name ?? t("未指派", "unassigned")}`}
                    >
                      <b className="tm-num">{t(`${Number(line.due.slice(8))}日`, line.due.slice(5))}</b>
                      <span>{t(...STATE_WORDS[line.state])}</span>
                      {line.items > 0 && line.state === "in_progress" ? (
                        <span className="tm-num">{Math.floor((100 * line.answered) / line.items)}%</span>
                      ) : null}
                      {line.abnormal > 0 ? (
                        <span>{t(`异常 ${line.abnormal}`, `${line.abnormal} abnormal`)}</span>
                      ) : null}
                      <DueTag line={line} />
                      {line.paper_due && line.submitted_at && !line.paper_delivered_on ? (
                        <span className="year-paper">{t("欠纸质报告", "Paper owed")}</span>
                      ) : null}
                    </Link>
                  ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
