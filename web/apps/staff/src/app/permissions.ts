// What an account may do, in the words of the screens. The server decides every request again; this only keeps
// screens and buttons away from people who would be refused.
import type { Me } from "@tianmu/api/wire";

export const CAPABILITIES = {
  findPatients: ["patient_search"],
  registerPatient: ["patient_register"],
  editPatient: ["patient_update"],
  revealPatient: ["patient_reveal"],
  mergePatients: ["patient_merge"],
  listExams: ["ecg_view_exam"],
  registerExam: ["ecg_register_exam"],
  read: ["ecg_sign_report"],
  review: ["ecg_review_report"],
  organisations: ["organisation_manage"],
  staff: ["staff_manage", "account_manage", "role_assign"],
  manageStaff: ["staff_manage"],
  manageAccounts: ["account_manage"],
  assignRoles: ["role_assign"],
  viewRoles: ["role_view", "role_assign"],
  audit: ["audit_view"],
  jobs: ["job_manage"],
} as const satisfies Record<string, readonly string[]>;

export type Capability = keyof typeof CAPABILITIES;

export function can(me: Pick<Me, "actions">, capability: Capability): boolean {
  const accepted: readonly string[] = CAPABILITIES[capability];
  return accepted.some((action) => me.actions.includes(action));
}
