import { useT } from "@tianmu/ui/lib/use-lang";
import { Form } from "antd";
import { OrganisationSelect } from "../../ecg/components/organisation-select";

interface PickerProps {
  id?: string;
  value?: string;
  onChange?: (value: string | undefined) => void;
}

function Picker({ id, value, onChange }: PickerProps) {
  const t = useT();
  return (
    <OrganisationSelect
      id={id}
      value={value}
      onChange={(next) => onChange?.(next)}
      width="100%"
      placeholder={t("选择机构", "Choose")}
    />
  );
}

/** The institution that a form is about, for people of the bureau and the provider, who act for all of them. */
export function InstitutionField({ label }: { label: string }) {
  const t = useT();
  return (
    <Form.Item
      name="organisation_id"
      label={label}
      rules={[{ required: true, message: t("请选择机构", "Choose an institution") }]}
    >
      <Picker />
    </Form.Item>
  );
}
