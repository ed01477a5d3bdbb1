import type { Inspection, InspectionEquipmentType, InspectionItem, InspectionUnit } from "@tianmu/api/wire";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Tooltip } from "antd";
import { rangeText, VERDICT_WORDS, WHY_WORDS } from "../lib/words";
import "./result-matrix.css";

/** As on paper: items down, units across, one table for each type of equipment. */
export function ResultMatrix({ inspection }: { inspection: Inspection }) {
  return (
    <>
      {inspection.checklists.map((list) => (
        <TypeTable
          key={list.code}
          list={list}
          units={inspection.unit_list.filter((unit) => unit.type_code === list.code)}
        />
      ))}
    </>
  );
}

function TypeTable({ list, units }: { list: InspectionEquipmentType; units: InspectionUnit[] }) {
  const t = useT();
  return (
    <section className="result-type">
      <h3>
        {t(list.name_zh, list.name_en)} <small className="tm-muted">{list.clause}</small>
      </h3>
      <div className="result-scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{t("检查项目", "Item")}</th>
              {units.map((unit) => (
                <th key={unit.id} scope="col" title={[unit.serial_number, unit.place].filter(Boolean).join(" · ")}>
                  {unit.label}
                  {unit.organisation_name || unit.place ? (
                    <small className="tm-muted">{unit.organisation_name ?? unit.place}</small>
                  ) : null}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {list.items.map((item) => (
              <tr key={item.code}>
                <th scope="row" title={t(item.method_zh, item.method_en)}>
                  {t(item.zh, item.en)} <small className="tm-muted">{rangeText(item)}</small>
                </th>
                {units.map((unit) => (
                  <Cell key={unit.id} unit={unit} item={item} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Cell({ unit, item }: { unit: InspectionUnit; item: InspectionItem }) {
  const t = useT();
  if (unit.skip_reason)
    return (
      <td className="tm-muted" title={unit.skip_reason}>
        {t("未检", "Skipped")}
      </td>
    );
  const answer = unit.answers[item.code];
  const open = unit.open.find((each) => each.code === item.code);
  if (!answer) return <td className="result-open">·</td>;
  const mark =
    answer.verdict === "abnormal"
      ? "×"
      : answer.verdict === "not_applicable"
        ? t("不适用", "n/a")
        : answer.value
          ? ""
          : "√";
  const about = [
    t(...VERDICT_WORDS[answer.verdict]),
    answer.remark,
    answer.source === "monitoring"
      ? t(
          `监控 ${answer.source_name ?? ""} ${dateTime(answer.measured_at)}`,
          `measured by ${answer.source_name ?? ""} ${dateTime(answer.measured_at)}`,
        )
      : null,
    answer.by_name ? `${answer.by_name} ${dateTime(answer.at)}` : null,
    open ? t(...(WHY_WORDS[open.why] ?? [open.why, open.why])) : null,
  ];
  return (
    <td className={open ? "result-open" : answer.verdict === "abnormal" ? "result-bad" : undefined}>
      <Tooltip title={about.filter(Boolean).join("；")}>
        <span className="tm-num">
          {answer.value} {mark}
          {answer.source === "monitoring" ? "*" : ""}
        </span>
      </Tooltip>
    </td>
  );
}
