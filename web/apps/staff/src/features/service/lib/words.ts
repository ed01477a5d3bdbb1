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
