// Words that every part of the service regime uses.
type Text = readonly [zh: string, en: string];

/** Items of the contract, by their codes in definitions/contracts/. */
export const ITEM_WORDS: Record<string, Text> = {
  cloud: ["云计算平台", "Cloud platform"],
  video: ["视频会议硬件", "Video hardware"],
  ecg: ["区域心电", "Regional ECG"],
  medical_records: ["病案管理", "Medical records"],
  emr_quality: ["电子病历质控", "EMR quality"],
  nursing: ["护理电子病历", "Nursing records"],
  resident_app: ["居民APP", "Resident app"],
  teleconsultation: ["远程会诊", "Teleconsultation"],
  family_doctor: ["家庭医生签约", "Family doctors"],
};

export function itemWord(code: string | null | undefined): Text {
  return (code ? ITEM_WORDS[code] : undefined) ?? [code ?? "—", code ?? "—"];
}

export const CLOCK_WORDS: Record<string, Text> = {
  response: ["响应", "Response"],
  handling: ["处理", "Handling"],
  feedback: ["反馈", "Feedback"],
  milestone: ["节点", "Milestone"],
  restoration: ["恢复", "Restoration"],
  report: ["报告", "Report"],
  notice: ["24小时上报", "24-hour notice"],
};

export function clockWord(name: string): Text {
  const milestone = /^milestone_(\d+)$/.exec(name);
  if (milestone) return [`节点${milestone[1]}`, `Milestone ${milestone[1]}`];
  return CLOCK_WORDS[name] ?? [name, name];
}

export const WHY_WORDS: Record<string, Text> = {
  wall_clock: ["计时", "Counted"],
  agreed_deadline: ["计时（约定期限）", "Counted (agreed date)"],
  party_a: ["暂停：等待甲方", "Paused: waiting for party A"],
  force_majeure: ["暂停：不可抗力", "Paused: force majeure"],
  resolved: ["不计：已解决待确认", "Not counted: solved meanwhile"],
};

/** Readings of the contract where its text can be read in more than one way. */
export const READING_WORDS: Record<string, { name: Text; values: Record<string, Text> }> = {
  s1_late: {
    name: ["特别重大事件超时", "Late S1 incident"],
    values: {
      percentage_point: ["加收年费的1个百分点", "One percent of the yearly fee more"],
      literal: ["罚款乘以1.01", "The fine times 1.01"],
    },
  },
  repeat: {
    name: ["同类事件重复发生", "Repeated incident"],
    values: {
      compound: ["上次基本金额的1.5倍", "1.5 times the basic fine before"],
      linear: ["每次加首次金额的一半", "Half of the first fine more each time"],
      compound_with_late: ["上次金额（含超时）的1.5倍", "1.5 times the fine before with its surcharge"],
    },
  },
  year: {
    name: ["重复次数的年度", "Year of counting"],
    values: { contract: ["合同年度", "Contract year"], calendar: ["自然年度", "Calendar year"] },
  },
  complaints: {
    name: ["向多处投诉", "Complaints to several"],
    values: { max: ["取最高倍数", "The greatest factor"], product: ["倍数相乘", "All factors multiplied"] },
  },
  complaint_scope: {
    name: ["投诉与影响业务计入", "Complaints and harm count for"],
    values: {
      date: ["所针对的那次未按期", "the missed date they are about"],
      milestone: ["该节点的每次未按期", "every missed date of the milestone"],
    },
  },
  business: {
    name: ["未按期且影响业务", "Missed date that affects business"],
    values: {
      replace: ["以500元替代", "500 in place of 200"],
      additive: ["另加500元", "500 besides"],
      multiplied: ["500元乘投诉倍数", "500 times the factor of complaints"],
    },
  },
  feedback_hours: {
    name: ["反馈时限", "Feedback hours"],
    values: { natural: ["自然小时", "Natural hours"], working: ["工作日", "Working days"] },
  },
  question_start: {
    name: ["操作咨询30分钟起点", "Start of the half hour"],
    values: { response: ["自首次响应起", "From the response"], opening: ["自报障起", "From the opening"] },
  },
};

export const STATE_COLOURS: Record<string, string> = {
  open: "red",
  working: "blue",
  paused: "orange",
  resolved: "green",
  closed: "default",
  cancelled: "default",
  active: "green",
  coming: "blue",
  expired: "default",
  lapsed: "default",
  refused: "default",
  returned: "default",
  found: "red",
  fixed: "purple",
  draft: "orange",
  submitted: "purple",
  missing: "red",
  completed: "green",
  handling: "red",
  restored: "blue",
  reported: "purple",
  void: "default",
  registered: "red",
  answered: "orange",
  delivered: "purple",
  accepted: "green",
  declined: "default",
  withdrawn: "default",
  requested: "orange",
  approved: "blue",
  executed: "purple",
  rejected: "default",
  proposed: "orange",
  confirmed: "green",
  disputed: "red",
};

/** Readings that are whole sentences in the derivation. */
export const READING_SENTENCES: Record<string, string> = {
  institutions: "基层与二级以上机构合并计数",
  report: "时限针对恢复，报告在其后24小时内",
  cap: "上限：整个合同",
  termination: "解除权按未封顶的违约金计算",
  reasonable_fees: "合理费用按日折算",
  due: "遇休息日不顺延",
  month: "自然月；合同季度",
  notice: "通知日不顺延",
  base: "以该项目自身费用为基数，由双方协商",
  vulnerability_report_min: "合同原文为及时，小时数为本系统默认值，可在合同中修改",
  security_report_before_end_days: "合同原文为每年，天数为本系统默认值，可在合同中修改",
};

/** Names of what a derivation was given. */
export const FACT_WORDS: Record<string, Text> = {
  found: ["发现", "found"],
  ended: ["终止", "ended"],
  opened: ["报障", "opened"],
  answered: ["响应", "answered"],
  agreed: ["约定期限", "agreed"],
  kind: ["分类", "kind"],
  took: ["用时", "took"],
  feedback: ["反馈", "feedback"],
  received: ["接收", "received"],
  agreed_by_both: ["双方约定", "agreed by both"],
  complaints: ["投诉", "complaints"],
  business_affected: ["影响业务", "business affected"],
  item: ["系统", "item"],
  fee: ["年费", "fee"],
  severity: ["等级", "severity"],
  occurrence: ["第几次", "occurrence"],
  late: ["超时", "late"],
  first_alarm: ["首次告警", "first alarm"],
  first_report: ["首次报告", "first report"],
  restored: ["恢复", "restored"],
  connected_institutions: ["接入机构", "connected"],
  primary_stopped: ["基层中断", "primary stopped"],
  secondary_stopped: ["二级以上中断", "secondary stopped"],
  medical_document: ["医疗文书", "medical document"],
  database_change: ["数据库数据", "database change"],
  amount: ["金额", "amount"],
  event: ["起算日", "event"],
  days_late: ["逾期天数", "days late"],
  overdue: ["逾期金额", "overdue"],
  excuse: ["免责", "excuse"],
  elapsed_days: ["已履行天数", "elapsed days"],
  term_days: ["合同天数", "term days"],
  paid: ["已付", "paid"],
  count: ["次数", "count"],
  month: ["月份", "month"],
};

const VALUE_WORDS: Record<string, string> = {
  true: "是",
  false: "否",
  none: "无",
  ordinary: "普通",
  complex: "复杂",
  city_government: "市委市政府",
  health_bureau: "卫健局领导",
};

/** A given value in Chinese: codes as words, a moment with a space. */
export function factValue(value: string): string {
  const item = ITEM_WORDS[value];
  if (item) return item[0];
  const known = value.split(", ").map((part) => VALUE_WORDS[part] ?? part);
  return known.join("、").replace(/(\d{4}-\d{2}-\d{2})T(\d)/g, "$1 $2");
}
