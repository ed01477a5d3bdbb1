import { UndoOutlined } from "@ant-design/icons";
import type { GlobalMeasurements } from "@tianmu/api/wire";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, InputNumber } from "antd";
import type { Draft } from "../lib/report-draft";
import { MEASUREMENT_ORDER, MEASUREMENTS, outOfRange, shownValue, wireValue } from "../lib/words";

type Name = keyof GlobalMeasurements;

interface MeasurementTableProps {
  machine: GlobalMeasurements | null;
  edited: Draft["edited"];
  onChange?: (edited: Draft["edited"]) => void;
}

/** Machine value and the doctor's value side by side; the doctor's stands where given. */
export function MeasurementTable({ machine, edited, onChange }: MeasurementTableProps) {
  const t = useT();
  const set = (name: Name, shown: number | null) => {
    const next = { ...edited };
    const wire = wireValue(name, shown);
    if (wire === null || (machine && shownValue(name, machine[name]) === shown)) delete next[name];
    else next[name] = wire;
    onChange?.(next);
  };
  return (
    <table className="reading-measurements">
      <thead>
        <tr>
          <th scope="col">{t("项目", "Measurement")}</th>
          <th scope="col">{t("机器", "Machine")}</th>
          <th scope="col">{t("修正", "Edited")}</th>
          <th scope="col">{t("单位", "Unit")}</th>
        </tr>
      </thead>
      <tbody>
        {MEASUREMENT_ORDER.map((name) => {
          const word = MEASUREMENTS[name];
          const machineShown = shownValue(name, machine?.[name] ?? null);
          const editedShown = shownValue(name, edited[name] ?? null);
          const mark = outOfRange(name, editedShown ?? machineShown);
          return (
            <tr key={name}>
              <th scope="row">{t(word.zh, word.en)}</th>
              <td
                className="tm-num"
                style={{
                  color: mark && editedShown === null ? "#cf1322" : undefined,
                  textDecoration: editedShown === null ? undefined : "line-through",
                }}
              >
                {machineShown ?? "—"}
                {mark && editedShown === null ? (mark === "high" ? " ↑" : " ↓") : ""}
              </td>
              <td>
                {onChange ? (
                  <span style={{ display: "flex", alignItems: "center" }}>
                    <InputNumber
                      size="small"
                      controls={false}
                      value={editedShown}
                      step={word.unit === "mV" ? 0.01 : 1}
                      min={-400}
                      max={3000}
                      placeholder="—"
                      aria-label={t(`修正 ${word.zh}`, `Edit ${word.en}`)}
                      onChange={(value) => set(name, value)}
                      style={{ width: 68 }}
                    />
                    {editedShown === null ? null : (
                      <Button
                        size="small"
                        type="text"
                        icon={<UndoOutlined />}
                        aria-label={t(`恢复机器值 ${word.zh}`, `Machine value of ${word.en}`)}
                        onClick={() => set(name, null)}
                      />
                    )}
                  </span>
                ) : (
                  <b className="tm-num">{editedShown ?? ""}</b>
                )}
              </td>
              <td className="tm-muted">{word.unit}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
