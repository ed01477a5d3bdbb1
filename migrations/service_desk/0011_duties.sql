-- Security duties (annexes 2 and 3): the provider's people, what they may reach and until when, vulnerabilities, the yearly
-- report, and what is handed over or destroyed.
CREATE TABLE service_desk_person (
  id UUID PRIMARY KEY NOT NULL,
  organisation_path TEXT NOT NULL,
  -- Not everybody signs in here.
  account_id UUID,
  name TEXT NOT NULL,
  post TEXT NOT NULL,
  joined_on TEXT NOT NULL,
  left_on TEXT,
  left_reason TEXT,
  left_by_name TEXT,
  recorded_by_name TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  row_version BIGINT NOT NULL
);
CREATE INDEX service_desk_person_path ON service_desk_person (organisation_path, recorded_at, id);

-- Never changed: a wrong one is voided with a reason.
CREATE TABLE service_desk_person_record (
  id UUID PRIMARY KEY NOT NULL,
  person_id UUID NOT NULL REFERENCES service_desk_person (id),
  -- background, confidentiality, training
  kind TEXT NOT NULL,
  day TEXT NOT NULL,
  passed BOOLEAN NOT NULL,
  -- Who checked, countersigned or taught.
  by_whom TEXT NOT NULL,
  topic TEXT,
  duration_min INTEGER,
  -- Number of the document, as it is filed.
  reference TEXT,
  recorded_by_name TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  voided_at BIGINT,
  voided_by_name TEXT,
  void_reason TEXT
);
CREATE INDEX service_desk_person_record_person ON service_desk_person_record (person_id, day);

-- The state of a grant follows from these facts and the clock; see duties/grants/model.rs.
CREATE TABLE service_desk_grant (
  id UUID PRIMARY KEY NOT NULL,
  number TEXT NOT NULL UNIQUE,
  contract_id UUID NOT NULL REFERENCES service_desk_contract (id),
  organisation_path TEXT NOT NULL,
  person_id UUID NOT NULL REFERENCES service_desk_person (id),
  item_code TEXT NOT NULL,
  system_name TEXT NOT NULL,
  -- read, write, admin, database, remote
  access_kind TEXT NOT NULL,
  reason TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  requested_by UUID,
  requested_by_name TEXT NOT NULL,
  requested_at BIGINT NOT NULL,
  approved BOOLEAN,
  decided_by UUID,
  decided_by_name TEXT,
  decided_at BIGINT,
  decision_reason TEXT,
  -- cancelled, withdrawn, returned, person_left
  ended_kind TEXT,
  ended_by_name TEXT,
  ended_at BIGINT,
  end_reason TEXT,
  -- When both parties were told, by the job.
  warned_at BIGINT,
  expired_told_at BIGINT,
  -- That the access is gone from the system itself.
  removed_by UUID,
  removed_by_name TEXT,
  removed_at BIGINT,
  removal_note TEXT,
  row_version BIGINT NOT NULL
);
CREATE INDEX service_desk_grant_requested ON service_desk_grant (requested_at, id);
CREATE INDEX service_desk_grant_person ON service_desk_grant (person_id);

-- The row is the projection of the journal that lists need.
CREATE TABLE service_desk_vulnerability (
  id UUID PRIMARY KEY NOT NULL,
  number TEXT NOT NULL UNIQUE,
  contract_id UUID NOT NULL REFERENCES service_desk_contract (id),
  contract_version INTEGER NOT NULL,
  organisation_path TEXT NOT NULL,
  item_code TEXT NOT NULL,
  system_name TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  severity TEXT NOT NULL,
  found_by TEXT NOT NULL,
  state TEXT NOT NULL,
  found_at BIGINT NOT NULL,
  report_due_at BIGINT NOT NULL,
  reported_at BIGINT,
  consented BOOLEAN NOT NULL,
  published_at BIGINT,
  closed_at BIGINT,
  opened_by UUID,
  opened_by_name TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  row_version BIGINT NOT NULL
);
CREATE INDEX service_desk_vulnerability_found ON service_desk_vulnerability (found_at, id);

CREATE TABLE service_desk_security_report (
  id UUID PRIMARY KEY NOT NULL,
  contract_id UUID NOT NULL UNIQUE REFERENCES service_desk_contract (id),
  organisation_path TEXT NOT NULL,
  -- draft, submitted, confirmed
  state TEXT NOT NULL,
  -- {"management": "..", "data_security": "..", "key_components": "..", "team_changes": ".."}
  parts TEXT NOT NULL,
  -- What the program counted when it was submitted.
  figures TEXT,
  submitted_by UUID,
  submitted_by_name TEXT,
  submitted_at BIGINT,
  returned_reason TEXT,
  confirmed_by_name TEXT,
  confirmed_at BIGINT,
  row_version BIGINT NOT NULL
);

CREATE TABLE service_desk_handover (
  id UUID PRIMARY KEY NOT NULL,
  number TEXT NOT NULL UNIQUE,
  contract_id UUID NOT NULL REFERENCES service_desk_contract (id),
  organisation_path TEXT NOT NULL,
  -- contract_end, person_left
  occasion TEXT NOT NULL,
  person_id UUID REFERENCES service_desk_person (id),
  due TEXT NOT NULL,
  -- open, completed
  state TEXT NOT NULL,
  opened_by_name TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  completed_by_name TEXT,
  completed_at BIGINT,
  row_version BIGINT NOT NULL
);
CREATE INDEX service_desk_handover_opened ON service_desk_handover (opened_at, id);

CREATE TABLE service_desk_handover_item (
  id UUID PRIMARY KEY NOT NULL,
  handover_id UUID NOT NULL REFERENCES service_desk_handover (id),
  position INTEGER NOT NULL,
  -- documents, accounts, equipment, source_config, data_copies
  kind TEXT NOT NULL,
  description TEXT NOT NULL,
  quantity TEXT NOT NULL,
  -- handed_over, destroyed
  outcome TEXT,
  -- overwrite, degauss, physical
  method TEXT,
  -- To whom it went, or where it was destroyed.
  particulars TEXT,
  done_by UUID,
  done_by_name TEXT,
  done_at BIGINT,
  witnessed_by UUID,
  witnessed_by_name TEXT,
  witnessed_at BIGINT,
  UNIQUE (handover_id, position)
);
