-- Requests to change data. Values before and after may be personal data: they stand here and nowhere else.
CREATE TABLE service_desk_correction (
  id UUID PRIMARY KEY NOT NULL,
  number TEXT NOT NULL UNIQUE,
  contract_id UUID NOT NULL,
  organisation_id UUID NOT NULL,
  organisation_path TEXT NOT NULL,
  item_code TEXT NOT NULL,
  ticket_id UUID,
  title TEXT NOT NULL,
  reason TEXT NOT NULL,
  touches TEXT NOT NULL,
  changes TEXT NOT NULL,
  -- What was found after the execution, in the order of the changes.
  executed TEXT,
  rollback_plan TEXT NOT NULL,
  state TEXT NOT NULL,
  approval_needed BOOLEAN NOT NULL,
  -- Work was done before the approval.
  violation BOOLEAN NOT NULL,
  requested_by UUID,
  requested_by_name TEXT NOT NULL,
  requested_at BIGINT NOT NULL,
  decided_by UUID,
  decided_by_name TEXT,
  decided_at BIGINT,
  executed_by UUID,
  executed_by_name TEXT,
  executed_at BIGINT,
  reviewed_by_name TEXT,
  reviewed_at BIGINT,
  row_version BIGINT NOT NULL
);
CREATE INDEX service_desk_correction_requested ON service_desk_correction (requested_at, id);
CREATE INDEX service_desk_correction_organisation ON service_desk_correction (organisation_path, requested_at, id);
CREATE INDEX service_desk_correction_ticket ON service_desk_correction (ticket_id) WHERE ticket_id IS NOT NULL;
