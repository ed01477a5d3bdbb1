import { useT } from "@tianmu/ui/lib/use-lang";
import { Select } from "antd";
import { useTerms } from "../api/use-terms";
import { ITEM_WORDS } from "../lib/words";

interface ContractItemSelectProps {
  /** Whose contract; the caller's own institution when absent. */
  organisationId?: string;
  value?: string;
  onChange?: (value: string | undefined) => void;
  id?: string;
  placeholder?: string;
}

/** One of the items of the contract in force, for a form. */
export function ContractItemSelect({ organisationId, value, onChange, id, placeholder }: ContractItemSelectProps) {
  const t = useT();
  const terms = useTerms(organisationId);
  return (
    <Select
      id={id}
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      aria-label={t("合同项目", "Item")}
      placeholder={placeholder ?? t("选择系统", "Choose")}
      loading={terms.isPending}
      status={terms.isError ? "error" : undefined}
      notFoundContent={terms.isError ? t("没有现行合同", "No contract in force") : undefined}
      value={value}
      onChange={(next: string | undefined) => onChange?.(next)}
      options={(terms.data?.items ?? []).map((item) => ({
        value: item.code,
        label: t(...(ITEM_WORDS[item.code] ?? [item.name_zh, item.name_en])),
      }))}
    />
  );
}
