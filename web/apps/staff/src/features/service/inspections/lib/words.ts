// Chinese and English words of inspections, one place each.
import type { InspectionItem, InspectionKind, InspectionState, InspectionVerdict } from "@tianmu/api/wire";

type Pair = readonly [zh: string, en: string];

export const KIND_WORDS: Record<InspectionKind, Pair> = {
  cloud_monthly: ["云平台月巡检", "Cloud, monthly"],
  video_monthly: ["视频硬件月巡检", "Video, monthly"],
  preventive_quarterly: ["季度预防性巡检", "Preventive, quarterly"],
};

export const STATE_WORDS: Record<InspectionState, Pair> = {
  planned: ["待巡检", "Planned"],
  in_progress: ["巡检中", "In progress"],
  submitted: ["待甲方确认", "To confirm"],
  confirmed: ["已确认", "Confirmed"],
  cancelled: ["已取消", "Cancelled"],
};

export const STATE_COLORS: Record<InspectionState, string> = {
  planned: "default",
  in_progress: "processing",
  submitted: "purple",
  confirmed: "green",
  cancelled: "default",
};

export const VERDICT_WORDS: Record<InspectionVerdict, Pair> = {
  normal: ["正常", "In order"],
  abnormal: ["异常", "Abnormal"],
  not_applicable: ["不适用", "Not applicable"],
};

export const WHY_WORDS: Record<string, Pair> = {
  unanswered: ["未填", "not answered"],
  remark_missing: ["缺说明", "remark missing"],
  unconfirmed: ["监控值待确认", "measured, to be confirmed"],
};

export const REMINDER_WORDS: Record<string, Pair> = {
  week_before: ["到期前 7 天", "a week before"],
  day_before: ["到期前 1 天", "the day before"],
  overdue: ["逾期", "overdue"],
};

/** `°C，18–27`: the unit of an item and its normal range; empty for what has none. */
export function rangeText(item: Pick<InspectionItem, "unit" | "low" | "high">): string {
  const { low, high } = item;
  const range = low && high ? `${low}–${high}` : low ? `≥${low}` : high ? `≤${high}` : "";
  return [item.unit, range].filter(Boolean).join("，");
}

/** What a journal entry says, in words. */
export function eventText(what: Record<string, unknown>, t: (zh: string, en: string) => string): string {
  const text = (key: string) => String(what[key] ?? "");
  switch (what.event) {
    case "planned":
      return t(`列入计划，${text("due")} 前完成`, `Planned, due ${text("due")}`);
    case "rescheduled":
      return t(
        `到期日 ${text("from")} → ${text("to")}（${text("cause")}）`,
        `Due ${text("from")} → ${text("to")} (${text("cause")})`,
      );
    case "cancelled":
      return t(`取消（${text("cause")}）`, `Cancelled (${text("cause")})`);
    case "assigned":
      return t(`指派给 ${text("name")}`, `Assigned to ${text("name")}`);
    case "started":
      return t(
        `开始巡检：${text("units")} 台设备，${text("items")} 项`,
        `Started: ${text("units")} units, ${text("items")} items`,
      );
    case "monitoring_read":
      return t(
        `读取监控：填入 ${text("filled")} 项，未采用 ${text("refused")} 项`,
        `Monitoring read: ${text("filled")} filled in, ${text("refused")} not used`,
      );
    case "finding_reported":
      return t(
        `${text("unit")} ${text("item")} 转工单 ${text("ticket_number")}`,
        `${text("unit")} ${text("item")}: ticket ${text("ticket_number")}`,
      );
    case "changed":
      return t(
        `退回后修改 ${text("unit")} ${text("item")}：${text("before")} → ${text("after")}`,
        `Changed after the return, ${text("unit")} ${text("item")}: ${text("before")} → ${text("after")}`,
      );
    case "submitted":
      return t(`提交报告，异常 ${text("abnormal")} 项`, `Submitted, ${text("abnormal")} abnormal`);
    case "returned":
      return t("退回", "Returned");
    case "confirmed":
      return t(
        `甲方确认${what.opinion ? `：${text("opinion")}` : ""}`,
        `Confirmed by party A${what.opinion ? `: ${text("opinion")}` : ""}`,
      );
    case "paper_delivered":
      return t(`纸质报告 ${text("on")} 交付`, `Paper handed over on ${text("on")}`);
    case "reminded": {
      const words = REMINDER_WORDS[text("reminder")] ?? [text("reminder"), text("reminder")];
      const told = Array.isArray(what.told) ? what.told.join("、") : "";
      return t(`提醒（${words[0]}）：${told || "无人"}`, `Reminded (${words[1]}): ${told || "nobody"}`);
    }
    default:
      return text("event");
  }
}
