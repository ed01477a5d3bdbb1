import type { Sex, Staff } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { sexText } from "@tianmu/ui/patient-words";
import { useT } from "@tianmu/ui/lib/use-lang";
import { AutoComplete, Col, Form, Input, Modal, Row, Select } from "antd";
import { OrganisationSelect } from "../../ecg/components/organisation-select";
import { useDepartments } from "../../organisations/api/use-departments";
import { useSaveStaff } from "../api/use-save-staff";

const TITLES = [
  "主任医师",
  "副主任医师",
  "主治医师",
  "住院医师",
  "执业助理医师",
  "乡村医生",
  "主任技师",
  "副主任技师",
  "主管技师",
  "技师",
  "技士",
  "主管护师",
  "护师",
  "护士",
];

interface Fields {
  name: string;
  sex?: Sex;
  title?: string;
  licence_number?: string;
  phone?: string;
  organisation_id: string;
  department_id?: string;
}

interface StaffFormProps {
  staff: Staff | null;
  organisationId?: string;
  onClose: () => void;
  onSaved: (id: string) => void;
}

export function StaffForm({ staff, organisationId, onClose, onSaved }: StaffFormProps) {
  const t = useT();
  const save = useSaveStaff(staff?.id ?? null);
  const [form] = Form.useForm<Fields>();
  const organisation = Form.useWatch("organisation_id", form);
  const departments = useDepartments(organisation);
  const submit = (fields: Fields) =>
    save.mutate(
      {
        name: fields.name.trim(),
        sex: fields.sex ?? "unknown",
        title: fields.title?.trim() || null,
        licence_number: fields.licence_number?.trim() || null,
        organisation_id: fields.organisation_id,
        department_id: fields.department_id ?? null,
        ...(fields.phone?.trim() ? { phone: fields.phone.trim() } : {}),
      },
      { onSuccess: (saved) => onSaved(saved.id) },
    );
  return (
    <Modal
      open
      width={640}
      title={staff ? t(`修改人员：${staff.name}`, `Edit ${staff.name}`) : t("新增人员", "New staff")}
      onCancel={onClose}
      okText={t("保存", "Save")}
      confirmLoading={save.isPending}
      onOk={() => form.submit()}
    >
      <Form<Fields>
        form={form}
        layout="vertical"
        onFinish={submit}
        initialValues={{
          name: staff?.name,
          sex: staff?.sex ?? undefined,
          title: staff?.title ?? undefined,
          licence_number: staff?.licence_number ?? undefined,
          organisation_id: staff?.organisation.id ?? organisationId,
          department_id: staff?.department?.id,
        }}
      >
        <Row gutter={16}>
          <Col span={12}>
            <Form.Item
              name="name"
              label={t("姓名", "Name")}
              rules={[{ required: true, whitespace: true, message: t("请输入姓名", "Enter the name") }]}
            >
              <Input maxLength={50} autoFocus />
            </Form.Item>
          </Col>
          <Col span={12}>
            <Form.Item name="sex" label={t("性别", "Sex")}>
              <Select
                allowClear
                options={(["male", "female"] as const).map((value) => ({ value, label: sexText(value, t) }))}
              />
            </Form.Item>
          </Col>
          <Col span={12}>
            <Form.Item
              name="organisation_id"
              label={t("机构", "Organisation")}
              rules={[{ required: true, message: t("请选择机构", "Choose one") }]}
            >
              <OrganisationField onPicked={() => form.setFieldValue("department_id", undefined)} />
            </Form.Item>
          </Col>
          <Col span={12}>
            <Form.Item name="department_id" label={t("科室", "Department")}>
              <Select
                allowClear
                loading={departments.isFetching}
                options={departments.data?.items
                  .filter((each) => each.active)
                  .map((each) => ({ value: each.id, label: each.name }))}
              />
            </Form.Item>
          </Col>
          <Col span={12}>
            <Form.Item name="title" label={t("职称", "Title")}>
              <AutoComplete options={TITLES.map((value) => ({ value }))} maxLength={30} />
            </Form.Item>
          </Col>
          <Col span={12}>
            <Form.Item name="licence_number" label={t("执业证书编号", "Licence number")}>
              <Input maxLength={40} />
            </Form.Item>
          </Col>
          <Col span={12}>
            <Form.Item
              name="phone"
              label={t("手机号", "Mobile")}
              extra={staff ? t("留空表示不修改", "Empty leaves it as it is") : undefined}
              rules={[{ pattern: /^1[3-9]\d{9}$/, message: t("请输入 11 位手机号", "11 digits") }]}
            >
              <Input maxLength={11} inputMode="tel" />
            </Form.Item>
          </Col>
        </Row>
        {save.isError ? <ErrorState error={save.error} /> : null}
      </Form>
    </Modal>
  );
}

function OrganisationField({
  id,
  value,
  onChange,
  onPicked,
}: {
  id?: string;
  value?: string;
  onChange?: (id: string | undefined) => void;
  onPicked: () => void;
}) {
  const t = useT();
  return (
    <OrganisationSelect
      id={id}
      value={value}
      width="100%"
      placeholder={t("选择机构", "Choose")}
      onChange={(next) => {
        onChange?.(next);
        onPicked();
      }}
    />
  );
}
