import type { ServiceNotice } from "@tianmu/api/wire";
import { dateTime } from "@tianmu/ui/lib/time";
import type { Translate } from "@tianmu/ui/lib/use-lang";
import { GRANT_STATES, VULNERABILITY_STATES } from "./words";

const TABS: Record<string, string> = {
  duty_grant: "grants",
  duty_person: "people",
  vulnerability: "vulnerabilities",
  security_report: "reports",
  handover: "handovers",
};

/** Where a notice about a security duty leads; null for others. */
export function dutyPath(notice: ServiceNotice): string | null {
  const tab = TABS[notice.subject_kind];
  return tab ? `/service/duties?tab=${tab}&id=${notice.subject_id}` : null;
}

/** What it says, in a line; null for others. */
export function dutyText(notice: ServiceNotice, t: Translate): string | null {
  const p = notice.params as Record<string, string>;
  const grant = `${p.number ?? ""} ${p.person ?? ""} ${p.system ?? ""}`.trim();
  switch (notice.code) {
    case "grant_requested":
      return t(`权限申请待审批 ${grant}`, `Access to decide: ${grant}`);
    case "grant_changed": {
      const state = t(...(GRANT_STATES[p.state ?? ""] ?? ["", ""]));
      return t(`权限${state} ${grant}`, `Access ${state}: ${grant}`);
    }
    case "grant_expiring":
      return t(`权限将于 ${dateTime(p.until)} 到期 ${grant}`, `Access ends ${dateTime(p.until)}: ${grant}`);
    case "grant_expired":
      return t(`权限已到期，待落实收回 ${grant}`, `Access is over, to be carried out: ${grant}`);
    case "grants_ended":
      return t(
        `${p.person} 离开项目，${p.grants} 项权限已收回，待落实`,
        `${p.person} left: ${p.grants} grants to be carried out`,
      );
    case "vulnerability_changed": {
      const state = t(...(VULNERABILITY_STATES[p.state ?? ""] ?? ["", ""]));
      return t(`漏洞${state} ${p.number} ${p.title}`, `Vulnerability ${state}: ${p.number} ${p.title}`);
    }
    case "security_report_due":
      return t(`年度网络安全报告应于 ${p.due} 前报送`, `The security report is due on ${p.due}`);
    case "security_report_late":
      return t("年度网络安全报告已逾期未报送", "The security report is overdue");
    case "security_report_submitted":
      return t("年度网络安全报告待确认", "A security report to confirm");
    case "security_report_returned":
      return t("年度网络安全报告被退回", "The security report was returned");
    case "security_report_confirmed":
      return t("年度网络安全报告已确认", "The security report is confirmed");
    case "handover_opened":
      return t(
        `移交与销毁清单 ${p.number} 应于 ${p.due} 前完成`,
        `Hand-over ${p.number} is to be completed by ${p.due}`,
      );
    case "handover_completed":
      return t(`移交与销毁清单 ${p.number} 已完成`, `Hand-over ${p.number} is completed`);
    default:
      return null;
  }
}
