import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import type { HandoverItem, HandoverItemKind, HandoverOccasion, HandoverState } from "@tianmu/api/wire";
import { type DataColumn, DataTable } from "@tianmu/ui/data-table";
import { ErrorState } from "@tianmu/ui/error-state";
import { dateTime } from "@tianmu/ui/lib/time";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Form, Input, Modal, Radio, Select } from "antd";
import { useState } from "react";
import { can } from "../../../../app/permissions";
import { useMe } from "../../../session/session-context";
import { StateTag } from "../../components/state-tag";
import { useFilters } from "../../lib/use-filters";
import { useDutyPeople } from "../api/use-duty-people";
import { useHandovers } from "../api/use-handovers";
import { useOpenHandover } from "../api/use-open-handover";
import { HANDOVER_STATES, ITEM_KINDS, OCCASIONS } from "../lib/words";
import { HandoverDrawer } from "./handover-drawer";

/** Lists of what is handed over or destroyed. */
export function HandoversPanel() {
  const t = useT();
  const me = useMe();
  const [params, set] = useFilters();
  const [opening, setOpening] = useState(false);
  const list = useHandovers({ state: (params.get("state") as HandoverState | null) ?? undefined });
  const columns: DataColumn<HandoverItem>[] = [
    {
      key: "number",
      title: t("编号", "Number"),
      width: 138,
      render: (r) => <span className="tm-num">{r.number}</span>,
      text: (r) => r.number,
    },
    {
      key: "occasion",
      title: t("事由", "Occasion"),
      render: (r) => `${t(...(OCCASIONS[r.occasion] ?? ["", ""]))}${r.person_name ? `：${r.person_name}` : ""}`,
      text: (r) => t(...(OCCASIONS[r.occasion] ?? ["", ""])),
    },
    {
      key: "contract",
      title: t("合同", "Contract"),
      width: 140,
      render: (r) => r.contract_code,
      text: (r) => r.contract_code,
    },
    {
      key: "progress",
      title: t("已处理 / 已见证 / 共", "Done / witnessed / all"),
      width: 150,
      align: "right",
      render: (r) => `${r.done} / ${r.witnessed} / ${r.items}`,
      text: (r) => `${r.done}/${r.witnessed}/${r.items}`,
    },
    {
      key: "due",
      title: t("期限", "Due"),
      width: 130,
      render: (r) => (
        <span className={r.late ? "service-late" : undefined}>
          <span className="tm-num">{r.due}</span>
          {r.late ? t(" 超期", " late") : ""}
        </span>
      ),
      text: (r) => r.due,
    },
    {
      key: "opened",
      title: t("登记", "Opened"),
      width: 136,
      render: (r) => <span className="tm-num">{dateTime(r.opened_at)}</span>,
      text: (r) => dateTime(r.opened_at),
    },
    {
      key: "state",
      title: t("状态", "State"),
      width: 90,
      render: (r) => <StateTag state={r.state} words={HANDOVER_STATES} />,
      text: (r) => t(...(HANDOVER_STATES[r.state] ?? ["", ""])),
    },
  ];
  return (
    <>
      <div className="service-filters">
        <Select
          allowClear
          placeholder={t("全部状态", "All states")}
          aria-label={t("状态", "State")}
          value={params.get("state") ?? undefined}
          onChange={(value: string | undefined) => set({ state: value })}
          style={{ width: 140 }}
          options={Object.entries(HANDOVER_STATES).map(([value, words]) => ({ value, label: t(...words) }))}
        />
        {can(me, "workDuties") || can(me, "confirmDuties") ? (
          <Button
            type="primary"
            icon={<PlusOutlined />}
            style={{ marginInlineStart: "auto" }}
            onClick={() => setOpening(true)}
          >
            {t("新建清单", "New list")}
          </Button>
        ) : null}
      </div>
      <DataTable
        list={list}
        columns={columns}
        rowKey={(r) => r.id}
        label={t("移交与销毁", "Hand-over and destruction")}
        exportName={t("移交与销毁", "handovers")}
        empty={t("没有移交或销毁清单。", "There is no list.")}
        onOpen={(r) => set({ id: r.id })}
        scrollX={980}
      />
      {params.get("id") ? <HandoverDrawer id={params.get("id") ?? ""} close={() => set({ id: undefined })} /> : null}
      {opening ? (
        <OpenHandover
          close={() => setOpening(false)}
          opened={(id) => {
            setOpening(false);
            set({ id });
          }}
        />
      ) : null}
    </>
  );
}

export interface ItemFields {
  kind: HandoverItemKind;
  description: string;
  quantity: string;
}

interface Fields {
  occasion: HandoverOccasion;
  person_id?: string;
  items: ItemFields[];
}

function OpenHandover({ close, opened }: { close: () => void; opened: (id: string) => void }) {
  const t = useT();
  const open = useOpenHandover();
  const people = useDutyPeople({ left: true });
  const [form] = Form.useForm<Fields>();
  const occasion = Form.useWatch("occasion", form) as HandoverOccasion | undefined;
  const required = [{ required: true, message: t("必填", "Required") }];
  return (
    <Modal
      open
      width={720}
      title={t("新建移交与销毁清单", "New list")}
      onCancel={close}
      okText={t("新建", "Begin")}
      okButtonProps={{ loading: open.isPending }}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ occasion: "contract_end", items: [{ kind: "documents" }] }}
        onFinish={(fields) =>
          open.mutate(
            {
              occasion: fields.occasion,
              person_id: fields.occasion === "person_left" ? (fields.person_id ?? null) : null,
              items: fields.items,
            },
            { onSuccess: (made) => opened(made.id) },
          )
        }
      >
        <Form.Item name="occasion" label={t("事由", "Occasion")} rules={required}>
          <Radio.Group
            options={Object.entries(OCCASIONS).map(([value, words]) => ({ value, label: t(...words) }))}
            optionType="button"
          />
        </Form.Item>
        {occasion === "person_left" ? (
          <Form.Item name="person_id" label={t("人员", "Person")} rules={required}>
            <Select
              showSearch={{ optionFilterProp: "label" }}
              options={people.items.map((each) => ({ value: each.id, label: `${each.name} · ${each.post}` }))}
            />
          </Form.Item>
        ) : null}
        <ItemsField />
      </Form>
      {open.isError ? <ErrorState error={open.error} /> : null}
    </Modal>
  );
}

/** Lines of a list, in a form. */
export function ItemsField() {
  const t = useT();
  const required = [{ required: true, message: t("必填", "Required") }];
  return (
    <Form.List name="items">
      {(fields, { add, remove }) => (
        <>
          {fields.map((field) => (
            <div
              key={field.key}
              style={{ display: "grid", gridTemplateColumns: "150px 1fr 110px 32px", gap: 8, alignItems: "start" }}
            >
              <Form.Item name={[field.name, "kind"]} rules={required} style={{ marginBottom: 8 }}>
                <Select
                  aria-label={t("类别", "Kind")}
                  options={Object.entries(ITEM_KINDS).map(([value, words]) => ({ value, label: t(...words) }))}
                />
              </Form.Item>
              <Form.Item name={[field.name, "description"]} rules={required} style={{ marginBottom: 8 }}>
                <Input maxLength={300} placeholder={t("内容", "What")} aria-label={t("内容", "What")} />
              </Form.Item>
              <Form.Item name={[field.name, "quantity"]} rules={required} style={{ marginBottom: 8 }}>
                <Input maxLength={50} placeholder={t("数量", "How many")} aria-label={t("数量", "How many")} />
              </Form.Item>
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={t("删除此行", "Remove the line")}
                onClick={() => remove(field.name)}
              />
            </div>
          ))}
          <Button icon={<PlusOutlined />} onClick={() => add({ kind: "documents" })}>
            {t("增加一行", "Another line")}
          </Button>
        </>
      )}
    </Form.List>
  );
}
