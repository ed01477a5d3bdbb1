import { PageHeader } from "@tianmu/ui/page-header";
import { useT } from "@tianmu/ui/lib/use-lang";
import { Tabs } from "antd";
import { useFilters } from "../lib/use-filters";
import { GrantsPanel } from "./components/grants-panel";
import { HandoversPanel } from "./components/handovers-panel";
import { PeoplePanel } from "./components/people-panel";
import { ReportsPanel } from "./components/reports-panel";
import { VulnerabilitiesPanel } from "./components/vulnerabilities-panel";
import "../components/service.css";

/** What annexes 2 and 3 ask of the provider, and what the bureau confirms. */
export function Page() {
  const t = useT();
  const [params, set] = useFilters();
  return (
    <>
      <PageHeader title={t("安全义务", "Security duties")} />
      <Tabs
        size="small"
        activeKey={params.get("tab") ?? "grants"}
        onChange={(key) =>
          set({ tab: key, id: undefined, state: undefined, item: undefined, removal: undefined, left: undefined })
        }
        destroyOnHidden
        items={[
          { key: "grants", label: t("权限授予", "Access"), children: <GrantsPanel /> },
          { key: "people", label: t("人员审查与培训", "People"), children: <PeoplePanel /> },
          { key: "vulnerabilities", label: t("漏洞与风险", "Vulnerabilities"), children: <VulnerabilitiesPanel /> },
          { key: "reports", label: t("年度网络安全报告", "Yearly report"), children: <ReportsPanel /> },
          { key: "handovers", label: t("移交与销毁", "Hand-over and destruction"), children: <HandoversPanel /> },
        ]}
      />
    </>
  );
}
