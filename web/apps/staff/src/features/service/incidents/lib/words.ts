import type { IncidentEvidence } from "@tianmu/api/wire";
import type { Translate } from "@tianmu/ui/lib/use-lang";
import { clockWord } from "../../lib/words";

type Text = readonly [zh: string, en: string];

export const STATE_WORDS: Record<string, Text> = {
  handling: ["处置中", "Handling"],
  restored: ["已恢复", "Restored"],
  reported: ["报告待审", "Reported"],
  closed: ["已办结", "Closed"],
  void: ["已作废", "Void"],
};

export const SEVERITY_WORDS: Record<string, Text> = {
  S1: ["S1 特别重大", "S1 especially grave"],
  S2: ["S2 重大", "S2 grave"],
  S3: ["S3 较重大", "S3 fairly grave"],
  S4: ["S4 一般", "S4 ordinary"],
};

export const SEVERITY_COLOURS: Record<string, string> = { S1: "red", S2: "volcano", S3: "orange", S4: "default" };

export const HARM_WORDS: Record<string, Text> = {
  none: ["没有数据受损", "No data harmed"],
  one_institution: ["某一机构的数据丢失、被窃取、篡改、假冒", "Data of one institution"],
  several_institutions: ["多个机构的数据丢失、被窃取、篡改、假冒", "Data of several institutions"],
  city_wide: ["全市数据被批量丢失、窃取、篡改、假冒", "City-wide data in bulk"],
};

export const IMPACT_WORDS: Record<string, Text> = {
  slight: ["一定影响", "Some impact"],
  fairly_serious: ["较为严重影响", "Fairly serious"],
  serious: ["严重影响", "Serious"],
  especially_serious: ["特别严重影响", "Especially serious"],
};

export const RECIPIENT_WORDS: Record<string, Text> = {
  authorities: ["主管部门", "Authorities"],
  carrier: ["运营商（书面）", "Carrier (in writing)"],
};

/** What somebody judged, in the contract's words. */
function evidenceText(of: unknown, t: Translate): string {
  const evidence = of as IncidentEvidence;
  const parts = [
    t(
      `接入 ${evidence.connected_institutions} 家，中断基层 ${evidence.primary_stopped} 家、二级以上 ${evidence.secondary_stopped} 家`,
      `${evidence.primary_stopped} primary and ${evidence.secondary_stopped} secondary of ${evidence.connected_institutions} stopped`,
    ),
  ];
  const harm = HARM_WORDS[evidence.data_harm ?? "none"];
  const impact = IMPACT_WORDS[evidence.impact ?? "slight"];
  if (harm && evidence.data_harm && evidence.data_harm !== "none") parts.push(t(...harm));
  if (impact) parts.push(t(...impact));
  return parts.join(t("；", "; "));
}

export function eventText(
  what: Record<string, unknown>,
  t: Translate,
  causes: { code: string; name_zh: string; name_en: string }[],
): string | null {
  const cause = causes.find((c) => c.code === what.cause_code);
  switch (what.event) {
    case "declared":
      return t(`登记事件：${evidenceText(what.evidence, t)}`, `Declared: ${evidenceText(what.evidence, t)}`);
    case "first_alarm":
      return t(`监控首次告警：${what.source || "—"}`, `First alarm: ${what.source || "—"}`);
    case "first_report":
      return t(`首次报告：${what.by || "—"}`, `First report: ${what.by || "—"}`);
    case "judged":
      return t(
        `重新认定证据：${evidenceText(what.evidence, t)}`,
        `Evidence judged anew: ${evidenceText(what.evidence, t)}`,
      );
    case "overridden":
      return t(`专家组认定为 ${what.severity}`, `The panel decides ${what.severity}`);
    case "override_withdrawn":
      return t("撤销专家组认定", "The panel's decision was withdrawn");
    case "responded":
      return what.way === "on_site" ? t("现场响应", "Responded on site") : t("远程响应", "Responded remotely");
    case "measure":
      return t(`处置：${what.text}`, `Measure: ${what.text}`);
    case "restored":
      return t(`恢复${what.note ? `：${what.note}` : ""}`, `Restored${what.note ? `: ${what.note}` : ""}`);
    case "failed_again":
      return t("再次故障", "Failed again");
    case "informed":
      return t(`已告知信息科：${what.recipient}`, `Told the information section: ${what.recipient}`);
    case "report_submitted":
      return t("提交事件报告", "Report submitted");
    case "report_returned":
      return t("退回报告", "Report returned");
    case "report_accepted":
      return t(
        `报告通过，原因分类：${cause?.name_zh ?? what.cause_code}`,
        `Report accepted, cause: ${cause?.name_en ?? what.cause_code}`,
      );
    case "noticed":
      return t(
        `已上报${t(...(RECIPIENT_WORDS[String(what.to)] ?? ["", ""]))}：${what.recipient}（${what.evidence}）`,
        `Told ${what.recipient} (${what.evidence})`,
      );
    case "ticket_linked":
      return t(`关联工单 ${what.number}`, `Ticket ${what.number} linked`);
    case "escalated":
      return t(
        `${t(...clockWord(String(what.clock)))}时限已用 ${what.percent}%`,
        `${what.percent} % of ${what.clock} used`,
      );
    case "replayed":
      return t(
        `重新计算（${what.cause}）：${(what.changes as string[]).join("；")}`,
        `Computed anew: ${(what.changes as string[]).join("; ")}`,
      );
    case "voided":
      return t("作废", "Void");
    case "struck":
      return t("划去一条记录", "An entry was struck out");
    default:
      return null;
  }
}
