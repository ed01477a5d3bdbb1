import { useT } from "@tianmu/ui/lib/use-lang";
import { Select } from "antd";
import { usePeople } from "./use-people";

interface PersonSelectProps {
  value?: string;
  onChange?: (accountId: string | undefined) => void;
  roles?: string[];
  id?: string;
  width?: number | string;
}

/** Choose a person who works for the contract, by name. */
export function PersonSelect({ value, onChange, roles, id, width = "100%" }: PersonSelectProps) {
  const t = useT();
  const people = usePeople(roles);
  return (
    <Select<string>
      id={id}
      aria-label={t("人员", "Person")}
      showSearch={{ optionFilterProp: "label" }}
      allowClear
      value={value}
      onChange={(next) => onChange?.(next)}
      loading={people.isPending}
      status={people.isError ? "error" : undefined}
      placeholder={t("选择人员", "Choose a person")}
      notFoundContent={t("没有可选的人员", "Nobody to choose")}
      options={(people.data ?? []).map((person) => ({
        value: person.account_id,
        label: [person.name, person.title, person.organisation_name].filter(Boolean).join(" · "),
      }))}
      style={{ width }}
    />
  );
}
