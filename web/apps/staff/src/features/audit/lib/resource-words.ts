type Pair = readonly [zh: string, en: string];

/** Words for the kinds of record that an audit entry is about; a kind that has none yet is shown by its code. */
const WORDS: Record<string, Pair> = {
  account: ["账号", "Account"],
  department: ["科室", "Department"],
  ecg_exam: ["心电检查", "ECG exam"],
  ecg_phrase: ["短语", "Phrase"],
  ecg_recording: ["心电记录", "Recording"],
  job: ["后台任务", "Job"],
  organisation: ["机构", "Organisation"],
  patient: ["患者", "Patient"],
  patient_duplicate: ["疑似重复", "Possible duplicate"],
  patient_merge: ["档案合并", "Merge"],
  // service: inspections
  service_equipment: ["设备", "Equipment"],
  service_inspection: ["巡检", "Inspection"],
  // service: files
  service_attachment: ["附件", "File"],
  session: ["会话", "Session"],
  staff: ["人员", "Staff member"],
  service_ticket: ["服务工单", "Ticket"],
  service_incident: ["安全事件", "Incident"],
  service_requirement: ["需求", "Requirement"],
  service_correction: ["数据修改", "Data correction"],
  service_penalty: ["违约金", "Penalty"],
  service_settlement: ["结算", "Settlement"],
  service_contract: ["服务合同", "Service contract"],
  service_notice: ["提醒", "Notice"],
  service_hours: ["机构作息", "Opening hours"],
  service_roster: ["值班表", "Roster"],
  service_attendance: ["考勤", "Attendance"],
  service_calendar: ["工作日历", "Calendar"],
};

/** The record that an entry is about: its kind in words, and its id. */
export function resourceText(
  entry: { resource_kind: string | null; resource_id: string | null },
  t: (zh: string, en: string) => string,
): string {
  const words = WORDS[entry.resource_kind ?? ""];
  const kind = words ? t(words[0], words[1]) : (entry.resource_kind ?? "");
  return `${kind} ${entry.resource_id ?? ""}`.trim() || "—";
}
