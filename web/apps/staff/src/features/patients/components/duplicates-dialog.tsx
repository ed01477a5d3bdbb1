import type { DuplicateCandidate } from "@tianmu/api/wire";
import { sexText } from "@tianmu/ui/patient-words";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Modal, Table } from "antd";
import { REASON_WORDS } from "../lib/words";
import { Reasons } from "./reasons";

interface DuplicatesDialogProps {
  candidates: DuplicateCandidate[] | null;
  busy: boolean;
  onUse: (id: string) => void;
  onCancel: () => void;
  onCreateAnyway: () => void;
}

export function DuplicatesDialog({ candidates, busy, onUse, onCancel, onCreateAnyway }: DuplicatesDialogProps) {
  const t = useT();
  return (
    <Modal
      open={candidates !== null}
      title={t("可能已有档案，请核对", "Perhaps already registered")}
      width={820}
      onCancel={onCancel}
      footer={[
        <Button key="back" onClick={onCancel}>
          {t("返回修改", "Back")}
        </Button>,
        <Button key="new" danger loading={busy} onClick={onCreateAnyway}>
          {t("都不是同一人，仍要新建", "None of them: register anyway")}
        </Button>,
      ]}
    >
      <Table<DuplicateCandidate>
        size="small"
        rowKey={(candidate) => candidate.patient.id}
        pagination={false}
        dataSource={candidates ?? []}
        columns={[
          { title: t("姓名", "Name"), render: (_, c) => <b>{c.patient.name}</b> },
          { title: t("性别", "Sex"), render: (_, c) => sexText(c.patient.sex, t) },
          { title: t("出生日期", "Born"), render: (_, c) => c.patient.birth_date ?? "—" },
          { title: t("证件号", "ID"), render: (_, c) => c.patient.identifier_masked ?? "—" },
          { title: t("电话", "Phone"), render: (_, c) => c.patient.phone_masked ?? "—" },
          { title: t("相似处", "Alike in"), render: (_, c) => <Reasons reasons={c.reasons} words={REASON_WORDS} /> },
          { title: t("相似度", "Score"), align: "right", render: (_, c) => `${Math.round(c.score)}%` },
          {
            title: "",
            render: (_, c) => (
              <Button size="small" type="primary" onClick={() => onUse(c.patient.id)}>
                {t("是同一人，用此档案", "Same person: use it")}
              </Button>
            ),
          },
        ]}
      />
    </Modal>
  );
}
