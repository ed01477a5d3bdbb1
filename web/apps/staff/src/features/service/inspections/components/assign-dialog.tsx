import { call, client } from "@tianmu/api/client";
import type { InspectionKind, InspectionLine } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { useQueryClient } from "@tanstack/react-query";
import { App, Checkbox, Modal } from "antd";
import { useState } from "react";
import { useMe } from "../../../session/session-context";
import { PersonSelect } from "../../people/person-select";
import { KIND_WORDS } from "../lib/words";

interface AssignDialogProps {
  /** One inspection, or the plan of a term. */
  lines: InspectionLine[];
  onClose: () => void;
}

/** Says who makes one inspection, or all of some kinds that are still to be made. */
export function AssignDialog({ lines, onClose }: AssignDialogProps) {
  const t = useT();
  const me = useMe();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const many = lines.length > 1;
  const present = [...new Set(lines.map((line) => line.kind))];
  const [person, setPerson] = useState<string | undefined>(
    lines.length === 1 ? (lines[0]?.assignee_id ?? me.account_id) : undefined,
  );
  const [kinds, setKinds] = useState<InspectionKind[]>(present);
  const [taken, setTaken] = useState(!many);
  const [done, setDone] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const chosen = lines
    .filter((line) => line.state === "planned" || line.state === "in_progress")
    .filter((line) => kinds.includes(line.kind) && (taken || line.assignee_id === null))
    .filter((line) => line.assignee_id !== person);
  const assign = async () => {
    if (!person) return;
    setError(null);
    setDone(0);
    try {
      for (const [n, line] of chosen.entries()) {
        await call(
          client.POST("/api/v1/service/inspections/{inspection_id}/steps", {
            params: { path: { inspection_id: line.id } },
            body: { step: "assign", account_id: person },
          }),
        );
        setDone(n + 1);
      }
      message.success(t(`已指派 ${chosen.length} 次巡检`, `${chosen.length} inspections assigned`));
      onClose();
    } catch (caught) {
      setError(caught);
    } finally {
      setDone(null);
      void queries.invalidateQueries({ queryKey: ["service"] });
    }
  };
  return (
    <Modal
      open
      title={many ? t("批量指派", "Assign the plan") : t("指派巡检人", "Assign")}
      okText={
        done === null
          ? many
            ? t(`指派 ${chosen.length} 次`, `Assign ${chosen.length}`)
            : t("指派", "Assign")
          : `${done} / ${chosen.length}`
      }
      cancelText={t("取消", "Cancel")}
      okButtonProps={{ disabled: !person || chosen.length === 0 }}
      confirmLoading={done !== null}
      onOk={() => void assign()}
      onCancel={onClose}
      width={440}
    >
      <label htmlFor="inspection-person" style={{ display: "block", marginBottom: 4 }}>
        {t("巡检人", "Engineer")}
      </label>
      <PersonSelect id="inspection-person" value={person} onChange={setPerson} />
      {many ? (
        <>
          <div style={{ margin: "12px 0 4px" }}>{t("哪些巡检", "Which")}</div>
          <Checkbox.Group<InspectionKind>
            value={kinds}
            onChange={setKinds}
            options={present.map((kind) => ({ value: kind, label: t(...KIND_WORDS[kind]) }))}
          />
          <div style={{ marginTop: 8 }}>
            <Checkbox checked={taken} onChange={(event) => setTaken(event.target.checked)}>
              {t("已指派给别人的也改", "Also those assigned to somebody else")}
            </Checkbox>
          </div>
        </>
      ) : null}
      {error ? (
        <div style={{ marginTop: 12 }}>
          <ErrorState error={error} />
        </div>
      ) : null}
    </Modal>
  );
}
