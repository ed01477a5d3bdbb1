-- What every part of the service regime stands on: contracts in versions, calendars, hours, the journal, the penalty ledger.
CREATE TABLE service_desk_contract (
  id UUID PRIMARY KEY NOT NULL,
  code TEXT NOT NULL UNIQUE,
  organisation_path TEXT NOT NULL,
  -- The contract that this one renews.
  renews UUID,
  created_at BIGINT NOT NULL
);

-- An amendment is a new version that applies from a day on; a version never changes.
CREATE TABLE service_desk_contract_version (
  contract_id UUID NOT NULL REFERENCES service_desk_contract (id),
  version INTEGER NOT NULL,
  valid_from TEXT NOT NULL,
  body TEXT NOT NULL,
  note TEXT NOT NULL,
  made_by UUID,
  made_by_name TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (contract_id, version)
);

-- Notices of the State Council that came after this program was built; a later row of a year replaces an earlier one.
CREATE TABLE service_desk_calendar_year (
  id UUID PRIMARY KEY NOT NULL,
  year INTEGER NOT NULL,
  definition TEXT NOT NULL,
  imported_by_name TEXT NOT NULL,
  imported_at BIGINT NOT NULL
);

CREATE TABLE service_desk_hours (
  id UUID PRIMARY KEY NOT NULL,
  organisation_id UUID NOT NULL,
  organisation_path TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  -- {"usual": ["08:00-11:30", ..], "seasons": [{"from": "06-01", "to": "09-30", "hours": [..]}]}
  definition TEXT NOT NULL,
  made_by_name TEXT NOT NULL,
  made_at BIGINT NOT NULL
);
CREATE INDEX service_desk_hours_organisation ON service_desk_hours (organisation_id, valid_from);

-- Append only. What has a clock is the fold of its entries; an entry that corrects another replaces it in the fold and both stay.
CREATE TABLE service_desk_event (
  id UUID PRIMARY KEY NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id UUID NOT NULL,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  -- When it happened, and when it was entered.
  at BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  by_id UUID,
  by_name TEXT NOT NULL,
  corrects UUID,
  reason TEXT,
  UNIQUE (subject_kind, subject_id, seq)
);

CREATE TABLE service_desk_counter (
  series TEXT PRIMARY KEY NOT NULL,
  last_number BIGINT NOT NULL
);

CREATE TABLE service_desk_attachment (
  id UUID PRIMARY KEY NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id UUID NOT NULL,
  blob_id UUID NOT NULL,
  name TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size_bytes BIGINT NOT NULL,
  sm3 TEXT NOT NULL,
  note TEXT,
  uploaded_by UUID,
  uploaded_by_name TEXT NOT NULL,
  uploaded_at BIGINT NOT NULL
);
CREATE INDEX service_desk_attachment_subject ON service_desk_attachment (subject_kind, subject_id, uploaded_at);

-- One matter that costs money. Its amount is the sum of its lines; nothing is deleted, a correction is a counter-entry.
CREATE TABLE service_desk_penalty (
  id UUID PRIMARY KEY NOT NULL,
  number TEXT NOT NULL UNIQUE,
  contract_id UUID NOT NULL REFERENCES service_desk_contract (id),
  organisation_path TEXT NOT NULL,
  rule TEXT NOT NULL,
  source_kind TEXT NOT NULL,
  source_id UUID NOT NULL,
  -- Tells apart what one source is fined for, such as each milestone of a requirement.
  source_part TEXT NOT NULL,
  subject TEXT NOT NULL,
  occurred_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  amount_cents BIGINT NOT NULL,
  -- A person still has to choose within bounds.
  needs_choice BOOLEAN NOT NULL,
  accepted_a_by UUID,
  accepted_a_name TEXT,
  accepted_a_at BIGINT,
  accepted_b_by UUID,
  accepted_b_name TEXT,
  accepted_b_at BIGINT,
  disputed_by_name TEXT,
  disputed_at BIGINT,
  dispute TEXT,
  row_version BIGINT NOT NULL,
  UNIQUE (source_kind, source_id, source_part)
);
CREATE INDEX service_desk_penalty_contract ON service_desk_penalty (contract_id, occurred_at, id);

CREATE TABLE service_desk_penalty_line (
  id UUID PRIMARY KEY NOT NULL,
  penalty_id UUID NOT NULL REFERENCES service_desk_penalty (id),
  seq INTEGER NOT NULL,
  -- proposal, counter (takes back an earlier line), choice, decision
  kind TEXT NOT NULL,
  amount_cents BIGINT NOT NULL,
  contract_version INTEGER NOT NULL,
  derivation TEXT NOT NULL,
  reason TEXT,
  made_by UUID,
  made_by_name TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  UNIQUE (penalty_id, seq)
);
