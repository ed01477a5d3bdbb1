-- Tickets: the row is the projection of the journal that lists need; see service_desk_event.
CREATE TABLE service_desk_ticket (
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
  channel TEXT NOT NULL,
  caller_name TEXT,
  caller_phone TEXT,
  class TEXT NOT NULL,
  priority INTEGER NOT NULL,
  state TEXT NOT NULL,
  assignee_id UUID,
  assignee_name TEXT,
  opened_by UUID,
  opened_by_name TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  response_due_at BIGINT,
  responded_at BIGINT,
  response_late BOOLEAN,
  handling_due_at BIGINT,
  handling_agreed BOOLEAN NOT NULL,
  resolved_at BIGINT,
  handling_late BOOLEAN,
  closed_at BIGINT,
  -- The earliest limit of a running clock: what the desk looks at.
  next_due_at BIGINT,
  -- Code of the error that keeps the clocks from being computed, such as calendar_year_unknown.
  blocked TEXT,
  cause TEXT,
  rating INTEGER,
  out_of_scope BOOLEAN NOT NULL,
  approval_needed BOOLEAN NOT NULL,
  billable_cents BIGINT NOT NULL,
  parent_id UUID,
  row_version BIGINT NOT NULL
);
CREATE INDEX service_desk_ticket_opened ON service_desk_ticket (opened_at, id);
CREATE INDEX service_desk_ticket_organisation ON service_desk_ticket (organisation_path, opened_at, id);
CREATE INDEX service_desk_ticket_due ON service_desk_ticket (next_due_at, id) WHERE next_due_at IS NOT NULL;
CREATE INDEX service_desk_ticket_state ON service_desk_ticket (state, opened_at, id);
CREATE INDEX service_desk_ticket_parent ON service_desk_ticket (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE service_desk_notice (
  id UUID PRIMARY KEY NOT NULL,
  account_id UUID NOT NULL,
  -- What to say, as a code with its parameters; the words are on the screen.
  code TEXT NOT NULL,
  params TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id UUID NOT NULL,
  at BIGINT NOT NULL,
  read_at BIGINT
);
CREATE INDEX service_desk_notice_account ON service_desk_notice (account_id, at, id);
