import { FilePdfOutlined } from "@ant-design/icons";
import type { Handover, HandoverEntry, HandoverStep } from "@tianmu/api/wire";
import { EmptyState } from "@tianmu/ui/empty-state";
import { ErrorState } from "@tianmu/ui/error-state";
import { LoadingState } from "@tianmu/ui/loading-state";
import { dateTime } from "@tianmu/ui/lib/time";
import { type Translate, useT } from "@tianmu/ui/lib/use-lang";
import { Button, Descriptions, Drawer, Form, Modal } from "antd";
import { useState } from "react";
import { AttachmentList } from "../../attachments/attachment-list";
import { DerivationView } from "../../components/derivation";
import { StateTag } from "../../components/state-tag";
import { type StepDefinition, StepButtons } from "../../components/step-buttons";
import { useHandover } from "../api/use-handover";
import { useHandoverStep } from "../api/use-handover-step";
import { HANDOVER_STATES, ITEM_KINDS, METHODS, OCCASIONS } from "../lib/words";
import { type ItemFields, ItemsField } from "./handovers-panel";

/** One list: item by item handed over or destroyed, and witnessed. */
export function HandoverDrawer({ id, close }: { id: string; close: () => void }) {
  const t = useT();
  const handover = useHandover(id);
  return (
    <Drawer open onClose={close} size={960} title={handover.data?.number ?? t("移交与销毁", "Hand-over")}>
      {handover.isError && !handover.data ? (
        <ErrorState error={handover.error} onRetry={() => void handover.refetch()} />
      ) : !handover.data ? (
        <LoadingState rows={8} />
      ) : (
        <Body handover={handover.data} t={t} />
      )}
    </Drawer>
  );
}

function Body({ handover, t }: { handover: Handover; t: Translate }) {
  const step = useHandoverStep(handover.id);
  const take = (body: Record<string, unknown>) => step.mutateAsync(body as HandoverStep);
  const [adding, setAdding] = useState(false);
  const pdf = `/api/v1/service/duties/handovers/${handover.id}/pdf`;
  const destroyed = handover.entries.some((entry) => entry.outcome === "destroyed");
  return (
    <>
      <Descriptions
        size="small"
        column={2}
        items={[
          {
            key: "occasion",
            label: t("事由", "Occasion"),
            children: `${t(...(OCCASIONS[handover.occasion] ?? ["", ""]))}${handover.person_name ? `：${handover.person_name}` : ""}`,
          },
          {
            key: "state",
            label: t("状态", "State"),
            children: <StateTag state={handover.state} words={HANDOVER_STATES} />,
          },
          {
            key: "due",
            label: t("期限", "Due"),
            children: (
              <span className={handover.late ? "service-late" : undefined}>
                {handover.due}
                {handover.late ? t("（超期）", " (late)") : ""}
              </span>
            ),
          },
          {
            key: "done",
            label: t("完成", "Completed"),
            children: handover.completed_at
              ? `${handover.completed_by_name ?? ""} ${dateTime(handover.completed_at)}`
              : "—",
          },
        ]}
      />
      <div style={{ display: "flex", gap: 8, margin: "8px 0 12px", flexWrap: "wrap" }}>
        {handover.allowed_actions.includes("add_items") ? (
          <Button onClick={() => setAdding(true)}>{t("增加内容", "Add items")}</Button>
        ) : null}
        <StepButtons
          steps={[
            {
              name: "complete",
              label: t("确认全部完成", "Complete"),
              primary: true,
              explain: t("完成后清单与证明不再改动。", "The list and its certificates are final then."),
            },
          ]}
          allowed={handover.allowed_actions}
          take={take}
        />
        <a href={pdf} target="_blank" rel="noreferrer">
          <Button icon={<FilePdfOutlined />}>{t("移交清单", "List")}</Button>
        </a>
        {destroyed ? (
          <a href={`${pdf}?paper=destruction`} target="_blank" rel="noreferrer">
            <Button icon={<FilePdfOutlined />}>{t("数据销毁证明", "Certificate of destruction")}</Button>
          </a>
        ) : null}
      </div>
      {handover.entries.length === 0 ? (
        <EmptyState text={t("清单还是空的。", "The list is empty.")} />
      ) : (
        <table className="service-table">
          <thead>
            <tr>
              <th>{t("序号", "No.")}</th>
              <th>{t("类别", "Kind")}</th>
              <th>{t("内容", "What")}</th>
              <th>{t("数量", "How many")}</th>
              <th>{t("处理", "What became of it")}</th>
              <th>{t("经办", "By")}</th>
              <th>{t("见证", "Witness")}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {handover.entries.map((entry) => (
              <tr key={entry.id}>
                <td className="tm-num">{entry.position}</td>
                <td>{t(...(ITEM_KINDS[entry.kind] ?? ["", ""]))}</td>
                <td>{entry.description}</td>
                <td>{entry.quantity}</td>
                <td>{outcome(entry, t)}</td>
                <td>{signed(entry.done_by_name, entry.done_at)}</td>
                <td>{signed(entry.witnessed_by_name, entry.witnessed_at)}</td>
                <td className="end">
                  <div style={{ display: "flex", gap: 4, justifyContent: "flex-end" }}>
                    <StepButtons steps={definitions(entry, t)} allowed={entry.allowed_actions} take={take} />
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <h2 style={{ fontSize: 14, marginTop: 16 }}>{t("期限依据", "Why this day")}</h2>
      <DerivationView of={handover.derivation} />
      <h2 style={{ fontSize: 14, marginTop: 16 }}>{t("附件（签字件、照片）", "Files")}</h2>
      <AttachmentList target={{ kind: "handover", id: handover.id }} mayAdd={handover.allowed_actions.length > 0} />
      {adding ? <AddItems take={take} close={() => setAdding(false)} /> : null}
    </>
  );
}

function outcome(entry: HandoverEntry, t: Translate): string {
  if (entry.outcome === "handed_over") return t(`移交：${entry.particulars}`, `To ${entry.particulars}`);
  if (entry.outcome === "destroyed") {
    const how = t(...(METHODS[entry.method ?? ""] ?? ["", ""]));
    return t(`销毁（${how}）：${entry.particulars}`, `Destroyed (${how}): ${entry.particulars}`);
  }
  return "—";
}

function signed(name: string | null, at: string | null) {
  return at ? (
    <>
      <div>{name}</div>
      <span className="tm-muted tm-num">{dateTime(at)}</span>
    </>
  ) : (
    "—"
  );
}

function definitions(entry: HandoverEntry, t: Translate): StepDefinition[] {
  const fixed = { item_id: entry.id };
  const at = { name: "at", label: t("时间（留空为现在）", "When (now when empty)"), kind: "moment" as const };
  return [
    {
      name: "hand_over",
      label: t("移交", "Hand over"),
      fixed,
      fields: [{ name: "recipient", label: t("接收人", "To whom"), kind: "text", required: true }, at],
    },
    {
      name: "destroy",
      label: t("销毁", "Destroy"),
      danger: true,
      fixed,
      fields: [
        {
          name: "method",
          label: t("方式", "Method"),
          kind: "select",
          required: true,
          options: Object.entries(METHODS).map(([value, words]) => ({ value, label: t(...words) })),
        },
        { name: "particulars", label: t("地点与工具", "Where, and with what"), kind: "text", required: true },
        at,
      ],
    },
    {
      name: "witness",
      label: t("见证", "Witness"),
      primary: true,
      fixed,
      explain: t("本人在场，所列处理属实。", "I was there, and it was done as written."),
    },
    {
      name: "reject",
      label: t("不予见证", "Reject"),
      fixed,
      fields: [{ name: "reason", label: t("原因", "Reason"), kind: "area", required: true }],
    },
  ];
}

function AddItems({ take, close }: { take: (body: Record<string, unknown>) => Promise<unknown>; close: () => void }) {
  const t = useT();
  const [form] = Form.useForm<{ items: ItemFields[] }>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const send = async (fields: { items: ItemFields[] }) => {
    setBusy(true);
    setError(null);
    try {
      await take({ step: "add_items", items: fields.items });
      close();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      width={720}
      title={t("增加内容", "Add items")}
      onCancel={close}
      okText={t("增加", "Add")}
      okButtonProps={{ loading: busy }}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ items: [{ kind: "documents" }] }}
        onFinish={(fields) => void send(fields)}
      >
        <ItemsField />
      </Form>
      {error ? <ErrorState error={error} /> : null}
    </Modal>
  );
}
