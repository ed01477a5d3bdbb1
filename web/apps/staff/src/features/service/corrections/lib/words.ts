import type { Translate } from "@tianmu/ui/lib/use-lang";

type Text = readonly [zh: string, en: string];

export const STATE_WORDS: Record<string, Text> = {
  requested: ["待审批", "To be approved"],
  approved: ["待执行", "To be executed"],
  executed: ["待复核", "To be reviewed"],
  closed: ["已办结", "Closed"],
  rejected: ["已驳回", "Rejected"],
  withdrawn: ["已撤回", "Withdrawn"],
};

export function eventText(what: Record<string, unknown>, t: Translate): string | null {
  switch (what.event) {
    case "requested":
      return t(`提交申请（${what.changes} 处修改）`, `Requested (${what.changes} changes)`);
    case "approved":
      return t(
        `审批通过${what.opinion ? `：${what.opinion}` : ""}`,
        `Approved${what.opinion ? `: ${what.opinion}` : ""}`,
      );
    case "exempt":
      return t("按规则无需审批", "No approval needed by the rule");
    case "rejected":
      return t("驳回", "Rejected");
    case "withdrawn":
      return t("撤回", "Withdrawn");
    case "executed":
      return t(
        `执行完成${what.lines ? `（脚本 ${what.lines} 行，摘要 ${String(what.sm3).slice(0, 8)}）` : ""}${Number(what.deviations) > 0 ? `，${what.deviations} 处与申请不同` : ""}`,
        `Executed${what.lines ? ` (${what.lines} lines, SM3 ${String(what.sm3).slice(0, 8)})` : ""}${Number(what.deviations) > 0 ? `, ${what.deviations} differ` : ""}`,
      );
    case "reviewed":
      return what.right
        ? t("复核通过", "Reviewed: right")
        : t(`复核不通过：${what.note}`, `Reviewed: not right: ${what.note}`);
    case "violated":
      return t(`审批前操作（违规）：${what.what}`, `Work before approval: ${what.what}`);
    default:
      return null;
  }
}
