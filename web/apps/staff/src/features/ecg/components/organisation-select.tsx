import { useT } from "@tianmu/ui/lib/use-lang";
import { TreeSelect } from "antd";
import { useMemo } from "react";
import { useOrganisations } from "../../organisations/api/use-organisations";
import { organisationTree } from "../../organisations/lib/tree";

interface OrganisationSelectProps {
  value: string | undefined;
  onChange: (id: string | undefined) => void;
  width?: number | string;
  id?: string;
  allowClear?: boolean;
  placeholder?: string;
}

/** Choose an organisation in the tree, by its name or code. */
export function OrganisationSelect({
  value,
  onChange,
  width = 200,
  id,
  allowClear = true,
  placeholder,
}: OrganisationSelectProps) {
  const t = useT();
  const organisations = useOrganisations();
  const tree = useMemo(() => organisationTree(organisations.data?.items ?? []), [organisations.data]);
  return (
    <TreeSelect
      id={id}
      aria-label={t("机构", "Organisation")}
      value={value}
      onChange={(next: string | undefined) => onChange(next)}
      treeData={tree}
      showSearch={{ treeNodeFilterProp: "title" }}
      allowClear={allowClear}
      loading={organisations.isPending}
      treeDefaultExpandedKeys={tree.map((node) => node.value)}
      placeholder={placeholder ?? t("全部机构", "All organisations")}
      popupMatchSelectWidth={320}
      style={{ width }}
    />
  );
}
