-- Requirements: the row is the projection of the journal that lists need.
CREATE TABLE service_desk_requirement (
  id UUID PRIMARY KEY NOT NULL,
  number TEXT NOT NULL UNIQUE,
  contract_id UUID NOT NULL,
  contract_version INTEGER NOT NULL,
  calendar_version TEXT NOT NULL,
  organisation_id UUID NOT NULL,
  organisation_path TEXT NOT NULL,
  item_code TEXT,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  requester_name TEXT,
  state TEXT NOT NULL,
  -- ordinary until both parties have confirmed something else
  kind TEXT NOT NULL,
  kind_confirmed BOOLEAN NOT NULL,
  received_at BIGINT NOT NULL,
  feedback_due_at BIGINT,
  feedback_at BIGINT,
  feedback_late BOOLEAN,
  milestone_due_at BIGINT,
  missed_count INTEGER NOT NULL,
  complained BOOLEAN NOT NULL,
  business_affected BOOLEAN NOT NULL,
  penalty_cents BIGINT NOT NULL,
  next_due_at BIGINT,
  blocked TEXT,
  opened_by UUID,
  opened_by_name TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  row_version BIGINT NOT NULL
);
CREATE INDEX service_desk_requirement_received ON service_desk_requirement (received_at, id);
CREATE INDEX service_desk_requirement_organisation ON service_desk_requirement (organisation_path, received_at, id);
