-- Who of the provider's people was on site, and when (附件1 1.3.2-1). Never changed but for the leaving; a wrong one is voided with a reason.
CREATE TABLE service_desk_presence (
  id UUID PRIMARY KEY NOT NULL,
  contract_id UUID NOT NULL REFERENCES service_desk_contract (id),
  organisation_path TEXT NOT NULL,
  engineer_id UUID NOT NULL REFERENCES service_desk_engineer (id),
  -- Of the region, such as 2026-11-27.
  day TEXT NOT NULL,
  came_at BIGINT NOT NULL,
  left_at BIGINT,
  place TEXT,
  -- Where somebody else entered it: on what grounds.
  evidence TEXT,
  voided BOOLEAN NOT NULL,
  void_reason TEXT,
  recorded_by_name TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  row_version BIGINT NOT NULL
);
CREATE INDEX service_desk_presence_day ON service_desk_presence (contract_id, day, came_at);
