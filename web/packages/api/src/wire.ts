export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string /* stable snake_case */;
  detail: string;
  request_id: string;
  errors?: { field: string; code: string; detail: string }[];
  params?: Record<string, unknown>;
}
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface Me {
  account_id: string;
  login_name: string;
  kind: "staff" | "resident";
  display_name: string;
  staff_id: string | null;
  patient_id: string | null;
  organisation: { id: string; name: string; kind: OrgKind } | null;
  department: string | null;
  title: string | null;
  roles: { role: RoleCode; scope_organisation_id: string; scope_organisation_name: string }[];
  actions: string[]; // every action that some role of the account allows somewhere, e.g. "ecg_sign_report"; drives the menu
  must_change_password: boolean;
  totp_required: boolean;
  totp_enrolled: boolean;
  idle_timeout_s: number;
}
export interface Device {
  id: string;
  user_agent: string;
  address: string;
  signed_in_at: string;
  last_seen_at: string;
  current: boolean;
}
export type OrgKind =
  | "region"
  | "bureau"
  | "county_hospital"
  | "diagnosis_centre"
  | "town_health_centre"
  | "village_clinic"
  | "service_provider";
export type RoleCode =
  | "system_admin"
  | "security_admin"
  | "audit_admin"
  | "bureau_supervisor"
  | "organisation_manager"
  | "ecg_technician"
  | "ecg_reader"
  | "ecg_reviewer"
  | "clinician"
  | "resident";

export interface Organisation {
  id: string;
  parent_id: string | null;
  kind: OrgKind;
  code: string;
  name: string;
  short_name: string | null;
  address: string | null;
  phone: string | null;
  longitude: number | null;
  latitude: number | null;
  active: boolean;
  child_count: number;
}
export interface Department {
  id: string;
  organisation_id: string;
  name: string;
  code: string | null;
  active: boolean;
}
export interface Staff {
  id: string;
  name: string;
  sex: Sex | null;
  title: string | null /* 主任医师… */;
  licence_number: string | null;
  phone_masked: string | null;
  organisation: { id: string; name: string };
  department: { id: string; name: string } | null;
  active: boolean;
  account: AccountBrief | null;
}
export interface AccountBrief {
  id: string;
  login_name: string;
  enabled: boolean;
  locked_until: string | null;
  last_sign_in_at: string | null;
  roles: {
    role: RoleCode;
    scope_organisation_id: string;
    scope_organisation_name: string;
    expires_at: string | null;
  }[];
  totp_enrolled: boolean;
}
export interface AuditEntry {
  seq: number;
  at: string;
  actor_id: string | null;
  actor_name: string | null;
  actor_kind: "staff" | "resident" | "device" | "system";
  organisation_name: string | null;
  action: string;
  resource_kind: string | null;
  resource_id: string | null;
  patient_id: string | null;
  outcome: "allowed" | "denied" | "failed";
  reason: string | null;
  address: string | null;
  request_id: string | null;
  detail: Record<string, unknown>;
  hash: string;
}

export interface Job {
  id: string;
  kind: string;
  state: "pending" | "running" | "done" | "dead" | "discarded";
  attempts: number;
  max_attempts: number;
  run_at: string;
  created_at: string;
  finished_at: string | null;
  last_error: string | null;
  payload: Record<string, unknown>;
}

export type Sex = "male" | "female" | "unknown";
export type IdentifierKind =
  | "resident_id_card"
  | "residence_permit"
  | "foreign_permanent_resident_card"
  | "passport"
  | "birth_certificate"
  | "health_record_number"
  | "medical_insurance_number"
  | "none";
export interface PatientInput {
  name: string;
  sex: Sex;
  birth_date: string | null;
  identifier_kind: IdentifierKind;
  identifier_number: string | null;
  phone: string | null;
  address: string | null;
  newborn_of_patient_id?: string | null;
  birth_order?: number | null;
  unidentified?: boolean /* 无名氏 */;
  note?: string | null;
  ethnicity?: string | null;
}
export interface PatientBrief {
  id: string;
  name: string;
  sex: Sex;
  birth_date: string | null;
  age_text: string /* 47岁 / 3月龄 / 5天 */;
  identifier_kind: IdentifierKind;
  identifier_masked: string | null;
  phone_masked: string | null;
  organisation_name: string;
  merged_into: string | null;
}
export interface Patient extends PatientBrief {
  address_masked: string | null;
  ethnicity: string | null;
  newborn_of: PatientBrief | null;
  birth_order: number | null;
  unidentified: boolean;
  note: string | null;
  pinyin: string;
  created_at: string;
  updated_at: string;
  row_version: number;
  absorbed: PatientBrief[];
}
export interface DuplicateCandidate {
  patient: PatientBrief;
  score: number /* 0..100 */;
  reasons: string[] /* same_name, same_birth_date, same_sex, same_phone, similar_name */;
}
export interface DuplicatePair {
  id: string;
  a: PatientBrief;
  b: PatientBrief;
  score: number;
  reasons: string[];
  found_at: string;
}
export interface Merge {
  id: string;
  survivor_id: string;
  absorbed: PatientBrief;
  reason: string;
  by_name: string;
  at: string;
  undone_at: string | null;
  undone_by_name: string | null;
}

export type Urgency = "stat" | "urgent" | "routine";
export type ExamState =
  | "registered"
  | "acquired"
  | "submitted"
  | "reading"
  | "awaiting_review"
  | "reviewing"
  | "published"
  | "retake_requested"
  | "withdrawn"
  | "voided";
export type EcgAction =
  | "upload"
  | "submit"
  | "claim"
  | "release"
  | "save_report"
  | "sign"
  | "claim_review"
  | "approve"
  | "return"
  | "request_retake"
  | "withdraw"
  | "void"
  | "edit_registration";
export interface ExamItem {
  id: string;
  exam_number: string /* XD20261122-0001 */;
  state: ExamState;
  urgency: Urgency;
  patient: PatientBrief;
  organisation: { id: string; name: string };
  registered_at: string;
  submitted_at: string | null;
  published_at: string | null;
  waiting_s: number | null;
  due_at: string | null /* turn-around limit of the urgency */;
  claimed_by: { id: string; name: string } | null;
  claim_until: string | null;
  heart_rate_bpm: number | null;
  conclusion: string | null /* machine or report, one line */;
  abnormal: boolean | null;
  returned: boolean;
  recording_count: number;
  clinical_note: string | null;
}
export interface Exam extends ExamItem {
  row_version: number;
  symptoms: string[];
  device_name: string | null;
  requesting_department: string | null;
  requester_name: string | null;
  bed: string | null;
  registered_by: { id: string; name: string };
  recordings: Recording[];
  report: Report | null;
  timeline: TimelineEntry[];
  allowed_actions: EcgAction[];
  returned_reason: string | null;
  retake_reason: string | null;
  previous_exams: {
    id: string;
    exam_number: string;
    published_at: string;
    conclusion: string;
    heart_rate_bpm: number | null;
  }[];
}
export interface TimelineEntry {
  at: string;
  event:
    | "registered"
    | "uploaded"
    | "analysed"
    | "submitted"
    | "claimed"
    | "released"
    | "claim_expired"
    | "signed"
    | "review_claimed"
    | "returned"
    | "approved"
    | "retake_requested"
    | "withdrawn"
    | "voided"
    | "patient_mismatch_confirmed";
  by: string | null;
  organisation: string | null;
  from_state: ExamState | null;
  to_state: ExamState;
  reason: string | null;
  version: number | null;
}
export interface Recording {
  id: string;
  format: string;
  format_label: string;
  sample_rate_hz: number;
  sample_count: number;
  duration_s: number;
  leads: string[];
  derived_leads: string[];
  recorded_at_text: string | null /* as written by the device */;
  device: string | null;
  filters: string | null;
  uploaded_at: string;
  uploaded_by: string;
  files: { name: string; size_bytes: number; sm3: string }[];
  warnings: { code: string; detail: string }[];
  file_patient: { id: string | null; name: string | null; birth_date: string | null; sex: Sex | null } | null;
  analysis: Analysis | null;
  analysis_state: "pending" | "done" | "failed";
  analysis_error: string | null;
  device_statements: string[];
  device_measurements: { name: string; value: number; unit: string }[];
}
export interface Analysis {
  algorithm: string;
  criteria: string;
  global: GlobalMeasurements;
  leads: LeadMeasurements[];
  quality: { lead: string; level: "ok" | "noisy" | "flat" | "missing" }[];
  beats: { r_sample: number; kind: string; rr_ms: number | null }[];
  median: {
    sample_rate_hz: number;
    leads: { lead: string; samples_uv: number[] }[];
    fiducials: {
      p_on: number | null;
      p_off: number | null;
      qrs_on: number | null;
      r: number | null;
      qrs_off: number | null;
      t_peak: number | null;
      t_off: number | null;
    };
  } | null;
  statements: Statement[];
}
export interface GlobalMeasurements {
  heart_rate_bpm: number | null;
  rr_mean_ms: number | null;
  p_duration_ms: number | null;
  pr_ms: number | null;
  qrs_ms: number | null;
  qt_ms: number | null;
  qtc_bazett_ms: number | null;
  qtc_fridericia_ms: number | null;
  p_axis_deg: number | null;
  qrs_axis_deg: number | null;
  t_axis_deg: number | null;
  rv5_uv: number | null;
  sv1_uv: number | null;
  rv5_sv1_uv: number | null;
}
export interface LeadMeasurements {
  lead: string;
  p_amplitude_uv: number | null;
  q_amplitude_uv: number | null;
  q_duration_ms: number | null;
  r_amplitude_uv: number | null;
  s_amplitude_uv: number | null;
  t_amplitude_uv: number | null;
  st_j_uv: number | null;
  st_j60_uv: number | null;
  st_j80_uv: number | null;
}
export interface Statement {
  code: string;
  text_zh: string;
  text_en: string;
  certainty: "definite" | "probable" | "possible";
  severity: "normal" | "borderline" | "abnormal" | "critical";
  snomed: string | null;
  leads: string[];
  grounds: { name: string; value: number | null; unit: string; criterion: string; source: string }[];
}
export interface Report {
  version: number;
  state: "draft" | "signed" | "published" | "withdrawn";
  recording_id: string;
  measurements: MeasurementValue[];
  findings: string /* 心电图所见 */;
  conclusion: string[] /* 诊断 lines */;
  abnormal: boolean;
  updated_at: string;
  updated_by: string;
  signed_by: Signature | null;
  reviewed_by: Signature | null;
  verify_code: string | null;
  pdf_ready: boolean;
  withdrawn_reason: string | null;
}
export interface MeasurementValue {
  name: keyof GlobalMeasurements;
  machine: number | null;
  edited: number | null /* null = machine value stands */;
}
export interface ReportInput {
  recording_id: string;
  measurements: { name: keyof GlobalMeasurements; edited: number | null }[];
  findings: string;
  conclusion: string[];
  abnormal: boolean;
  row_version: number;
}
export interface Signature {
  account_id: string;
  name: string;
  title: string | null;
  licence_number: string | null;
  at: string;
}
export interface ReportVersion {
  version: number;
  state: Report["state"];
  signed_by: Signature | null;
  reviewed_by: Signature | null;
  withdrawn_reason: string | null;
  sm3: string | null;
}
export interface Phrase {
  id: string;
  group: string;
  group_name_zh: string;
  group_name_en: string;
  text_zh: string;
  text_en: string;
  personal: boolean;
  pinyin_initials: string;
  abnormal: boolean;
}

export interface ResidentReport {
  exam_id: string;
  kind: "resting_ecg";
  title: string;
  organisation_name: string;
  examined_at: string;
  published_at: string;
  conclusion: string[];
  abnormal: boolean;
  unread: boolean;
}
export interface ResidentReportDetail extends ResidentReport {
  exam_number: string;
  patient_name: string;
  age_text: string;
  sex: Sex;
  measurements: { name: string; value: number; unit: string; normal: string | null }[];
  findings: string;
  signer_name: string;
  reviewer_name: string;
  recording: { sample_rate_hz: number; sample_count: number; leads: string[] };
  version: number;
  amended: boolean;
  verify_code: string;
}
