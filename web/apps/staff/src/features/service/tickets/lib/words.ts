import type { TicketChannel, TicketClass, TicketState } from "@tianmu/api/wire";
import { dateTime } from "@tianmu/ui/lib/time";
import type { Translate } from "@tianmu/ui/lib/use-lang";
import { yuan } from "../../lib/money";
import { clockWord } from "../../lib/words";

type Text = readonly [zh: string, en: string];

export const STATE_WORDS: Record<TicketState, Text> = {
  open: ["待响应", "Unanswered"],
  working: ["处理中", "Working"],
  paused: ["已暂停", "Paused"],
  resolved: ["待确认", "Solved"],
  closed: ["已关闭", "Closed"],
  cancelled: ["已取消", "Cancelled"],
};

export const CLASS_WORDS: Record<TicketClass, Text> = {
  question: ["操作咨询", "Question"],
  fault: ["故障报修", "Fault"],
  service_request: ["服务请求", "Request"],
  data_correction: ["数据修改", "Data correction"],
  event_support: ["保障服务", "Event support"],
};

/** What the contract says about each class. */
export const CLASS_HELP: Record<TicketClass, Text> = {
  question: ["响应后30分钟内处理完毕", "Handled within 30 minutes of the response"],
  fault: ["与机构约定处理期限", "A deadline is agreed with the institution"],
  service_request: ["与机构约定完成期限", "A deadline is agreed with the institution"],
  data_correction: ["须先填数据修改申请单并经信息科审批", "Needs the form and an approval first"],
  event_support: ["卫健局应急与会议现场保障", "Support on site for emergencies of the bureau"],
};

export const CHANNEL_WORDS: Record<TicketChannel, Text> = {
  phone: ["电话", "Phone"],
  qq: ["QQ", "QQ"],
  wechat: ["微信", "WeChat"],
  web: ["网页", "Web"],
  api: ["接口", "API"],
  mail: ["邮件", "Mail"],
  alert: ["监控告警", "Alert"],
  on_site: ["现场发现", "On site"],
};

export const PRIORITY_WORDS: Record<number, Text> = {
  1: ["1 无法工作", "1 cannot work"],
  2: ["2 影响工作", "2 work suffers"],
  3: ["3 一般", "3 ordinary"],
  4: ["4 建议", "4 a wish"],
};

export const PAUSE_WORDS: Record<string, Text> = {
  party_a: ["等待甲方或机构", "waiting for party A"],
  force_majeure: ["不可抗力", "force majeure"],
};

const SIDE_WORDS: Record<string, Text> = { provider: ["服务商", "Provider"], institution: ["机构", "Institution"] };

/** One line of the journal; null for entries that say nothing to people. */
export function eventText(what: Record<string, unknown>, t: Translate): string | null {
  const word = (words: Record<string, Text>, key: unknown) => {
    const found = words[String(key)];
    return found ? t(...found) : String(key);
  };
  switch (what.event) {
    case "opened":
      return t(`报障（${word(CHANNEL_WORDS, what.channel)}）`, `Reported (${word(CHANNEL_WORDS, what.channel)})`);
    case "classified":
      return t(
        `分类：${word(CLASS_WORDS, what.class)}，优先级 ${what.priority}`,
        `Classified: ${word(CLASS_WORDS, what.class)}, priority ${what.priority}`,
      );
    case "assigned":
      return t(`指派给 ${what.name}`, `Assigned to ${what.name}`);
    case "responded":
      return t(`首次响应${what.note ? `：${what.note}` : ""}`, `First response${what.note ? `: ${what.note}` : ""}`);
    case "deadline_proposed":
      return t(
        `${word(SIDE_WORDS, what.side)}提出期限 ${dateTime(String(what.due_at))}`,
        `${word(SIDE_WORDS, what.side)} proposes ${dateTime(String(what.due_at))}`,
      );
    case "deadline_accepted":
      return t(`${word(SIDE_WORDS, what.side)}同意期限`, `${word(SIDE_WORDS, what.side)} accepts the deadline`);
    case "deadline_declined":
      return t(`${word(SIDE_WORDS, what.side)}不同意期限`, `${word(SIDE_WORDS, what.side)} declines the deadline`);
    case "paused":
      return t(
        `暂停计时（${word(PAUSE_WORDS, what.pause)}）：${what.note}`,
        `Paused (${word(PAUSE_WORDS, what.pause)}): ${what.note}`,
      );
    case "resumed":
      return t("恢复计时", "Resumed");
    case "dispatched":
      return t(`派往现场：${what.place}`, `Dispatched to ${what.place}`);
    case "arrived":
      return t("到达现场", "Arrived on site");
    case "left":
      return t("离开现场", "Left the site");
    case "part_used":
      return t(
        `使用配件 ${what.name} × ${what.quantity}，单价 ${yuan(Number(what.unit_price_cents))}${what.billable ? "（计费）" : "（免费）"}`,
        `Part ${what.name} × ${what.quantity} at ${yuan(Number(what.unit_price_cents))}${what.billable ? " (billed)" : " (free)"}`,
      );
    case "noted":
      return String(what.text);
    case "resolved":
      return t(
        `解决：${what.solution}${what.article ? `（知识条目 ${what.article}）` : ""}`,
        `Solved: ${what.solution}${what.article ? ` (article ${what.article})` : ""}`,
      );
    case "reopened":
      return t("重新打开", "Reopened");
    case "closed":
      return t("确认关闭", "Closed");
    case "rated":
      return t(`评价 ${what.stars} 星${what.comment ? `：${what.comment}` : ""}`, `Rated ${what.stars} stars`);
    case "cancelled":
      return t("取消", "Cancelled");
    case "escalated":
      return t(
        `${t(...clockWord(String(what.clock)))}时限已用 ${what.percent}%，通知 ${(what.told as string[]).join("、") || "—"}`,
        `${what.percent} % of ${t(...clockWord(String(what.clock)))} used; told ${(what.told as string[]).join(", ") || "nobody"}`,
      );
    case "joined":
      return t(`并入大面积故障 ${what.parent_number}`, `Part of outage ${what.parent_number}`);
    case "out_of_scope":
      return what.out_of_scope
        ? t("标记为合同外工作", "Marked as out of scope")
        : t("标记为合同内工作", "Marked as in scope");
    case "approved":
      return t(`数据修改 ${what.correction_number} 已审批`, `Data correction ${what.correction_number} approved`);
    case "approval_withdrawn":
      return t(
        `数据修改 ${what.correction_number} 已撤回，审批失效`,
        `Data correction ${what.correction_number} withdrawn: its approval counts no more`,
      );
    case "replayed":
      return t(
        `重新计算（${what.cause}）：${(what.changes as string[]).join("；")}`,
        `Computed anew (${what.cause}): ${(what.changes as string[]).join("; ")}`,
      );
    case "voided":
      return t("作废上一条记录", "An entry was struck out");
    default:
      return String(what.event);
  }
}
