import { PlusOutlined } from "@ant-design/icons";
import type { DutyPersonItem } from "@tianmu/api/wire";
import { type DataColumn, DataTable } from "@tianmu/ui/data-table";
import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Checkbox, DatePicker, Form, Input, Modal, Tag } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import { can } from "../../../../app/permissions";
import { useMe } from "../../../session/session-context";
import { useFilters } from "../../lib/use-filters";
import { PersonSelect } from "../../people/person-select";
import { useAddDutyPerson } from "../api/use-add-duty-person";
import { useDutyPeople } from "../api/use-duty-people";
import { PERSON_MARKS } from "../lib/words";
import { PersonDrawer } from "./person-drawer";

/** The provider's people: checked, bound, trained. */
export function PeoplePanel() {
  const t = useT();
  const me = useMe();
  const [params, set] = useFilters();
  const [adding, setAdding] = useState(false);
  const left = params.get("left") === "1";
  const list = useDutyPeople({ left: left || undefined });
  const columns: DataColumn<DutyPersonItem>[] = [
    { key: "name", title: t("姓名", "Name"), width: 110, render: (r) => r.name, text: (r) => r.name },
    { key: "post", title: t("岗位", "Post"), render: (r) => r.post, text: (r) => r.post },
    {
      key: "joined",
      title: t("进入项目", "Joined"),
      width: 104,
      render: (r) => <span className="tm-num">{r.joined_on}</span>,
      text: (r) => r.joined_on,
    },
    {
      key: "background",
      title: t("背景审查", "Check"),
      width: 130,
      render: (r) =>
        r.background_on ? (
          <span className={r.background_passed ? undefined : "service-late"}>
            <span className="tm-num">{r.background_on}</span>{" "}
            {r.background_passed ? t("通过", "ok") : t("未通过", "failed")}
          </span>
        ) : (
          "—"
        ),
      text: (r) => r.background_on,
    },
    {
      key: "confidentiality",
      title: t("保密协议", "Agreement"),
      width: 104,
      render: (r) => <span className="tm-num">{r.confidentiality_on ?? "—"}</span>,
      text: (r) => r.confidentiality_on,
    },
    {
      key: "trained",
      title: t("最近培训", "Trained"),
      width: 104,
      render: (r) => <span className="tm-num">{r.trained_on ?? "—"}</span>,
      text: (r) => r.trained_on,
    },
    {
      key: "marks",
      title: t("提示", "Marks"),
      width: 230,
      render: (r) => (
        <>
          {r.obstacles.map((code) => (
            <Tag key={code} color={code === "person_left" ? "default" : "red"}>
              {t(...(PERSON_MARKS[code] ?? [code, code]))}
            </Tag>
          ))}
          {r.warnings.map((code) => (
            <Tag key={code} color="orange">
              {t(...(PERSON_MARKS[code] ?? [code, code]))}
            </Tag>
          ))}
        </>
      ),
      text: (r) => [...r.obstacles, ...r.warnings].map((code) => t(...(PERSON_MARKS[code] ?? [code, code]))).join(" "),
    },
    {
      key: "grants",
      title: t("有效权限", "Grants"),
      width: 84,
      align: "right",
      render: (r) => r.open_grants,
      text: (r) => r.open_grants,
    },
  ];
  return (
    <>
      <div className="service-filters">
        <Checkbox
          checked={left}
          onChange={(e) => set({ left: e.target.checked ? "1" : undefined })}
          style={{ alignSelf: "center" }}
        >
          {t("包括已离开的人员", "Also those who left")}
        </Checkbox>
        {can(me, "workDuties") ? (
          <Button
            type="primary"
            icon={<PlusOutlined />}
            style={{ marginInlineStart: "auto" }}
            onClick={() => setAdding(true)}
          >
            {t("登记人员", "Add a person")}
          </Button>
        ) : null}
      </div>
      <DataTable
        list={list}
        columns={columns}
        rowKey={(r) => r.id}
        label={t("人员审查与培训", "People")}
        exportName={t("人员审查与培训", "people")}
        empty={t("还没有登记人员。", "Nobody is registered.")}
        onOpen={(r) => set({ id: r.id })}
        scrollX={1000}
      />
      {params.get("id") ? <PersonDrawer id={params.get("id") ?? ""} close={() => set({ id: undefined })} /> : null}
      {adding ? (
        <AddPerson
          close={() => setAdding(false)}
          added={(id) => {
            setAdding(false);
            set({ id });
          }}
        />
      ) : null}
    </>
  );
}

interface Fields {
  name: string;
  post: string;
  account_id?: string;
  joined_on: Dayjs;
}

function AddPerson({ close, added }: { close: () => void; added: (id: string) => void }) {
  const t = useT();
  const add = useAddDutyPerson();
  const [form] = Form.useForm<Fields>();
  const required = [{ required: true, message: t("必填", "Required") }];
  return (
    <Modal
      open
      title={t("登记人员", "Add a person")}
      onCancel={close}
      okText={t("保存", "Save")}
      okButtonProps={{ loading: add.isPending }}
      onOk={() => form.submit()}
      destroyOnHidden
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={(fields) =>
          add.mutate(
            { ...fields, account_id: fields.account_id ?? null, joined_on: fields.joined_on.format("YYYY-MM-DD") },
            { onSuccess: (made) => added(made.id) },
          )
        }
      >
        <Form.Item name="name" label={t("姓名", "Name")} rules={required}>
          <Input maxLength={50} />
        </Form.Item>
        <Form.Item name="post" label={t("岗位", "Post")} rules={required}>
          <Input maxLength={50} />
        </Form.Item>
        <Form.Item name="account_id" label={t("本系统账号（可不填）", "Account here, if any")}>
          <PersonSelect />
        </Form.Item>
        <Form.Item name="joined_on" label={t("进入项目日期", "Joined on")} rules={required}>
          <DatePicker style={{ width: "100%" }} />
        </Form.Item>
      </Form>
      {add.isError ? <ErrorState error={add.error} /> : null}
    </Modal>
  );
}
