import type { Equipment } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Button, Drawer, Form, Input } from "antd";
import { useState } from "react";
import { OrganisationSelect } from "../../../ecg/components/organisation-select";
import { type EquipmentChange, useEditEquipment } from "../api/use-edit-equipment";

type Fields = Omit<EquipmentChange, "id" | "row_version">;

export function EquipmentDrawer({ unit, onClose }: { unit: Equipment; onClose: () => void }) {
  const t = useT();
  const [form] = Form.useForm<Fields>();
  const edit = useEditEquipment();
  const [place, setPlace] = useState(unit.organisation_id ?? undefined);
  const [error, setError] = useState<unknown>(null);
  const save = async () => {
    const fields = await form.validateFields();
    setError(null);
    try {
      await edit.mutateAsync({ ...fields, id: unit.id, organisation_id: place, row_version: unit.row_version });
      onClose();
    } catch (caught) {
      setError(caught);
    }
  };
  return (
    <Drawer
      open
      size={420}
      title={`${unit.contract_name} #${unit.ordinal}`}
      onClose={onClose}
      extra={
        <Button type="primary" loading={edit.isPending} onClick={() => void save()}>
          {t("保存", "Save")}
        </Button>
      }
    >
      <Form<Fields>
        form={form}
        layout="vertical"
        initialValues={{
          label: unit.label,
          serial_number: unit.serial_number ?? "",
          place: unit.place ?? "",
          monitoring_name: unit.monitoring_name ?? "",
        }}
      >
        <Form.Item name="label" label={t("名称", "Name")} rules={[{ required: true, whitespace: true }]}>
          <Input maxLength={60} autoFocus />
        </Form.Item>
        <Form.Item name="serial_number" label={t("序列号", "Serial number")}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item label={t("所在机构", "Institution")} htmlFor="equipment-organisation">
          <OrganisationSelect
            id="equipment-organisation"
            value={place}
            onChange={setPlace}
            width="100%"
            placeholder={t("发现故障时工单开到这里", "Tickets about it lie here")}
          />
        </Form.Item>
        <Form.Item name="place" label={t("位置（机房、机柜、U 位）", "Room, rack, height")}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item
          name="monitoring_name"
          label={t("监控系统中的名称", "Name in monitoring")}
          help={t("不填时用名称", "The name, when empty")}
        >
          <Input maxLength={100} />
        </Form.Item>
      </Form>
      {error ? <ErrorState error={error} /> : null}
    </Drawer>
  );
}
