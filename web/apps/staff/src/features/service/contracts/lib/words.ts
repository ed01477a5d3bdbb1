type Text = readonly [zh: string, en: string];

export const STATE_WORDS: Record<string, Text> = {
  coming: ["未开始", "Coming"],
  in_force: ["履行中", "In force"],
  ended: ["已到期", "Ended"],
};

export const DUTY_WORDS: Record<string, Text> = {
  renewal_warning: ["续约预警", "Renewal warning"],
  renewal_reminder: ["到期提醒最迟日", "Latest reminder of the end"],
  renewal_talks: ["续约谈判开始", "Renewal talks begin"],
  security_report: ["年度网络安全报告", "Yearly security report"],
  term_end: ["服务期满", "End of the term"],
  return_originals: ["返还资料、销毁副本", "Return originals, destroy copies"],
  confidential_until: ["保密期满", "Confidentiality ends"],
  no_poaching_until: ["禁止招揽期满", "No poaching until"],
};

export const PARTS_WORDS: Record<string, Text> = {
  free: ["配件免费", "Parts free"],
  billable: ["配件计费", "Parts billed"],
  none: ["—", "—"],
};

/** Names of the figures of the text; one without a name is shown by its code. */
export const FIGURE_WORDS: Record<string, Text> = {
  response_working_min: ["工作时间响应（分钟）", "Response in working time (min)"],
  response_other_min: ["非工作时间响应（分钟）", "Response otherwise (min)"],
  question_min: ["操作咨询处理（分钟）", "Question handled (min)"],
  approval_amount: ["须审批的收费金额（元）", "Charge that needs approval (yuan)"],
  feedback_ordinary_min: ["普通需求反馈（分钟）", "Ordinary feedback (min)"],
  feedback_complex_min: ["复杂需求反馈（分钟）", "Complex feedback (min)"],
  feedback_fine: ["反馈超时（元/次）", "Late feedback (yuan)"],
  milestone_fine: ["未按期（元/次）", "Missed date (yuan)"],
  milestone_business_fine: ["未按期且影响业务（元）", "Missed and business affected (yuan)"],
  complaint_city_factor: ["投诉至市委市政府倍数", "Complaint to the city, factor"],
  complaint_bureau_factor: ["投诉至卫健局领导倍数", "Complaint to the bureau, factor"],
  incident_limit_s1_min: ["特别重大恢复（分钟）", "S1 restoration (min)"],
  incident_limit_s2_min: ["重大恢复（分钟）", "S2 restoration (min)"],
  incident_limit_s3_min: ["较重大恢复（分钟）", "S3 restoration (min)"],
  incident_rate_s1: ["特别重大费率", "S1 rate"],
  incident_rate_s2: ["重大费率", "S2 rate"],
  incident_rate_s3: ["较重大费率", "S3 rate"],
  incident_repeat_factor: ["重复发生倍数", "Repetition factor"],
  incident_notice_min: ["上报时限（分钟）", "Notice (min)"],
  incident_report_after_min: ["恢复时限后报告（分钟）", "Report after the limit (min)"],
  late_delivery_daily: ["逾期交付（每日）", "Late delivery (daily)"],
  late_delivery_cap: ["逾期交付上限", "Late delivery cap"],
  late_payment_daily: ["逾期付款违约金（每日）", "Late payment (daily)"],
  late_payment_interest_daily: ["逾期付款利息（每日）", "Interest (daily)"],
  late_payment_cap: ["逾期付款上限", "Late payment cap"],
  unfiled_leave_fine: ["未报备离岗（元/次）", "Unfiled leave (yuan)"],
  unfiled_leave_interview_from: ["约谈起始次数", "Interview from occurrence"],
  late_duty_fine: ["值班迟到（元/次）", "Late for duty (yuan)"],
  no_reply_least: ["节假日未应答最低（元）", "No reply, least (yuan)"],
  no_reply_most: ["节假日未应答最高（元）", "No reply, most (yuan)"],
  roster_due_day: ["排班上报日", "Roster due on day"],
  renewal_notice_days: ["到期提醒（天）", "Reminder of the end (days)"],
  termination_share: ["提前终止支付比例", "Share paid at early end"],
  vulnerability_report_min: ["漏洞上报（分钟）", "Vulnerability reported (min)"],
  security_report_before_end_days: ["年度网络安全报告提前（天）", "Security report before the end (days)"],
  security_breach_share: ["违反网络安全比例", "Security breach share"],
};
