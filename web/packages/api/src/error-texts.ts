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
  already_merged: ["这份档案已经合并过，请使用保留的档案。", "This record was merged already. Use the surviving one."],
  identifiers_differ: [
    "两份档案的证件号码不同，不能合并。",
    "The two records carry different ID numbers and cannot be merged.",
  ],
  residents_only: [
    "这里是居民端，医务人员请使用工作台。",
    "This is the residents’ side. Staff use the staff application.",
  ],
  staff_only: ["该功能仅供工作人员使用。", "This is for staff only."],
  cross_site_request: [
    "请求来自其他网站，已拒绝。请从本系统页面操作。",
    "Refused: the request came from another site.",
  ],
  database_unavailable: ["数据库暂时连接不上，请稍后重试。", "The database cannot be reached. Try again shortly."],
  window_too_large: ["一次读取的波形过长，请缩小范围。", "Too much of the trace at once. Ask for a shorter part."],
  query_invalid: ["查询条件格式不正确，请检查日期等条件。", "A search condition is malformed. Check the dates."],
  upload_unreadable: ["上传中断或内容不完整，请重新上传。", "The upload was interrupted or incomplete. Upload again."],
  upload_field_unknown: ["上传内容中有无法识别的字段。", "The upload has an unknown field."],
  body_not_json: ["提交的内容格式不正确。", "The request is not readable."],
  body_unreadable: ["提交的内容无法读取，请重试。", "The request could not be read. Try again."],
  cursor_invalid: [
    "翻页位置已失效，请回到第一页。",
    "The page position is no longer valid. Go back to the first page.",
  ],
  limit_out_of_range: ["每页条数超出范围。", "The page size is out of range."],
  measurement_unknown: ["有无法识别的测量项目。", "There is an unknown measurement."],
  role_unknown: ["有不存在的角色。", "There is no such role."],
  state_unknown: ["有不存在的检查状态。", "There is no such state."],
  idempotency_key_invalid: ["上传标识不正确，请重新上传。", "The upload key is not valid. Upload again."],
  method_not_allowed: ["该地址不支持此操作。", "This address does not take this request."],
  migrations_pending: ["系统正在升级，请稍后重试。", "The system is being upgraded. Try again shortly."],
  shutting_down: ["系统正在重启，请稍后重试。", "The system is restarting. Try again shortly."],
  not_found: ["没有找到，可能已被移走或您无权查看。", "Not found: it may have been moved, or you may not see it."],
  forbidden: ["您没有做这件事的权限。", "You are not allowed to do this."],
  too_many_requests: ["操作太频繁，请稍等片刻再试。", "Too many requests. Wait a moment."],
  body_too_large: ["文件太大：一次上传合计不能超过 64 MB。", "Too large: one upload may hold 64 MB altogether."],
  validation_failed: ["有内容填写不正确，请按提示修改。", "Some values are not valid. See the marked fields."],
  stale_version: ["内容已被他人更新，请刷新后再改。", "Someone else changed this meanwhile. Reload and try again."],
  state_conflict: [
    "检查的状态已改变，不能再做这一步。已为您刷新。",
    "The exam has moved on and this step no longer applies. Refreshed.",
  ],
  internal_error: [
    "系统出错了，操作没有完成。请重试；若仍出现，请把编号告诉运维人员。",
    "Something failed and nothing was changed. Try again; if it persists, give the reference to support.",
  ],
  database_busy: ["系统正忙，请稍后重试。", "The system is busy. Try again shortly."],
  request_timed_out: ["处理超时，请重试。", "It took too long. Try again."],
  storage_full: [
    "服务器存储空间不足，数据没有保存。请联系运维人员。",
    "The server's storage is full; nothing was saved. Contact support.",
  ],
  body_invalid: ["提交的内容不完整或格式不对。", "The request is incomplete or malformed."],
  invalid_request: ["提交的内容不完整或格式不对。", "The request is incomplete or malformed."],
  instant_invalid: ["时间格式不正确。", "The time is malformed."],
  already_exists: ["已经存在。", "It exists already."],
  too_many_sign_ins: ["登录尝试太频繁，请稍候再试。", "Too many sign-in attempts. Wait a moment."],
  idempotency_key_reused: [
    "这次上传的内容与上一次不同，请重新选择文件上传。",
    "This upload differs from the earlier one with the same key. Choose the files again.",
  ],
  session_ended_by_administrator: [
    "您已被管理员强制下线，请重新登录。",
    "An administrator signed you out. Sign in again.",
  ],
  sign_in_incomplete: ["请先修改初始密码或绑定动态验证码。", "Change the password or enrol the second factor first."],
  password_wrong: ["密码不正确，没有签发。", "The password is wrong; nothing was signed."],
  totp_enrolled: ["已经绑定过动态验证码。", "A second factor is enrolled already."],
  totp_not_begun: ["请重新开始绑定。", "Begin the enrolment again."],
  staff_has_account: ["该人员已有账号。", "This member of staff already has an account."],
  own_account: ["不能对自己的账号做这个操作。", "Not on your own account."],
  role_of_another_kind: ["该角色不能授予这类账号。", "This role is not for accounts of this kind."],
  too_many_roles: ["一个账号最多 20 个角色。", "At most 20 roles for an account."],
  licence_number_taken: ["执业证书编号已被登记。", "The licence number is registered already."],
  department_name_taken: ["本机构已有同名科室。", "The organisation already has a department of this name."],
  organisation_full: ["下级机构数量已达上限。", "No more organisations can be added here."],
  job_not_dead: ["该任务已不在失败状态。", "The job is no longer dead."],
  merge_with_self: ["不能把档案与自己合并。", "A record cannot be merged with itself."],
  merge_not_last: ["请先撤销后来的合并。", "Undo the later merge first."],
  duplicate_not_open: ["这一对已被处理。", "This pair has been dealt with."],
  claim_expired: ["接诊已超时，请重新接诊。", "The claim has timed out. Claim it again."],
  report_signed: ["报告已签发，不能再改。", "The report is signed and cannot be changed."],
  too_many_files: ["一次最多上传 20 个文件。", "At most 20 files at once."],
  too_many_recordings: ["这例检查的采集次数已达上限。", "This exam has too many recordings."],
  upload_too_large: ["文件太大：一次上传合计不能超过 64 MB。", "Too large: one upload may hold 64 MB altogether."],
  // service: the desk, incidents, requirements, corrections, money
  no_contract: ["还没有录入服务合同，请先由卫健局信息科录入。", "No service contract has been entered yet."],
  contract_code_taken: ["合同编号已被使用。", "Another contract has this code."],
  approval_required: [
    "须先经卫健局信息科审批数据修改申请单（附件1 1.3.2-4）。",
    "An approved data correction must come first.",
  ],
  own_article: ["须由作者以外的人审核发布。", "Another person than the author publishes an article."],
  own_proposal: ["这是本方提出的，须由对方答复。", "The other side has to answer this."],
  no_proposal: ["对方没有提出，无需答复。", "Nothing has been proposed."],
  item_missing: [
    "请先选择属于哪个合同项目：由它决定配件是否计费。",
    "Say first which item it belongs to: that decides who pays.",
  ],
  has_children: ["这张工单下已有并入的工单，不能再并入别的工单。", "This ticket has parts of its own."],
  no_override: ["没有专家组认定可撤销。", "No panel has decided otherwise."],
  report_needed: [
    "只有一般事件（S4）可仅告知信息科，其余须提交报告。",
    "Only an ordinary incident (S4) needs no report.",
  ],
  ticket_linked: ["这张工单已经关联。", "This ticket is linked already."],
  milestone_reached: ["这个节点已经完成。", "This milestone was reached already."],
  too_many_milestones: ["节点太多。", "Too many milestones."],
  own_other_party: [
    "您已在这条需求中代表另一方办理过，不能再代表本方。",
    "This account has acted for the other party on this requirement.",
  ],
  nothing_missed: ["这个节点没有未按期的约定日期。", "No agreed date of this milestone has been missed."],
  own_request: ["不能审批自己提出的申请。", "Nobody approves what they asked for."],
  own_approval: ["不能执行自己审批的修改，请由工程师执行。", "Nobody carries out what they approved."],
  own_execution: ["不能复核自己执行的修改。", "Nobody reviews what they carried out."],
  choice_missing: ["须先在原记录中选定金额。", "The amount has to be chosen first, where it was recorded."],
  accepted_already: ["本方已经确认过。", "This party has accepted it already."],
  accepted_for_other_party: ["同一个人不能代表双方确认。", "One person does not accept for both parties."],
  payment_reversed: ["这笔付款已经冲销。", "This payment was taken back already."],
  calendar_year_unknown: [
    "该年的节假日安排尚未公布或导入，无法计算；请导入后再试。",
    "The holidays of that year are not known: import the notice first.",
  ],
  // service: files
  attachment_too_large: ["单个附件不能超过 20 MB。", "One file may have 20 MB."],
  attachments_too_many: ["附件太多：一次最多 10 个。", "Too many files: at most 10 at once."],
  attachment_voided: ["这个附件已作废。", "This file was voided."],
  // service: inspections
  period_not_begun: ["这次巡检的周期还没有开始。", "The time of this inspection has not begun."],
  no_equipment: ["合同中没有需要巡检的设备。", "The contract names no equipment to inspect."],
  not_abnormal: ["只有判为异常的项目才能转为工单。", "Only an abnormal item becomes a ticket."],
  finding_exists: ["这一项已经转过工单。", "This item has a ticket already."],
  own_signature: ["巡检方不能代甲方确认，请由甲方账号确认。", "The other party confirms, with an account of its own."],
  monitoring_absent: ["没有接入监控系统。", "No monitoring system is connected."],
  inspection_incomplete: [
    "还有项目没有完成，不能提交。",
    "Some items are not finished; the report cannot be submitted.",
  ],
  // ecg, more
  ecg_file_missing: ["没有收到文件，请重新选择。", "No file arrived. Choose it again."],
  ecg_file_beyond_limits: [
    "文件超出可处理的范围（过长或导联过多）。",
    "The file is beyond the limits (too long, or too many leads).",
  ],
  ecg_feature_unsupported: [
    "文件使用了暂不支持的编码方式，请在设备上换一种格式导出。",
    "The file uses an encoding that is not supported. Export another format.",
  ],
  // patients, more
  unidentified_with_identifier: ["身份不明的患者不应有证件号。", "An unidentified person has no ID number."],
  // session
  not_signed_in: ["请先登录。", "Please sign in."],
  session_expired: ["登录已过期，请重新登录。", "Your session has expired. Sign in again."],
  login_failed: ["账号或密码不正确。", "The login name or the password is not right."],
  totp_required: ["请输入动态验证码。", "Enter the one-time code."],
  totp_invalid: [
    "动态验证码不正确或已过期，请输入最新的 6 位数字。",
    "The one-time code is wrong or has expired. Enter the newest 6 digits.",
  ],
  account_locked: ["密码连续输错，账号已被锁定。", "Too many wrong passwords: the account is locked."],
  account_disabled: ["账号已停用，请联系本单位管理员。", "The account is disabled. Contact your administrator."],
  login_name_taken: ["登录名已被使用。", "The login name is taken."],
  password_too_weak: ["密码强度不够。", "The password is too weak."],
  password_reused: ["不能使用最近用过的密码。", "A recent password may not be used again."],
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
  patient_mismatch: ["文件中的患者与当前患者不一致。", "The patient in the file is not the patient on screen."],
  claimed_by_other: ["已被其他医生接诊。", "Another doctor has claimed it."],
  reviewer_is_signer: ["审核医生不能是签发判读报告的本人。", "The reviewer must not be the signing doctor."],
  report_incomplete: [
    "报告未写完整：请填写所见和诊断结论。",
    "The report is not complete: findings and conclusion are needed.",
  ],
  recording_missing: ["还没有上传心电数据，不能提交。", "There is no recording yet."],
  reason_required: ["请把原因写清楚（至少 2 个字）。", "Give a reason."],
};

/** Words for what is wrong with one field. */
export const FIELD_TEXTS: Record<string, Text> = {
  required: ["必填", "required"],
  too_long: ["太长", "too long"],
  too_short: ["太短", "too short"],
  too_simple: ["须含大写、小写、数字、符号中的三种", "use three of: upper case, lower case, digits, symbols"],
  too_common: ["太常见，容易被猜到", "too common"],
  contains_login_name: ["不能包含登录名", "must not contain the login name"],
  control_characters: ["含有不可见字符", "contains control characters"],
  out_of_range: ["超出范围", "out of range"],
  not_a_code: ["只能用字母、数字和横线", "letters, digits and hyphens only"],
  in_the_past: ["不能早于现在", "must lie in the future"],
  reason_required: ["请把原因写清楚", "a reason is needed"],
  reason_length: ["原因须为 4 至 500 个字", "4 to 500 characters"],
  name_invalid: ["姓名不正确", "not a name"],
  phone_invalid: ["电话号码不正确", "not a phone number"],
  birth_date_mismatch: ["出生日期与身份证号不一致", "differs from the ID number"],
  sex_mismatch: ["性别与身份证号不一致", "differs from the ID number"],
  birth_date_in_future: ["出生日期不能晚于今天", "lies in the future"],
  birth_date_too_early: ["出生日期过早", "too long ago"],
  birth_date_required: ["请填写出生日期", "a birth date is needed"],
  birth_date_before_mother: ["出生日期早于母亲", "before the mother's"],
  mother_not_female: ["母亲档案的性别为男", "the mother's record says male"],
  mother_not_found: ["找不到母亲的档案", "no such mother"],
  birth_order_taken: ["该胎次已登记", "this child is registered"],
  identifier_kind_required: ["请选择证件类型", "say what kind of number it is"],
  identifier_required: ["请填写证件号码", "a number is needed"],
  identifier_invalid: ["证件号码不正确", "not a valid number"],
  address_masked: ["住址是遮盖后的内容，请填写完整住址", "this is the masked address"],
  licence_number_invalid: ["应为 8 至 30 位字母或数字", "8 to 30 letters and digits"],
  login_name_invalid: [
    "3 至 32 位字母、数字、点、横线或下划线",
    "3 to 32 letters, digits, dots, hyphens or underscores",
  ],
  department_elsewhere: ["该科室不属于所选机构", "not a department of this organisation"],
  parent_is_a_leaf: ["村卫生室下不能再设机构", "nothing lies below a village clinic"],
  // service: the desk, incidents, requirements, corrections, money
  before_approval: ["早于审批时间；如确有此事请登记违规", "before the approval"],
  before_due: ["早于应完成日期", "before it was due"],
  before_incident: ["早于事件开始", "before the incident began"],
  before_opening: ["早于报障时间", "before the ticket was opened"],
  before_pause: ["早于暂停时间", "before the pause began"],
  before_receipt: ["早于接收时间", "before it was received"],
  before_restoration: ["早于恢复时间", "before the restoration"],
  cause_unknown: ["没有这个原因分类", "no such cause"],
  contract_code_fixed: ["合同编号不能修改", "the code of a contract stays"],
  contract_definition_invalid: ["合同内容不正确", "not a valid contract"],
  contract_item_unknown: ["合同中没有这个项目", "not in the contract"],
  count_differs: ["数量与申请不符", "not as many as requested"],
  entry_fixed: ["系统记录不能更正", "what the program entered stays"],
  entry_unknown: ["没有这条有效记录", "no such entry stands"],
  excuse_unknown: ["没有这种情形", "no such ground"],
  ground_unknown: ["没有这种事由", "no such ground"],
  instalment_unknown: ["没有这一期", "no such instalment"],
  milestone_unknown: ["没有这个节点", "no such milestone"],
  nothing_late: ["没有逾期，无需提出", "nothing was late"],
  nothing_changes: ["修改前后相同", "before and after are the same"],
  organisation_unknown: ["没有这个机构", "no such institution"],
  outside_term: ["不在服务期内", "not a day of the term"],
  overpaid: ["超过本期未付金额", "more than is open"],
  parent_invalid: ["不能并入这张工单", "not a ticket to join"],
  period_reversed: ["结束早于开始", "ends before it begins"],
  roster_published: ["值班表已发布，不能重新生成", "the roster is published"],
  article_unknown: ["没有这篇已发布的知识条目", "no such published article"],
  roster_incomplete: ["还有休息日没有排人", "a day off has nobody"],
  roster_not_published: ["值班表尚未发布", "the roster is not published"],
  team_empty: ["没有在岗人员，先登记驻场人员", "nobody is active; register the team first"],
  swap_open: ["这一天已有待批准的调班", "a swap of this day is open already"],
  swap_decided: ["调班已处理", "the swap was decided already"],
  amount_fixed: ["这项违约金是固定金额", "this fine is fixed"],
  experience_short: ["从业年限不足 3 年", "less than three years of experience"],
  engineer_unknown: ["不是在册的驻场人员", "nobody of the team"],
  not_a_day_off: ["这一天不是休息日", "not a day off"],
  not_a_working_day: ["这一天不是工作日", "not a working day"],
  same_person: ["须为另一人", "another person is needed"],
  choice_out_of_bounds: ["金额须在 100 至 300 元之间", "between 100 and 300 yuan"],
  checklist_invalid: ["检查表有误", "the checklist is not acceptable"],
  period_too_long: ["期间过长，最多 1100 天", "the period is too long, at most 1,100 days"],
  severity_unknown: ["没有这个等级", "no such severity"],
  term_overlaps: ["与原合同服务期重叠", "overlaps the renewed contract"],
  pause_not_agreed: ["现行合同不允许以此原因暂停", "no ground of the contract in force"],
  date_not_missed: ["不是未按期的约定日期", "no agreed date that was missed"],
  ticket_elsewhere: ["这张工单是别的机构的", "this ticket is about another institution"],
  ticket_unknown: ["没有这张工单", "no such ticket"],
  attachment_unknown: ["本记录没有这个附件", "no such file at this record"],
  terms_input_invalid: ["数值不成立", "not possible"],
  calendar_definition_invalid: ["节假日安排内容不正确", "not a valid notice"],
  hours_form_invalid: ["应为 08:00-11:30 的形式", "of the form 08:00-11:30"],
  hours_order_invalid: ["时段先后不对", "the parts are out of order"],
  hours_empty: ["没有时段", "no hours"],
  // service: files, inspections
  attachment_type_refused: [
    "只接受 JPEG、PNG 图片，PDF 和不含宏的 Office 文件",
    "only JPEG and PNG pictures, PDF, and Office files without macros",
  ],
  subject_kind_unknown: ["这类记录没有附件", "such records have no files"],
  in_the_future: ["不能晚于现在", "lies in the future"],
  account_unknown: ["没有这个账号", "no such account"],
  number_invalid: ["请填数字，如 21.5", "a number, such as 21.5"],
  value_not_wanted: ["这里不填数值", "there is no value here"],
  role_unknown: ["没有这个角色", "no such role"],
  item_unknown: ["清单中没有这一项", "not in the checklist"],
  before_submission: ["不能早于报告提交日", "before the report was signed"],
  recording_elsewhere: ["不是本例检查的采集", "not a recording of this exam"],
};

/** One line for each field that was refused. */
export function fieldTexts(error: ApiError, lang: "zh" | "en"): string[] {
  return (error.problem.errors ?? []).map((each) => {
    const pair = FIELD_TEXTS[each.code];
    const field = FIELD_NAMES[each.field];
    const name = field ? field[lang === "zh" ? 0 : 1] : each.field;
    return `${name}${lang === "zh" ? "：" : ": "}${pair ? pair[lang === "zh" ? 0 : 1] : each.detail}`;
  });
}

const FIELD_NAMES: Record<string, Text> = {
  name: ["姓名/名称", "Name"],
  sex: ["性别", "Sex"],
  birth_date: ["出生日期", "Birth date"],
  identifier_kind: ["证件类型", "Kind of ID"],
  identifier_number: ["证件号码", "ID number"],
  phone: ["电话", "Phone"],
  address: ["住址", "Address"],
  note: ["备注", "Note"],
  ethnicity: ["民族", "Ethnicity"],
  newborn_of_patient_id: ["母亲", "Mother"],
  birth_order: ["胎次", "Birth order"],
  reason: ["原因", "Reason"],
  login_name: ["登录名", "Login name"],
  new_password: ["新密码", "New password"],
  initial_password: ["初始密码", "Initial password"],
  code: ["编码", "Code"],
  licence_number: ["执业证书编号", "Licence number"],
  department_id: ["科室", "Department"],
  parent_id: ["上级机构", "Parent"],
  expires_at: ["有效期", "Until"],
  findings: ["心电图所见", "Findings"],
  conclusion: ["诊断结论", "Conclusion"],
  symptoms: ["症状", "Symptoms"],
  clinical_note: ["临床信息", "Clinical note"],
  text_zh: ["短语", "Phrase"],
  // service: the desk
  title: ["标题", "Title"],
  item_code: ["系统", "System"],
  solution: ["解决情况", "Solution"],
  at: ["时间", "Time"],
  due_at: ["期限", "Deadline"],
  due: ["日期", "Date"],
  stars: ["满意度", "Stars"],
  quantity: ["数量", "Quantity"],
  unit_price_cents: ["单价", "Unit price"],
  amount_cents: ["金额", "Amount"],
  evidence: ["凭证", "Evidence"],
  description: ["内容", "Description"],
  expected_finish: ["预计完成日期", "Expected finish"],
  extra_cost_cents: ["额外费用", "Extra cost"],
  answer: ["意见", "Opinion"],
  cause: ["事件原因", "Cause"],
  analysis: ["原因分析", "Analysis"],
  handling: ["处置过程", "Handling"],
  prevention: ["防范措施", "Prevention"],
  cause_code: ["原因分类", "Category"],
  severity: ["等级", "Severity"],
  rollback_plan: ["回退方案", "Rollback plan"],
  paid_on: ["付款日期", "Paid on"],
  valid_from: ["适用日期", "Applies from"],
  patch: ["修改内容", "Changes"],
  text: ["内容", "Text"],
  subject: ["事项", "Subject"],
  usual: ["平时作息", "Usual hours"],
  deviation_reason: ["与申请不同的原因", "Why it differs"],
  term_start: ["服务期开始", "Start of the term"],
  recipient: ["接收方", "Recipient"],
  // service: files, inspections
  files: ["附件", "Files"],
  summary: ["巡检结论", "Summary"],
  organisation_id: ["机构", "Institution"],
  label: ["名称", "Name"],
  on: ["日期", "Date"],
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
