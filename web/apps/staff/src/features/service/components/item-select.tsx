import { useT } from "@tianmu/ui/lib/use-lang";
import { Select } from "antd";
import { ITEM_WORDS } from "../lib/words";

interface ItemSelectProps {
  value?: string;
  onChange?: (value: string | undefined) => void;
  width?: number | string;
  placeholder?: string;
}

/** One of the contract's items. */
export function ItemSelect({ value, onChange, width = 150, placeholder }: ItemSelectProps) {
  const t = useT();
  return (
    <Select
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      aria-label={t("合同项目", "Item")}
      placeholder={placeholder ?? t("全部系统", "All systems")}
      value={value}
      onChange={(next: string | undefined) => onChange?.(next)}
      style={{ width }}
      options={Object.entries(ITEM_WORDS).map(([code, words]) => ({ value: code, label: t(...words) }))}
    />
  );
}
