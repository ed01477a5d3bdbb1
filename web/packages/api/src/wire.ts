// The names under which the screens know the types of the API document.
import type { Present } from "./present";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Problem = Schemas["Problem"];

/** One page of a list; the cursor leads to the next. */
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export type Me = Present<Schemas["Me"]>;
export type Device = Present<Schemas["Device"]>;
export type OrgKind = Schemas["OrganisationKind"];
export type Organisation = Present<Schemas["Organisation"]>;
export type Department = Present<Schemas["Department"]>;
export type Staff = Present<Schemas["Staff"]>;
export type AccountBrief = Present<Schemas["AccountBrief"]>;
export type RoleInfo = Present<Schemas["Role"]>;
export type AuditEntry = Present<Schemas["AuditEntryView"]>;
export type Job = Present<Schemas["Job"]>;
export type About = Present<Schemas["About"]>;

export type Sex = Schemas["Sex"];
export type IdentifierKind = Schemas["IdentifierKind"];
export type PatientInput = Schemas["PatientInput"];
export type PatientBrief = Present<Schemas["PatientBrief"]>;
export type Patient = Present<Schemas["Patient"]>;
export type Revealed = Present<Schemas["Revealed"]>;

/** What the refusal `possible_duplicate` carries in its parameters. */
export interface DuplicateCandidate {
  patient: PatientBrief;
  score: number;
  reasons: string[];
}

export type DuplicatePair = Present<Schemas["DuplicatePair"]>;
export type Merge = Present<Schemas["Merge"]>;

export type Urgency = Schemas["Urgency"];
export type ExamState = Schemas["ExamState"];
export type EcgAction = Schemas["EcgAction"];
export type RetakeReason = Schemas["RetakeReason"];
export type ExamItem = Present<Schemas["EcgExamItem"]>;
export type Exam = Present<Schemas["EcgExam"]>;
export type Recording = Present<Schemas["EcgRecording"]>;
export type GlobalMeasurements = Present<Schemas["EcgGlobalMeasurements"]>;
export type Statement = Present<Schemas["EcgStatement"]>;
export type Report = Present<Schemas["EcgReport"]>;
export type ReportInput = Schemas["EcgReportInput"];
export type Signature = Present<Schemas["EcgSignature"]>;
export type Phrase = Present<Schemas["EcgPhrase"]>;

// service: files, inspections
export type Attachment = Present<Schemas["ServiceAttachment"]>;
export type InspectionKind = Schemas["InspectionKind"];
export type InspectionState = Schemas["InspectionState"];
export type InspectionVerdict = Schemas["InspectionVerdict"];
export type InspectionLine = Present<Schemas["InspectionItemLine"]>;
export type Inspection = Present<Schemas["Inspection"]>;
export type InspectionUnit = Present<Schemas["InspectionUnit"]>;
export type InspectionAnswer = Present<Schemas["InspectionAnswer"]>;
export type InspectionAnswerInput = Schemas["InspectionAnswerInput"];
export type InspectionItem = Present<Schemas["InspectionItem"]>;
export type InspectionEquipmentType = Present<Schemas["InspectionEquipmentType"]>;
export type InspectionStep = Schemas["InspectionStep"];
export type Checklist = Present<Schemas["InspectionChecklist"]>;
export type Equipment = Present<Schemas["ServiceEquipment"]>;

export type ResidentReport = Present<Schemas["ResidentReport"]>;
export type ResidentReportDetail = Present<Schemas["ResidentReportDetail"]>;

export type RoleCode = string;
export type ReportVersion = Present<Schemas["EcgReportVersion"]>;

// service: the desk, incidents, requirements, corrections, money, the contract
export type ServiceClock = Present<Schemas["ServiceClock"]>;
export type ServiceEvent = Present<Schemas["ServiceEvent"]>;
export type Derivation = Present<Schemas["ServiceDerivation"]>;
export type TicketItem = Present<Schemas["TicketItem"]>;
export type Ticket = Present<Schemas["Ticket"]>;
export type TicketInput = Schemas["TicketInput"];
export type TicketStep = Schemas["TicketStep"];
export type TicketClass = Schemas["TicketClass"];
export type TicketState = Schemas["TicketState"];
export type TicketChannel = Schemas["TicketChannel"];
export type IntakeItem = Present<Schemas["IntakeItem"]>;
export type Intake = Present<Schemas["Intake"]>;
export type IntakeState = Schemas["IntakeState"];
export type IntakeStep = Schemas["IntakeStep"];
export type TicketCounts = Present<Schemas["TicketCounts"]>;
export type IncidentItem = Present<Schemas["IncidentItem"]>;
export type Incident = Present<Schemas["Incident"]>;
export type IncidentInput = Schemas["IncidentInput"];
export type IncidentEvidence = Schemas["IncidentEvidence"];
export type IncidentStep = Schemas["IncidentStep"];
export type IncidentReport = Schemas["IncidentReport"];
export type RequirementItem = Present<Schemas["RequirementItem"]>;
export type Requirement = Present<Schemas["Requirement"]>;
export type RequirementInput = Schemas["RequirementInput"];
export type RequirementStep = Schemas["RequirementStep"];
export type DataCorrectionItem = Present<Schemas["DataCorrectionItem"]>;
export type DataCorrection = Present<Schemas["DataCorrection"]>;
export type DataCorrectionInput = Schemas["DataCorrectionInput"];
export type DataCorrectionStep = Schemas["DataCorrectionStep"];
export type ServiceTerms = Present<Schemas["ServiceTerms"]>;
export type Penalty = Present<Schemas["Penalty"]>;
export type PenaltyStep = Schemas["PenaltyStep"];
export type PenaltyClaim = Schemas["PenaltyClaim"];
export type Settlement = Present<Schemas["ServiceSettlement"]>;
export type ServiceContract = Present<Schemas["ServiceContract"]>;
export type ServiceCalendarYear = Present<Schemas["ServiceCalendarYear"]>;
export type ServiceHoursEntry = Present<Schemas["ServiceHoursEntry"]>;
export type DutyRoster = Present<Schemas["DutyRoster"]>;
export type DutyRosterStep = Schemas["DutyRosterStep"];
export type Engineer = Present<Schemas["Engineer"]>;
export type EngineerInput = Schemas["EngineerInput"];
export type EngineerQualification = Schemas["EngineerQualification"];
export type Presence = Present<Schemas["Presence"]>;
export type PresenceDay = Present<Schemas["PresenceDay"]>;
export type PresenceMonth = Present<Schemas["PresenceMonth"]>;
export type PresenceInput = Schemas["PresenceInput"];
export type PresenceStep = Schemas["PresenceStep"];
export type MorningState = Schemas["MorningState"];
export type Attendance = Present<Schemas["Attendance"]>;
export type AttendanceInput = Schemas["AttendanceInput"];
export type AttendanceKind = Schemas["AttendanceKind"];
export type AttendanceStep = Schemas["AttendanceStep"];
export type DutyPersonItem = Present<Schemas["DutyPersonItem"]>;
export type DutyPersonFile = Present<Schemas["DutyPersonFile"]>;
export type PersonRecord = Present<Schemas["PersonRecord"]>;
export type Grant = Present<Schemas["Grant"]>;
export type VulnerabilityItem = Present<Schemas["VulnerabilityItem"]>;
export type Vulnerability = Present<Schemas["Vulnerability"]>;
export type SecurityReportItem = Present<Schemas["SecurityReportItem"]>;
export type SecurityReport = Present<Schemas["SecurityReport"]>;
export type HandoverItem = Present<Schemas["HandoverItem"]>;
export type Handover = Present<Schemas["Handover"]>;
export type HandoverEntry = Present<Schemas["HandoverEntry"]>;
export type DutyPersonInput = Schemas["DutyPersonInput"];
export type DutyPersonStep = Schemas["DutyPersonStep"];
export type GrantInput = Schemas["GrantInput"];
export type GrantStep = Schemas["GrantStep"];
export type GrantAccess = Schemas["GrantAccess"];
export type VulnerabilityInput = Schemas["VulnerabilityInput"];
export type VulnerabilityStep = Schemas["VulnerabilityStep"];
export type VulnerabilitySeverity = Schemas["VulnerabilitySeverity"];
export type SecurityReportStep = Schemas["SecurityReportStep"];
export type SecurityReportParts = Schemas["SecurityReportParts"];
export type SecurityReportFigures = Schemas["SecurityReportFigures"];
export type HandoverInput = Schemas["HandoverInput"];
export type HandoverStep = Schemas["HandoverStep"];
export type HandoverState = Schemas["HandoverState"];
export type HandoverItemKind = Schemas["HandoverItemKind"];
export type HandoverOccasion = Schemas["HandoverOccasion"];
export type Article = Present<Schemas["Article"]>;
export type ArticleItem = Present<Schemas["ArticleItem"]>;
export type ArticleInput = Schemas["ArticleInput"];
export type ArticleState = Schemas["ArticleState"];
export type ArticleStep = Schemas["ArticleStep"];
export type SearchMiss = Present<Schemas["SearchMiss"]>;
export type NotifyChannel = Schemas["NotifyChannel"];
export type NotifySettings = Present<Schemas["NotifySettings"]>;
export type NotifySettingsInput = Schemas["NotifySettingsInput"];
export type NotifyDelivery = Present<Schemas["NotifyDelivery"]>;
export type ServiceDashboard = Present<Schemas["ServiceDashboard"]>;
export type ServiceLevelOf = Present<Schemas["ServiceLevelOf"]>;
export type ServiceClocksKept = Present<Schemas["ServiceClocksKept"]>;
export type ServiceRunningClock = Present<Schemas["ServiceRunningClock"]>;
export type ContractHealth = Present<Schemas["ServiceContractHealth"]>;
export type ServiceNotice = Present<Schemas["ServiceNotice"]>;
