// Provisional operation types in the shape that openapi-typescript generates; `npm run api` replaces this file.
import type * as w from "./wire";

type Json<T> = { content: { "application/json": T } };
type Params<P, Q> = ([P] extends [never] ? { path?: never } : { path: P }) &
  ([Q] extends [never] ? { query?: never } : { query?: Q }) & { header?: never; cookie?: never };
type Fail = { 400: { content: { "application/problem+json": w.Problem } } };
type Get<T, P = never, Q = never> = { parameters: Params<P, Q>; requestBody?: never; responses: { 200: Json<T> } & Fail };
type Send<T, B, P = never> = { parameters: Params<P, never>; requestBody: Json<B>; responses: { 200: Json<T> } & Fail };
type SendNone<B, P = never> = { parameters: Params<P, never>; requestBody: Json<B>; responses: { 204: { content?: never } } & Fail };
type Act<T, P = never> = { parameters: Params<P, never>; requestBody?: never; responses: { 200: Json<T> } & Fail };
type ActNone<P = never> = { parameters: Params<P, never>; requestBody?: never; responses: { 204: { content?: never } } & Fail };
type Id = { id: string };
type ExamId = { exam_id: string };
type PhraseId = { phrase_id: string };
type JobId = { job_id: string };
type AccountId = { account_id: string };
type OrganisationId = { organisation_id: string };
type StaffId = { staff_id: string };
type DepartmentId = { department_id: string };
type DeviceId = { device_id: string };
type Paging = { cursor?: string; limit?: number };
type List<T> = { items: T[] };
type OrgInput = {
  parent_id?: string | null; kind?: w.OrgKind; name?: string; short_name?: string | null; code?: string; address?: string | null;
  phone?: string | null; longitude?: number | null; latitude?: number | null; active?: boolean;
};
type StaffInput = {
  name?: string; sex?: w.Sex | null; title?: string | null; licence_number?: string | null; phone?: string | null;
  organisation_id?: string; department_id?: string | null; active?: boolean;
};
export type RoleInfo = {
  role: w.RoleCode; name_zh: string; name_en: string; description_zh: string; description_en: string; actions: string[]; excludes: w.RoleCode[];
};
export type About = {
  version: string; build: string; database: string; started_at: string; demo: boolean;
  demo_accounts?: { login_name: string; password: string; title_zh: string; title_en: string; kind: "staff" | "resident" }[];
};
export type WorklistCounts = { to_read: number; to_review: number; mine: number; to_read_stat: number; oldest_waiting_s: number | null };
export type AuditVerification = { ok: boolean; checked: number; first_bad_seq: number | null; head_hash: string; checked_at: string };
export type Revealed = { name: string; identifier_number: string | null; phone: string | null; address: string | null };
export type TotpEnrolment = { secret_base32: string; otpauth_uri: string; qr_svg: string };

export interface paths {
  "/api/v1/session": {
    get: Get<w.Me>;
    post: Send<w.Me, { login_name: string; password: string; totp_code?: string }>;
    delete: ActNone;
  };
  "/api/v1/session/password": { post: SendNone<{ current_password: string; new_password: string }> };
  "/api/v1/session/devices": { get: Get<List<w.Device>> };
  "/api/v1/session/devices/{device_id}": { delete: ActNone<DeviceId> };
  "/api/v1/session/totp": { post: Act<TotpEnrolment>; delete: SendNone<{ password: string }> };
  "/api/v1/session/totp/confirm": { post: SendNone<{ code: string }> };
  "/api/v1/organisations": { get: Get<List<w.Organisation>>; post: Send<w.Organisation, OrgInput> };
  "/api/v1/organisations/{organisation_id}": { patch: Send<w.Organisation, OrgInput, OrganisationId> };
  "/api/v1/organisations/{organisation_id}/departments": {
    get: Get<List<w.Department>, OrganisationId>;
    post: Send<w.Department, { name: string; code?: string | null }, OrganisationId>;
  };
  "/api/v1/departments/{department_id}": { patch: Send<w.Department, { name?: string; active?: boolean }, DepartmentId> };
  "/api/v1/staff": {
    get: Get<w.Page<w.Staff>, never, Paging & { q?: string; organisation_id?: string; active?: boolean }>;
    post: Send<w.Staff, StaffInput>;
  };
  "/api/v1/staff/{staff_id}": { get: Get<w.Staff, StaffId>; patch: Send<w.Staff, StaffInput, StaffId> };
  "/api/v1/accounts": { post: Send<w.AccountBrief, { staff_id: string; login_name: string; initial_password: string }> };
  "/api/v1/accounts/{account_id}": { get: Get<w.AccountBrief, AccountId> };
  "/api/v1/accounts/{account_id}/disable": { post: ActNone<AccountId> };
  "/api/v1/accounts/{account_id}/enable": { post: ActNone<AccountId> };
  "/api/v1/accounts/{account_id}/unlock": { post: ActNone<AccountId> };
  "/api/v1/accounts/{account_id}/password-reset": { post: Act<{ initial_password: string }, AccountId> };
  "/api/v1/accounts/{account_id}/totp": { delete: ActNone<AccountId> };
  "/api/v1/accounts/{account_id}/roles": {
    put: Send<w.AccountBrief, { roles: { role: w.RoleCode; scope_organisation_id: string; expires_at?: string | null }[] }, AccountId>;
  };
  "/api/v1/accounts/{account_id}/devices": { get: Get<List<w.Device>, AccountId>; delete: ActNone<AccountId> };
  "/api/v1/accounts/{account_id}/devices/{device_id}": { delete: ActNone<{ account_id: string; device_id: string }> };
  "/api/v1/roles": { get: Get<List<RoleInfo>> };
  "/api/v1/audit": {
    get: Get<
      w.Page<w.AuditEntry>,
      never,
      Paging & { actor_id?: string; action?: string; resource_id?: string; patient_id?: string; outcome?: string; from?: string; to?: string }
    >;
  };
  "/api/v1/audit/verification": { get: Get<AuditVerification> };
  "/api/v1/jobs": { get: Get<w.Page<w.Job>, never, Paging & { state?: string }> };
  "/api/v1/jobs/{job_id}/retry": { post: ActNone<JobId> };
  "/api/v1/jobs/{job_id}/discard": { post: SendNone<{ reason: string }, JobId> };
  "/api/v1/system/about": { get: Get<About> };
  "/api/v1/patients": {
    get: Get<w.Page<w.PatientBrief>, never, Paging & { q?: string; birth_date?: string; sex?: w.Sex }>;
    post: Send<w.Patient, w.PatientInput & { duplicate_acknowledged?: boolean }>;
  };
  "/api/v1/patients/{id}": { get: Get<w.Patient, Id>; patch: Send<w.Patient, Partial<w.PatientInput> & { row_version: number }, Id> };
  "/api/v1/patients/{id}/reveal": { post: Send<Revealed, { reason: string }, Id> };
  "/api/v1/patients/{id}/merge": { post: Send<w.Patient, { absorbed_patient_id: string; reason: string }, Id> };
  "/api/v1/patients/{id}/merges": { get: Get<List<w.Merge>, Id> };
  "/api/v1/patients/merges/{id}/undo": { post: Send<w.Patient, { reason: string }, Id> };
  "/api/v1/patients/duplicates": { get: Get<w.Page<w.DuplicatePair>, never, Paging> };
  "/api/v1/patients/duplicates/{id}/dismiss": { post: SendNone<{ reason: string }, Id> };
  "/api/v1/ecg/exams": {
    get: Get<
      w.Page<w.ExamItem>,
      never,
      Paging & {
        q?: string; state?: string; urgency?: string; organisation_id?: string; patient_id?: string; reader_id?: string;
        from?: string; to?: string; abnormal?: boolean; sort?: "newest" | "oldest";
      }
    >;
    post: Send<
      w.Exam,
      {
        patient_id: string; urgency: w.Urgency; clinical_note?: string | null; symptoms?: string[]; device_name?: string | null;
        requesting_department?: string | null; bed?: string | null; requester_name?: string | null;
      }
    >;
  };
  "/api/v1/ecg/worklist": {
    get: Get<
      w.Page<w.ExamItem>,
      never,
      Paging & { queue?: "to_read" | "to_review" | "mine"; urgency?: string; organisation_id?: string; q?: string }
    >;
  };
  "/api/v1/ecg/worklist/counts": { get: Get<WorklistCounts> };
  "/api/v1/ecg/exams/{exam_id}": {
    get: Get<w.Exam, ExamId>;
    patch: Send<w.Exam, { urgency?: w.Urgency; clinical_note?: string | null; device_name?: string | null; row_version: number }, ExamId>;
  };
  "/api/v1/ecg/exams/{exam_id}/submit": { post: Act<w.Exam, ExamId> };
  "/api/v1/ecg/exams/{exam_id}/claim": { post: Act<w.Exam, ExamId> };
  "/api/v1/ecg/exams/{exam_id}/release": { post: Act<w.Exam, ExamId> };
  "/api/v1/ecg/exams/{exam_id}/request-retake": { post: Send<w.Exam, { reason_code: string; reason: string }, ExamId> };
  "/api/v1/ecg/exams/{exam_id}/void": { post: Send<w.Exam, { reason: string }, ExamId> };
  "/api/v1/ecg/exams/{exam_id}/claim-review": { post: Act<w.Exam, ExamId> };
  "/api/v1/ecg/exams/{exam_id}/approve": { post: Act<w.Exam, ExamId> };
  "/api/v1/ecg/exams/{exam_id}/return": { post: Send<w.Exam, { reason: string }, ExamId> };
  "/api/v1/ecg/exams/{exam_id}/withdraw": { post: Send<w.Exam, { reason: string }, ExamId> };
  "/api/v1/ecg/exams/{exam_id}/report": { put: Send<w.Exam, w.ReportInput, ExamId> };
  "/api/v1/ecg/exams/{exam_id}/sign": { post: Send<w.Exam, { row_version: number; password?: string }, ExamId> };
  "/api/v1/ecg/exams/{exam_id}/versions": { get: Get<List<w.ReportVersion>, ExamId> };
  "/api/v1/ecg/reports/verify/{code}": {
    get: Get<
      {
        valid: boolean; exam_number: string; patient_name_masked: string; published_at: string | null; organisation_name: string;
        signer_name: string | null; reviewer_name: string | null; version: number; superseded: boolean;
      },
      { code: string }
    >;
  };
  "/api/v1/ecg/phrases": { get: Get<List<w.Phrase>>; post: Send<w.Phrase, { group: string; text_zh: string; text_en?: string }> };
  "/api/v1/ecg/phrases/{phrase_id}": { delete: ActNone<PhraseId> };
  "/api/v1/resident/reports": { get: Get<w.Page<w.ResidentReport>, never, Paging> };
  "/api/v1/resident/reports/{exam_id}": { get: Get<w.ResidentReportDetail, { exam_id: string }> };
}
