import type { Inspection } from "@tianmu/api/wire";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Checkbox, Drawer, Input } from "antd";
import { useState } from "react";
import type { Outbox } from "../lib/outbox";
import { listOf, openItems, skipReason } from "../lib/progress";

interface UnitDrawerProps {
  inspection: Inspection;
  outbox: Outbox;
  current: string | undefined;
  open: boolean;
  onClose: () => void;
  onChoose: (unitId: string) => void;
}

/** All units with what is left to do on each; found by name or place. */
export function UnitDrawer({ inspection, outbox, current, open, onClose, onChoose }: UnitDrawerProps) {
  const t = useT();
  const [text, setText] = useState("");
  const [unfinished, setUnfinished] = useState(false);
  const wanted = text.trim().toLowerCase();
  const units = inspection.unit_list
    .map((unit) => ({ unit, left: openItems(inspection, unit, outbox).length }))
    .filter(({ left }) => !unfinished || left > 0)
    .filter(({ unit }) =>
      [unit.label, unit.place, unit.organisation_name, unit.serial_number].some((part) =>
        part?.toLowerCase().includes(wanted),
      ),
    );
  return (
    <Drawer
      open={open}
      onClose={onClose}
      placement="left"
      size={340}
      title={t("设备", "Units")}
      styles={{ body: { padding: 8 } }}
    >
      <div style={{ display: "flex", gap: 8, alignItems: "center", marginBottom: 8 }}>
        <Input
          allowClear
          aria-label={t("查找设备", "Find a unit")}
          placeholder={t("名称、位置、机构", "Name, place, institution")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Checkbox
          checked={unfinished}
          onChange={(event) => setUnfinished(event.target.checked)}
          style={{ flex: "none" }}
        >
          {t("未完成", "Open")}
        </Checkbox>
      </div>
      {units.map(({ unit, left }) => {
        const list = listOf(inspection, unit);
        const skipped = skipReason(unit, outbox) !== "";
        return (
          <button
            key={unit.id}
            type="button"
            className={unit.id === current ? "fill-unit fill-current" : "fill-unit"}
            onClick={() => onChoose(unit.id)}
          >
            <span>
              <b>{unit.label}</b>
              <small className="tm-muted">
                {[unit.organisation_name, unit.place].filter(Boolean).join(" · ") ||
                  (list ? t(list.name_zh, list.name_en) : "")}
              </small>
            </span>
            <span className={left === 0 ? "fill-tick" : "tm-num"}>
              {skipped ? t("未检", "skipped") : left === 0 ? "✓" : t(`剩 ${left}`, `${left} left`)}
            </span>
          </button>
        );
      })}
      {units.length === 0 ? <p className="tm-muted">{t("没有符合的设备。", "No unit matches.")}</p> : null}
    </Drawer>
  );
}
