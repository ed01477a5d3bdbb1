import type { PatientBrief } from "@tianmu/api/wire";
import { sexText } from "@tianmu/ui/patient-words";
import { useDebounced } from "@tianmu/ui/lib/use-debounced";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Select, Spin } from "antd";
import { useState } from "react";
import { usePatientOptions } from "../api/use-patient-options";

interface PatientPickerProps {
  id?: string;
  value?: string;
  onChange?: (id: string | undefined, patient: PatientBrief | undefined) => void;
  autoFocus?: boolean;
  size?: "middle" | "large";
}

/** Type a name, its initials, an ID number or a phone number; choose among the matches. */
export function PatientPicker({ id, value, onChange, autoFocus, size }: PatientPickerProps) {
  const t = useT();
  const [search, setSearch] = useState("");
  const q = useDebounced(search.trim(), 250);
  const found = usePatientOptions(q);
  const items = q ? (found.data?.items ?? []) : [];
  return (
    <Select<string>
      id={id}
      size={size}
      aria-label={t("查找患者", "Find a patient")}
      autoFocus={autoFocus}
      value={value}
      allowClear
      showSearch={{ filterOption: false, onSearch: setSearch, searchValue: search }}
      onChange={(next) => {
        setSearch("");
        onChange?.(
          next,
          items.find((item) => item.id === next),
        );
      }}
      placeholder={t("姓名、拼音首字母、证件号或手机号", "Name, initials, ID or phone number")}
      notFoundContent={
        q ? (
          found.isFetching ? (
            <Spin size="small" />
          ) : (
            t("没有找到，可先登记患者", "Not found: register the patient first")
          )
        ) : (
          t("输入后开始查找", "Type to search")
        )
      }
      style={{ width: "100%" }}
      options={items.map((patient) => ({
        value: patient.id,
        label: `${patient.name}　${sexText(patient.sex, t)} ${patient.age_text}　${patient.birth_date ?? ""}　${patient.identifier_masked ?? t("无证件", "no ID")}`,
      }))}
    />
  );
}
