// Words for every stable error code. A code without words falls back to the server's detail.
import type { ApiError } from "./problem";

type Text = readonly [zh: string, en: string];

export const ERROR_TEXTS: Record<string, Text> = {
  network_unreachable: [
    "连接不上服务器，请检查网络后重试。",
    "The server cannot be reached. Check the network and try again.",
  ],
  service_unavailable: ["服务暂时不可用，请稍后重试。", "The service is temporarily unavailable. Try again shortly."],
  internal: [
    "系统出错了，操作没有完成。请重试；若仍出现，请把编号告诉运维人员。",
    "Something failed and nothing was changed. Try again; if it persists, give the reference to support.",
  ],
  not_found: ["没有找到，可能已被移走或您无权查看。", "Not found: it may have been moved, or you may not see it."],
  forbidden: ["您没有做这件事的权限。", "You are not allowed to do this."],
  too_many_requests: ["操作太频繁，请稍等片刻再试。", "Too many requests. Wait a moment."],
  rate_limited: ["操作太频繁，请稍等片刻再试。", "Too many requests. Wait a moment."],
  body_too_large: ["文件太大：一次上传合计不能超过 64 MB。", "Too large: one upload may hold 64 MB altogether."],
  storage_full: [
    "服务器存储空间不足，数据没有保存。请联系运维人员。",
    "The server's storage is full; nothing was saved. Contact support.",
  ],
  validation_failed: ["有内容填写不正确，请按提示修改。", "Some values are not valid. See the marked fields."],
  invalid_request: ["提交的内容不完整或格式不对。", "The request is incomplete or malformed."],
  stale_version: ["内容已被他人更新，请刷新后再改。", "Someone else changed this meanwhile. Reload and try again."],
  state_conflict: [
    "检查的状态已改变，不能再做这一步。已为您刷新。",
    "The exam has moved on and this step no longer applies. Refreshed.",
  ],
  idempotency_conflict: [
    "这次上传的内容与上一次不同，请重新选择文件上传。",
    "This upload differs from the earlier one with the same key. Choose the files again.",
  ],
  idempotency_key_reused: [
    "这次上传的内容与上一次不同，请重新选择文件上传。",
    "This upload differs from the earlier one with the same key. Choose the files again.",
  ],
  // session
  not_signed_in: ["请先登录。", "Please sign in."],
  session_expired: ["登录已过期，请重新登录。", "Your session has expired. Sign in again."],
  login_failed: ["账号或密码不正确。", "The login name or the password is not right."],
  totp_required: ["请输入动态验证码。", "Enter the one-time code."],
  totp_invalid: [
    "动态验证码不正确或已过期，请输入最新的 6 位数字。",
    "The one-time code is wrong or has expired. Enter the newest 6 digits.",
  ],
  totp_not_enrolled: ["请先绑定动态验证码。", "Enrol the second factor first."],
  totp_enrolment_required: ["该角色必须先绑定动态验证码。", "This role must enrol a second factor first."],
  account_locked: ["密码连续输错，账号已被锁定。", "Too many wrong passwords: the account is locked."],
  account_disabled: ["账号已停用，请联系本单位管理员。", "The account is disabled. Contact your administrator."],
  account_exists: ["该职工已有账号。", "This member of staff already has an account."],
  login_name_taken: ["登录名已被使用。", "The login name is taken."],
  password_too_weak: ["密码强度不够。", "The password is too weak."],
  password_reused: ["不能使用最近用过的密码。", "A recent password may not be used again."],
  password_change_required: ["请先修改初始密码。", "Change the initial password first."],
  must_change_password: ["请先修改初始密码。", "Change the initial password first."],
  roles_exclude_each_other: [
    "系统管理员、安全管理员、审计管理员三者互斥，也不能与业务角色同时授予。",
    "The administrator roles exclude each other and clinical roles.",
  ],
  organisation_code_taken: ["机构编码已被使用。", "The organisation code is taken."],
  // patients
  patient_exists: ["该证件号已登记过，请直接使用已有档案。", "A patient with this number is already registered."],
  possible_duplicate: ["可能与已有患者重复，请先核对。", "This may be a duplicate of a registered patient."],
  identifier_invalid: [
    "证件号码不正确，请核对（含末位校验码）。",
    "The ID number is not valid (check digit included).",
  ],
  birth_date_mismatch: ["出生日期与身份证号不一致。", "The birth date does not agree with the ID number."],
  sex_mismatch: ["性别与身份证号不一致。", "The sex does not agree with the ID number."],
  patient_merged: ["该档案已并入另一份档案。", "This record has been merged into another."],
  merge_with_self: ["不能把档案与自己合并。", "A record cannot be merged with itself."],
  merge_already_undone: ["这次合并已被撤销。", "This merge has already been undone."],
  // ecg
  ecg_file_damaged: ["文件已损坏，无法读出心电数据。", "The file is damaged and cannot be read."],
  ecg_file_truncated: [
    "文件不完整（传输或拷贝中断），请从设备重新导出。",
    "The file is cut short. Export it again from the device.",
  ],
  ecg_format_unknown: [
    "认不出这种文件格式。支持 WFDB、SCP-ECG、HL7 aECG、DICOM 心电、GE MUSE XML 等。",
    "The format is not known. WFDB, SCP-ECG, HL7 aECG, DICOM and GE MUSE XML are read.",
  ],
  ecg_file_missing_part: [
    "缺少配套文件，请把同一次检查的文件一起上传（如 .hea 与 .dat）。",
    "A companion file is missing: upload all the parts together (such as .hea with .dat).",
  ],
  ecg_no_leads: ["文件里没有心电导联数据。", "The file holds no ECG lead."],
  ecg_file_too_long: ["记录时间过长，不是静息心电图。", "The recording is too long for a resting ECG."],
  patient_mismatch: ["文件中的患者与当前患者不一致。", "The patient in the file is not the patient on screen."],
  claimed_by_other: ["已被其他医生接诊。", "Another doctor has claimed it."],
  reviewer_is_signer: ["审核医生不能是签发判读报告的本人。", "The reviewer must not be the signing doctor."],
  report_incomplete: [
    "报告未写完整：请填写所见和诊断结论。",
    "The report is not complete: findings and conclusion are needed.",
  ],
  recording_missing: ["还没有上传心电数据，不能提交。", "There is no recording yet."],
  reason_required: ["请填写原因。", "Give a reason."],
};

/** Words for an error in the wanted language, with the details that its parameters carry. */
export function errorText(error: ApiError, lang: "zh" | "en"): string {
  const pair = ERROR_TEXTS[error.code];
  const own = pair
    ? pair[lang === "zh" ? 0 : 1]
    : error.problem.detail || ERROR_TEXTS.internal?.[lang === "zh" ? 0 : 1] || error.code;
  if (error.code === "claimed_by_other") {
    const name = error.param<string>("name");
    if (name) return lang === "zh" ? `已被 ${name} 医生接诊，暂时不能处理。` : `${name} has claimed it.`;
  }
  return own;
}

/** The server's own explanation, where it adds something to the words for the code. */
export function errorDetail(error: ApiError, lang: "zh" | "en"): string | null {
  const detail = error.problem.detail;
  if (!detail || detail === errorText(error, lang)) return null;
  return error.code.startsWith("ecg_") || error.code === "internal" ? detail : null;
}
