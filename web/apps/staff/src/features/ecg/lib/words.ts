// Chinese and English words of the ECG domain, one place each.
import type { EcgAction, ExamState, GlobalMeasurements, RetakeReason, Urgency } from "@tianmu/api/wire";

type Pair = readonly [zh: string, en: string];

export const STATE_WORDS: Record<ExamState, Pair> = {
  registered: ["已登记", "Registered"],
  acquired: ["已采集", "Acquired"],
  submitted: ["待判读", "To read"],
  reading: ["判读中", "Being read"],
  awaiting_review: ["待审核", "To review"],
  reviewing: ["审核中", "Being reviewed"],
  published: ["已发布", "Published"],
  retake_requested: ["需重采", "Retake requested"],
  withdrawn: ["已撤回", "Withdrawn"],
  voided: ["已作废", "Voided"],
};

export const STATE_COLORS: Record<ExamState, string> = {
  registered: "default",
  acquired: "default",
  submitted: "blue",
  reading: "processing",
  awaiting_review: "purple",
  reviewing: "purple",
  published: "green",
  retake_requested: "orange",
  withdrawn: "red",
  voided: "default",
};

export const URGENCY_WORDS: Record<Urgency, Pair> = {
  stat: ["危急", "Stat"],
  urgent: ["加急", "Urgent"],
  routine: ["普通", "Routine"],
};

export const EVENT_WORDS: Record<string, Pair> = {
  registration_edited: ["修改申请信息", "Request edited"],
  registered: ["登记检查", "Registered"],
  uploaded: ["上传心电数据", "Recording uploaded"],
  analysed: ["自动分析完成", "Analysed"],
  submitted: ["提交判读", "Submitted"],
  claimed: ["接诊判读", "Claimed"],
  released: ["放弃接诊", "Released"],
  claim_expired: ["接诊超时，退回列表", "Claim timed out"],
  signed: ["签发报告", "Signed"],
  review_claimed: ["开始审核", "Review started"],
  returned: ["审核退回", "Returned"],
  approved: ["审核通过，报告发布", "Approved and published"],
  retake_requested: ["要求重新采集", "Retake requested"],
  withdrawn: ["撤回报告", "Withdrawn"],
  voided: ["作废检查", "Voided"],
  patient_mismatch_confirmed: ["确认患者不一致并接受", "Patient mismatch accepted"],
};

export const RETAKE_WORDS: Record<RetakeReason, Pair> = {
  lead_reversal: ["电极接错", "Electrodes reversed"],
  interference: ["干扰严重", "Interference"],
  lead_off: ["导联脱落", "Lead off"],
  wrong_patient: ["患者不符", "Wrong patient"],
  other: ["其他", "Other"],
};

export const SYMPTOMS: readonly Pair[] = [
  ["胸痛", "Chest pain"],
  ["胸闷", "Chest tightness"],
  ["心悸", "Palpitations"],
  ["气促", "Shortness of breath"],
  ["晕厥", "Syncope"],
  ["头晕", "Dizziness"],
  ["体检", "Check-up"],
  ["术前检查", "Before surgery"],
];

export interface MeasurementWord {
  zh: string;
  en: string;
  unit: string;
  /** Usual adult range shown as a hint beside the value, not a diagnosis. */
  low?: number;
  high?: number;
}

// Adult ranges: 《心电图测量技术指南》(2019) and AHA/ACCF/HRS 2009 part III-IV; QTc upper bound of women (460 ms) as the wider one.
export const MEASUREMENTS: Record<keyof GlobalMeasurements, MeasurementWord> = {
  heart_rate_bpm: { zh: "心率", en: "Heart rate", unit: "bpm", low: 60, high: 100 },
  rr_mean_ms: { zh: "RR 间期", en: "RR", unit: "ms", low: 600, high: 1000 },
  p_duration_ms: { zh: "P 波时限", en: "P duration", unit: "ms", high: 120 },
  pr_ms: { zh: "PR 间期", en: "PR", unit: "ms", low: 120, high: 200 },
  qrs_ms: { zh: "QRS 时限", en: "QRS", unit: "ms", high: 110 },
  qt_ms: { zh: "QT 间期", en: "QT", unit: "ms" },
  qtc_bazett_ms: { zh: "QTc（Bazett）", en: "QTc (Bazett)", unit: "ms", high: 460 },
  qtc_fridericia_ms: { zh: "QTc（Fridericia）", en: "QTc (Fridericia)", unit: "ms", high: 460 },
  p_axis_deg: { zh: "P 电轴", en: "P axis", unit: "°", low: 0, high: 75 },
  qrs_axis_deg: { zh: "QRS 电轴", en: "QRS axis", unit: "°", low: -30, high: 90 },
  t_axis_deg: { zh: "T 电轴", en: "T axis", unit: "°" },
  rv5_uv: { zh: "RV5", en: "RV5", unit: "mV" },
  sv1_uv: { zh: "SV1", en: "SV1", unit: "mV" },
  rv5_sv1_uv: { zh: "RV5+SV1", en: "RV5+SV1", unit: "mV", high: 4.0 },
};

export const MEASUREMENT_ORDER = Object.keys(MEASUREMENTS) as (keyof GlobalMeasurements)[];

/** The wire has microvolts; people read millivolts. */
export function shownValue(name: keyof GlobalMeasurements, value: number | null): number | null {
  if (value === null) return null;
  return MEASUREMENTS[name].unit === "mV" ? Math.round(value / 10) / 100 : Math.round(value);
}

export function wireValue(name: keyof GlobalMeasurements, shown: number | null): number | null {
  if (shown === null) return null;
  return MEASUREMENTS[name].unit === "mV" ? Math.round(shown * 1000) : shown;
}

export function outOfRange(name: keyof GlobalMeasurements, shown: number | null): "low" | "high" | null {
  if (shown === null) return null;
  const { low, high } = MEASUREMENTS[name];
  if (low !== undefined && shown < low) return "low";
  if (high !== undefined && shown > high) return "high";
  return null;
}

export const ACTION_WORDS: Record<EcgAction, Pair> = {
  upload: ["上传", "Upload"],
  submit: ["提交判读", "Submit"],
  claim: ["接诊", "Claim"],
  release: ["放弃接诊", "Release"],
  save_report: ["保存", "Save"],
  sign: ["签发", "Sign"],
  claim_review: ["审核", "Review"],
  approve: ["审核通过", "Approve"],
  return: ["退回", "Return"],
  request_retake: ["要求重采", "Request retake"],
  withdraw: ["撤回报告", "Withdraw"],
  void: ["作废", "Void"],
  edit_registration: ["修改申请", "Edit"],
};
