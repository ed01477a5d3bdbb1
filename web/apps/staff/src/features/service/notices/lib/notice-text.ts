import type { InspectionKind, ServiceNotice } from "@tianmu/api/wire";
import type { Translate } from "@tianmu/ui/lib/use-lang";
import { DUTY_WORDS as CONTRACT_DUTY_WORDS } from "../../contracts/lib/words";
import { dutyPath, dutyText } from "../../duties/lib/notices";
import { KIND_WORDS, REMINDER_WORDS } from "../../inspections/lib/words";
import { clockWord } from "../../lib/words";

const FOLDERS: Record<string, string> = {
  ticket: "tickets",
  incident: "incidents",
  requirement: "requirements",
  inspection: "inspections",
  data_correction: "corrections",
  article: "knowledge",
};

/** What a notice says, in a line. */
export function noticeText(notice: ServiceNotice, t: Translate): string {
  const p = notice.params as Record<string, unknown>;
  const clock = t(...clockWord(String(p.clock)));
  const what = `${p.number ?? ""} ${p.title ?? ""}`.trim();
  if (notice.code.endsWith("_escalated"))
    return Number(p.percent) >= 100
      ? t(`${what}：${clock}已超时`, `${what}: ${clock} is late`)
      : t(`${what}：${clock}时限已用 ${p.percent}%`, `${what}: ${p.percent} % of ${clock} used`);
  if (notice.code === "incident_declared")
    return t(`登记了 ${p.severity} 事件 ${what}`, `Incident ${p.severity} declared: ${what}`);
  if (notice.code === "incident_report_submitted") return t(`事件报告待审 ${what}`, `Report to review: ${what}`);
  if (notice.code === "incident_report_returned") return t(`事件报告被退回 ${what}`, `Report returned: ${what}`);
  if (notice.code === "contract_due") {
    const duty = t(...(CONTRACT_DUTY_WORDS[String(p.duty)] ?? ["到期事项", "a date"]));
    return t(`合同 ${p.number}：${duty} ${p.date}`, `Contract ${p.number}: ${duty} ${p.date}`);
  }
  if (notice.code === "payment_due")
    return t(
      `合同 ${p.number} 第${p.instalment}期付款应于 ${p.due} 前支付`,
      `Contract ${p.number}: instalment ${p.instalment} is due on ${p.due}`,
    );
  if (notice.code === "payment_late")
    return t(
      `合同 ${p.number} 第${p.instalment}期付款已逾期（${p.due}）`,
      `Contract ${p.number}: instalment ${p.instalment} is late (${p.due})`,
    );
  const alert = p.channel === "alert";
  if (notice.code === "intake_waiting")
    return alert ? t("收到一条告警，待登记", "An alert waits") : t("收到一封来信，待登记", "A letter waits");
  if (notice.code === "ticket_arrived")
    return alert
      ? t(`监控告警已登记为工单 ${p.number}`, `An alert opened ticket ${p.number}`)
      : t(`来信已登记为工单 ${p.number}`, `A letter opened ticket ${p.number}`);
  if (notice.code === "ticket_received")
    return t(`您的来信已登记为工单 ${p.number}`, `Your letter is ticket ${p.number}`);
  if (notice.code === "ticket_addition")
    return t(`工单 ${p.number} 有新的来信或告警`, `Another letter or alert to ticket ${p.number}`);
  if (notice.code === "article_review") return t(`知识条目待审核 ${what}`, `Article to review: ${what}`);
  if (notice.code === "article_returned") return t(`知识条目被退回 ${what}`, `Article returned: ${what}`);
  if (notice.code === "article_published") return t(`知识条目已发布 ${what}`, `Article published: ${what}`);
  if (notice.code === "article_unhelpful") return t(`有人认为没用 ${what}`, `It did not help somebody: ${what}`);
  if (notice.code === "roster_due")
    return t(`${p.month} 值班表应于 ${p.due} 前发布`, `Roster of ${p.month} is due on ${p.due}`);
  if (notice.code === "roster_late") return t(`${p.month} 值班表已逾期未发布`, `Roster of ${p.month} is overdue`);
  if (notice.code === "presence_missing")
    return t(`${p.day} 上班时间已到，驻场无人签到`, `${p.day}: work has begun and nobody is on site`);
  if (notice.code === "inspection_due") {
    const kind = t(...(KIND_WORDS[p.kind as InspectionKind] ?? ["巡检", "Inspection"]));
    const when = t(...(REMINDER_WORDS[String(p.reminder)] ?? ["提醒", "reminder"]));
    const nobody = p.unassigned ? t("，尚未指派", ", nobody has taken it") : "";
    return `${kind} ${what}: ${p.due ?? ""} ${when}${nobody}`;
  }
  return dutyText(notice, t) ?? (what || notice.code);
}

/** Where the record is shown that a notice is about. */
export function noticePath(notice: ServiceNotice): string | null {
  if (notice.subject_kind === "roster")
    return `/service/roster?month=${(notice.params as Record<string, unknown>).month}`;
  if (notice.subject_kind === "contract")
    return "instalment" in (notice.params as object) ? "/service/settlement?tab=payments" : "/service/contracts";
  if (notice.subject_kind === "presence") return "/service/roster?tab=presence";
  if (notice.subject_kind === "intake") return `/service/intake?id=${notice.subject_id}&state=all`;
  const folder = FOLDERS[notice.subject_kind];
  return folder ? `/service/${folder}/${notice.subject_id}` : dutyPath(notice);
}
