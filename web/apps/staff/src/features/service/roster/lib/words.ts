import type { AttendanceKind, EngineerQualification, MorningState } from "@tianmu/api/wire";

type Text = readonly [zh: string, en: string];

export const STATE_WORDS: Record<string, Text> = {
  missing: ["未排", "Not made"],
  draft: ["草稿", "Draft"],
  published: ["已发布", "Published"],
};

export const SWAP_WORDS: Record<string, Text> = {
  requested: ["待批准", "Asked for"],
  approved: ["已批准", "Approved"],
  declined: ["未批准", "Declined"],
};

export const SKILL_WORDS: Record<EngineerQualification, Text> = {
  software: ["软件", "Software"],
  hardware: ["硬件", "Hardware"],
};

export const ATTENDANCE_WORDS: Record<AttendanceKind, Text> = {
  leave_filed: ["请假（已备案）", "Leave, filed"],
  unfiled_leave: ["未备案离岗", "Left without filing"],
  late_duty: ["值班迟到", "Late for duty"],
  no_reply: ["节假日紧急事项未回应", "No reply on a holiday"],
};

export const ATTENDANCE_HELP: Record<AttendanceKind, Text> = {
  leave_filed: ["排班时避开这一天，不产生违约金。", "The roster avoids the day; nothing is fined."],
  unfiled_leave: [
    "工作日；每人次 200 元，合同年内第 3 次起约谈。",
    "Working days; 200 yuan each, an interview from the third on.",
  ],
  late_duty: ["每人次 100 元。", "100 yuan each."],
  no_reply: ["休息日；100 至 300 元，登记后由人选定。", "Days off; 100 to 300 yuan, chosen by a person afterwards."],
};

export const MORNING_WORDS: Record<MorningState, Text> = {
  in_time: ["按时有人", "In time"],
  late: ["晚到", "Late"],
  nobody: ["无人签到", "Nobody"],
  ahead: ["未到时间", "Ahead"],
  off: ["休息日", "Day off"],
};

export const MORNING_COLOURS: Record<MorningState, string> = {
  in_time: "green",
  late: "orange",
  nobody: "red",
  ahead: "default",
  off: "default",
};
