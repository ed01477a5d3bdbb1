// What an account may do, in the words of the screens. The server decides every request again; this only keeps
// screens and buttons away from people who would be refused.
import type { Me } from "@tianmu/api/wire";

export const CAPABILITIES = {
  findPatients: ["patient_search"],
  registerPatient: ["patient_register"],
  editPatient: ["patient_edit"],
  revealPatient: ["patient_reveal"],
  mergePatients: ["patient_merge"],
  listExams: ["ecg_read"],
  registerExam: ["ecg_register"],
  uploadRecording: ["ecg_upload"],
  read: ["ecg_report"],
  review: ["ecg_review"],
  // service: the desk
  readTickets: ["ticket_read"],
  openTickets: ["ticket_open"],
  workTickets: ["ticket_work"],
  manageTickets: ["ticket_manage"],
  confirmTickets: ["ticket_confirm"],
  editKnowledge: ["knowledge_edit"],
  // Institutions see their own tickets, requirements and corrections; incidents belong to both parties of the contract.
  readIncidents: ["incident_work", "incident_review", "contract_read"],
  declareIncidents: ["incident_work", "incident_review"],
  readRequirements: ["requirement_register", "requirement_work", "requirement_confirm", "contract_read"],
  registerRequirements: ["requirement_register"],
  confirmRequirements: ["requirement_confirm"],
  readCorrections: ["correction_request", "correction_approve", "correction_work", "contract_read"],
  requestCorrections: ["correction_request"],
  readContracts: ["contract_read"],
  editContracts: ["contract_edit"],
  // service: duty
  readRoster: ["roster_read"],
  editRoster: ["roster_edit"],
  recordAttendance: ["attendance_record"],
  // service: security duties
  readDuties: ["duty_read"],
  workDuties: ["duty_work"],
  confirmDuties: ["duty_confirm"],
  // service: inspections
  readInspections: ["inspection_read"],
  workInspections: ["inspection_work"],
  editOrganisations: ["organisation_edit"],
  // A manager keeps the departments and staff of the own organisation.
  viewOrganisations: ["organisation_edit", "staff_edit"],
  viewStaff: ["staff_edit", "account_manage", "role_grant"],
  manageStaff: ["staff_edit"],
  manageAccounts: ["account_manage"],
  assignRoles: ["role_grant"],
  viewRoles: ["role_grant", "organisation_edit", "audit_read"],
  audit: ["audit_read"],
  jobs: ["job_manage"],
} as const satisfies Record<string, readonly string[]>;

export type Capability = keyof typeof CAPABILITIES;

export function can(me: Pick<Me, "actions">, capability: Capability): boolean {
  const accepted: readonly string[] = CAPABILITIES[capability];
  return accepted.some((action) => me.actions.includes(action));
}
