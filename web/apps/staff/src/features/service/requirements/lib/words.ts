import type { Translate } from "@tianmu/ui/lib/use-lang";
import { yuan } from "../../lib/money";

type Text = readonly [zh: string, en: string];

export const STATE_WORDS: Record<string, Text> = {
  registered: ["待反馈", "To be answered"],
  answered: ["已反馈", "Answered"],
  working: ["实施中", "Working"],
  delivered: ["待验收", "Delivered"],
  accepted: ["已验收", "Accepted"],
  declined: ["不予实施", "Declined"],
  withdrawn: ["已撤回", "Withdrawn"],
};

/** The columns of the board: states in the order of work, the finished ones together. */
export const BOARD: readonly { key: string; states: string; words: Text }[] = [
  { key: "registered", states: "registered", words: ["待反馈", "To be answered"] },
  { key: "answered", states: "answered", words: ["已反馈", "Answered"] },
  { key: "working", states: "working", words: ["实施中", "Working"] },
  { key: "delivered", states: "delivered", words: ["待验收", "Delivered"] },
  { key: "over", states: "accepted,declined,withdrawn", words: ["已了结", "Over"] },
];

export const KIND_WORDS: Record<string, Text> = {
  ordinary: ["普通（24小时反馈）", "Ordinary (24 h)"],
  complex: ["复杂（72小时反馈）", "Complex (72 h)"],
};

export const COMPLAINT_WORDS: Record<string, Text> = {
  city_government: ["市委市政府（2倍）", "City committee or government (×2)"],
  health_bureau: ["卫健局领导（1.5倍）", "Leaders of the bureau (×1.5)"],
};

const PARTY: Record<string, Text> = { a: ["甲方", "Party A"], b: ["乙方", "Party B"] };

/** The missed date that an entry is about. */
function missed(what: Record<string, unknown>, lang: "zh" | "en"): string {
  if (!what.due) return "";
  return lang === "zh" ? `因 ${what.due} 未按期，` : ` because of ${what.due}`;
}

export function eventText(what: Record<string, unknown>, t: Translate): string | null {
  const party = t(...(PARTY[String(what.party)] ?? ["", ""]));
  switch (what.event) {
    case "registered":
      return t("登记需求", "Registered");
    case "kind_proposed":
      return t(
        `${party}提出分类：${t(...(KIND_WORDS[String(what.kind)] ?? ["", ""]))}`,
        `${party} proposes ${what.kind}`,
      );
    case "kind_confirmed":
      return t(`${party}确认分类`, `${party} confirms the kind`);
    case "answered":
      return t(
        `反馈：${what.feasible ? "可行" : "不可行"}${what.expected_finish ? `，预计 ${what.expected_finish} 完成` : ""}。${what.answer}`,
        `Feedback: ${what.feasible ? "feasible" : "not feasible"}. ${what.answer}`,
      );
    case "date_proposed":
      return t(`${party}提出「${what.name}」于 ${what.due} 完成`, `${party} proposes ${what.due} for ${what.name}`);
    case "date_accepted":
      return t(`${party}同意日期`, `${party} accepts the date`);
    case "date_declined":
      return t(`${party}不同意日期`, `${party} declines the date`);
    case "reached":
      return t("节点完成", "Milestone reached");
    case "complained":
      return t(
        `${missed(what, "zh")}投诉至${t(...(COMPLAINT_WORDS[String(what.to)] ?? ["", ""]))}：${what.evidence}`,
        `Complaint to ${what.to}${missed(what, "en")}: ${what.evidence}`,
      );
    case "business_affected":
      return t(
        `${missed(what, "zh")}影响业务：${what.evidence}`,
        `Business affected${missed(what, "en")}: ${what.evidence}`,
      );
    case "compensated":
      return t(`患者损失补偿 ${yuan(Number(what.amount_cents))} 元`, `Compensation ${yuan(Number(what.amount_cents))}`);
    case "delivered":
      return t(`交付：${what.note}`, `Delivered: ${what.note}`);
    case "rejected":
      return t("验收不通过", "Rejected");
    case "accepted":
      return t("验收通过", "Accepted");
    case "declined":
      return t("不予实施", "Declined");
    case "withdrawn":
      return t("撤回", "Withdrawn");
    case "noted":
      return String(what.text);
    case "escalated":
      return t(`时限已用 ${what.percent}%`, `${what.percent} % used`);
    case "replayed":
      return t(
        `重新计算（${what.cause}）：${(what.changes as string[]).join("；")}`,
        `Computed anew: ${(what.changes as string[]).join("; ")}`,
      );
    case "struck":
      return t("划去一条记录", "An entry was struck out");
    default:
      return null;
  }
}
