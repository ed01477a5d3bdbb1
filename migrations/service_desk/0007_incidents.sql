-- Incidents: the row is the projection of the journal that lists and the counting of repetitions need.
CREATE TABLE service_desk_incident (
  id UUID PRIMARY KEY NOT NULL,
  number TEXT NOT NULL UNIQUE,
  contract_id UUID NOT NULL,
  contract_version INTEGER NOT NULL,
  calendar_version TEXT NOT NULL,
  organisation_path TEXT NOT NULL,
  item_code TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  state TEXT NOT NULL,
  -- What counts: the panel's decision, else what the contract's words give.
  severity TEXT NOT NULL,
  overridden BOOLEAN NOT NULL,
  started_at BIGINT NOT NULL,
  restored_at BIGINT,
  restore_due_at BIGINT,
  restored_late BOOLEAN,
  report_due_at BIGINT,
  reported_at BIGINT,
  notice_due_at BIGINT,
  notices_done_at BIGINT,
  cause_code TEXT,
  cause_confirmed BOOLEAN NOT NULL,
  occurrence INTEGER,
  penalty_cents BIGINT,
  next_due_at BIGINT,
  opened_by UUID,
  opened_by_name TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  -- A draft of the report, kept between two savings; the submitted one is in the journal.
  report_draft TEXT,
  row_version BIGINT NOT NULL
);
CREATE INDEX service_desk_incident_started ON service_desk_incident (started_at, id);
CREATE INDEX service_desk_incident_contract ON service_desk_incident (contract_id, started_at, id);
