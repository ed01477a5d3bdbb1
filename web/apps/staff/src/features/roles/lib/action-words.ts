type Pair = readonly [zh: string, en: string];

/** Words for actions; an action that has none yet is shown by its code. */
export const ACTION_WORDS: Record<string, Pair> = {
  session_sign_in: ["登录", "Sign in"],
  session_sign_out: ["退出登录", "Sign out"],
  patient_search: ["查询患者", "Find patients"],
  patient_register: ["登记患者", "Register patients"],
  patient_update: ["修改患者", "Edit patients"],
  patient_reveal: ["查看完整信息", "Reveal personal facts"],
  patient_merge: ["合并档案", "Merge records"],
  ecg_register_exam: ["登记心电检查", "Register ECG exams"],
  ecg_view_exam: ["查看心电检查", "View ECG exams"],
  ecg_claim: ["接诊", "Claim"],
  ecg_sign_report: ["判读并签发", "Read and sign"],
  ecg_review_report: ["审核发布", "Review and publish"],
  organisation_manage: ["管理组织机构", "Manage organisations"],
  staff_manage: ["管理人员", "Manage staff"],
  account_manage: ["管理账号", "Manage accounts"],
  role_assign: ["授予角色", "Assign roles"],
  role_view: ["查看角色", "View roles"],
  audit_view: ["查看审计日志", "View the audit log"],
  job_manage: ["管理后台任务", "Manage jobs"],
};
