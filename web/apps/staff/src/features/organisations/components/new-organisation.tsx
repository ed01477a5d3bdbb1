import type { Organisation, OrgKind } from "@tianmu/api/wire";
import { ErrorState } from "@tianmu/ui/error-state";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Form, Modal, Select } from "antd";
import { type OrganisationFields, useCreateOrganisation } from "../api/use-create-organisation";
import { KIND_WORDS } from "../lib/words";
import { OrganisationFormFields } from "./organisation-fields";

interface NewOrganisationProps {
  parent: Organisation;
  onClose: () => void;
  onCreated: (id: string) => void;
}

export function NewOrganisation({ parent, onClose, onCreated }: NewOrganisationProps) {
  const t = useT();
  const create = useCreateOrganisation();
  const [form] = Form.useForm<OrganisationFields & { kind: OrgKind }>();
  return (
    <Modal
      open
      width={720}
      title={t(`在“${parent.name}”下新增机构`, `New organisation under ${parent.name}`)}
      onCancel={onClose}
      okText={t("新增", "Create")}
      confirmLoading={create.isPending}
      onOk={() => form.submit()}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ kind: parent.kind === "town_health_centre" ? "village_clinic" : "town_health_centre" }}
        onFinish={(fields) =>
          create.mutate(
            { ...fields, code: fields.code ?? "", parent_id: parent.id },
            { onSuccess: (created) => onCreated(created.id) },
          )
        }
      >
        <Form.Item name="kind" label={t("类型", "Kind")} rules={[{ required: true }]}>
          <Select
            options={(Object.keys(KIND_WORDS) as OrgKind[])
              .filter((kind) => kind !== "region")
              .map((value) => ({ value, label: t(...KIND_WORDS[value]) }))}
          />
        </Form.Item>
        <OrganisationFormFields />
        {create.isError ? <ErrorState error={create.error} /> : null}
      </Form>
    </Modal>
  );
}
