-- A file belongs to a place within its record, and is voided instead of removed.
ALTER TABLE service_desk_attachment ADD COLUMN part TEXT;
ALTER TABLE service_desk_attachment ADD COLUMN voided_at BIGINT;
ALTER TABLE service_desk_attachment ADD COLUMN voided_by_name TEXT;
ALTER TABLE service_desk_attachment ADD COLUMN void_reason TEXT;

-- Equipment that a contract names, each unit by itself: where it stands and what it is called there.
CREATE TABLE service_desk_equipment (
  id UUID PRIMARY KEY NOT NULL,
  contract_id UUID NOT NULL,
  organisation_path TEXT NOT NULL,
  item_code TEXT NOT NULL,
  type_code TEXT NOT NULL,
  -- In the order of the contract.
  position INTEGER NOT NULL,
  -- As in the contract's list, and which one of them.
  contract_name TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  label TEXT NOT NULL,
  serial_number TEXT,
  place TEXT,
  organisation_id UUID,
  -- What a monitoring system calls it.
  monitoring_name TEXT,
  retired BOOLEAN NOT NULL,
  row_version BIGINT NOT NULL,
  UNIQUE (contract_id, contract_name, ordinal)
);

-- Inspections: the row is the projection of the journal that lists need; see service_desk_event.
CREATE TABLE service_desk_inspection (
  id UUID PRIMARY KEY NOT NULL,
  number TEXT NOT NULL UNIQUE,
  contract_id UUID NOT NULL,
  contract_version INTEGER NOT NULL,
  organisation_path TEXT NOT NULL,
  kind TEXT NOT NULL,
  -- Which one of its kind in the term, from 1.
  ordinal INTEGER NOT NULL,
  period_from TEXT NOT NULL,
  due TEXT NOT NULL,
  state TEXT NOT NULL,
  assignee_id UUID,
  assignee_name TEXT,
  started_at BIGINT,
  submitted_at BIGINT,
  -- The day of it in the region, to compare with the date.
  submitted_on TEXT,
  submitted_by UUID,
  submitted_by_name TEXT,
  confirmed_at BIGINT,
  confirmed_by_name TEXT,
  returned_count INTEGER NOT NULL,
  paper_delivered_on TEXT,
  units INTEGER NOT NULL,
  items INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  abnormal INTEGER NOT NULL,
  findings INTEGER NOT NULL,
  -- The lists as they were when it began.
  checklists TEXT,
  planned_by UUID,
  row_version BIGINT NOT NULL,
  UNIQUE (contract_id, kind, ordinal)
);
CREATE INDEX service_desk_inspection_due ON service_desk_inspection (due, id);

CREATE TABLE service_desk_inspection_unit (
  id UUID PRIMARY KEY NOT NULL,
  inspection_id UUID NOT NULL REFERENCES service_desk_inspection (id),
  position INTEGER NOT NULL,
  equipment_id UUID NOT NULL,
  item_code TEXT NOT NULL,
  type_code TEXT NOT NULL,
  label TEXT NOT NULL,
  serial_number TEXT,
  place TEXT,
  organisation_id UUID,
  monitoring_name TEXT,
  -- Why nobody could look at it.
  skip_reason TEXT,
  saved_by_name TEXT,
  saved_at BIGINT,
  row_version BIGINT NOT NULL,
  UNIQUE (inspection_id, position)
);

CREATE TABLE service_desk_inspection_answer (
  unit_id UUID NOT NULL REFERENCES service_desk_inspection_unit (id),
  code TEXT NOT NULL,
  -- normal, abnormal, not_applicable
  verdict TEXT NOT NULL,
  value TEXT,
  remark TEXT,
  -- person, monitoring
  source TEXT NOT NULL,
  source_name TEXT,
  measured_at BIGINT,
  -- Who answered, or confirmed what monitoring measured; none while nobody has.
  by_name TEXT,
  at BIGINT NOT NULL,
  -- The row_version of the unit with which it was saved.
  version BIGINT NOT NULL,
  PRIMARY KEY (unit_id, code)
);

CREATE TABLE service_desk_inspection_finding (
  id UUID PRIMARY KEY NOT NULL,
  inspection_id UUID NOT NULL REFERENCES service_desk_inspection (id),
  unit_id UUID NOT NULL,
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  ticket_id UUID NOT NULL,
  ticket_number TEXT NOT NULL,
  by_name TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX service_desk_inspection_finding_inspection ON service_desk_inspection_finding (inspection_id, at);
