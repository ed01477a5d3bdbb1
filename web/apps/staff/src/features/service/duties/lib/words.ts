import type { Translate } from "@tianmu/ui/lib/use-lang";

type Text = readonly [zh: string, en: string];

export const GRANT_STATES: Record<string, Text> = {
  requested: ["待审批", "Requested"],
  lapsed: ["未审批已过期", "Lapsed"],
  refused: ["已驳回", "Refused"],
  cancelled: ["已取消", "Cancelled"],
  coming: ["未开始", "Coming"],
  active: ["生效中", "Active"],
  expired: ["已到期", "Expired"],
  withdrawn: ["已收回", "Withdrawn"],
  returned: ["已归还", "Returned"],
};

export const GRANT_ACCESS: Record<string, Text> = {
  read: ["只读", "Read"],
  write: ["读写", "Write"],
  admin: ["系统管理", "Administration"],
  database: ["数据库", "Database"],
  remote: ["远程VPN", "Remote (VPN)"],
};

/** What stands in the way of access, and what it is warned of. */
export const PERSON_MARKS: Record<string, Text> = {
  person_left: ["已离开项目", "Has left"],
  background_missing: ["未做背景审查", "No background check"],
  background_failed: ["背景审查未通过", "Background check failed"],
  confidentiality_missing: ["未签保密协议", "No confidentiality agreement"],
  training_missing: ["未参加安全培训", "Not trained"],
  training_outdated: ["培训已满一年", "Training older than a year"],
};

export const RECORD_KINDS: Record<string, Text> = {
  background: ["背景审查", "Background check"],
  confidentiality: ["保密协议", "Confidentiality"],
  training: ["安全培训", "Training"],
};

export const VULNERABILITY_STATES: Record<string, Text> = {
  found: ["待上报", "Found"],
  reported: ["处置中", "Reported"],
  fixed: ["待关闭", "Fixed"],
  closed: ["已关闭", "Closed"],
};

export const SEVERITIES: Record<string, Text> = {
  critical: ["超危", "Critical"],
  high: ["高危", "High"],
  medium: ["中危", "Medium"],
  low: ["低危", "Low"],
};

export const SEVERITY_COLOURS: Record<string, string> = {
  critical: "red",
  high: "volcano",
  medium: "orange",
  low: "blue",
};

export const AUTHORITIES: Record<string, Text> = {
  cyberspace: ["网信部门", "Cyberspace authority"],
  police: ["公安机关", "Police"],
};

export const REPORT_STATES: Record<string, Text> = {
  missing: ["未编制", "Missing"],
  draft: ["编制中", "Draft"],
  submitted: ["待确认", "Submitted"],
  confirmed: ["已确认", "Confirmed"],
};

export const HANDOVER_STATES: Record<string, Text> = {
  open: ["办理中", "Open"],
  completed: ["已完成", "Completed"],
};

export const OCCASIONS: Record<string, Text> = {
  contract_end: ["合同期满", "End of contract"],
  person_left: ["人员离开", "Person leaves"],
};

export const ITEM_KINDS: Record<string, Text> = {
  documents: ["文档资料", "Documents"],
  accounts: ["账号权限", "Accounts"],
  equipment: ["设备", "Equipment"],
  source_config: ["源代码与配置", "Source and configuration"],
  data_copies: ["数据副本", "Copies of data"],
};

export const METHODS: Record<string, Text> = {
  overwrite: ["数据覆写", "Overwrite"],
  degauss: ["消磁", "Degauss"],
  physical: ["物理销毁", "Physical"],
};

/** One line for an entry of a vulnerability's journal. */
export function vulnerabilityEvent(what: Record<string, unknown>, t: Translate): string | null {
  const severity = t(...(SEVERITIES[String(what.severity)] ?? ["", ""]));
  switch (what.event) {
    case "found":
      return t(`发现（${severity}）`, `Found (${severity})`);
    case "reported":
      return t(`已上报${what.recipient}（${what.way}）`, `Reported to ${what.recipient} (${what.way})`);
    case "judged":
      return t(`等级改为${severity}`, `Now ${severity}`);
    case "measure":
      return t(`处置：${what.text}`, `Measure: ${what.text}`);
    case "fixed":
      return t(`修复：${what.text}`, `Fixed: ${what.text}`);
    case "consented": {
      const who = t(...(AUTHORITIES[String(what.authority)] ?? ["", ""]));
      return t(`${who}同意公开（${what.reference}）`, `${who} consents to a publication (${what.reference})`);
    }
    case "published":
      return t(`已公开：${what.place}`, `Published: ${what.place}`);
    case "closed":
      return t(`关闭：${what.conclusion}`, `Closed: ${what.conclusion}`);
    case "reopened":
      return t("重新处置", "Opened again");
    case "escalated": {
      const told = Array.isArray(what.told) ? what.told.join("、") : "";
      return t(`上报时限已用 ${what.percent}%，已提醒${told}`, `${what.percent} % of the limit used, told ${told}`);
    }
    default:
      return null;
  }
}
