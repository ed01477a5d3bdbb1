-- The provider's people, who is on duty on days off, swaps on concrete dates, and attendance.
CREATE TABLE service_desk_engineer (
  id UUID PRIMARY KEY NOT NULL,
  organisation_path TEXT NOT NULL,
  account_id UUID NOT NULL UNIQUE,
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  -- software or hardware
  qualification TEXT NOT NULL,
  experience_years INTEGER NOT NULL,
  active BOOLEAN NOT NULL,
  row_version BIGINT NOT NULL
);

CREATE TABLE service_desk_roster (
  id UUID PRIMARY KEY NOT NULL,
  contract_id UUID NOT NULL REFERENCES service_desk_contract (id),
  organisation_path TEXT NOT NULL,
  -- 2025-10
  month TEXT NOT NULL,
  due TEXT NOT NULL,
  calendar_version TEXT NOT NULL,
  published_at BIGINT,
  published_by_name TEXT,
  -- Published after its due day.
  late BOOLEAN NOT NULL,
  row_version BIGINT NOT NULL,
  UNIQUE (contract_id, month)
);

CREATE TABLE service_desk_duty (
  roster_id UUID NOT NULL REFERENCES service_desk_roster (id),
  day TEXT NOT NULL,
  engineer_id UUID NOT NULL REFERENCES service_desk_engineer (id),
  backup_id UUID REFERENCES service_desk_engineer (id),
  -- What the next person has to know.
  handover TEXT,
  handover_by_name TEXT,
  PRIMARY KEY (roster_id, day)
);
CREATE INDEX service_desk_duty_day ON service_desk_duty (day);

CREATE TABLE service_desk_swap (
  id UUID PRIMARY KEY NOT NULL,
  roster_id UUID NOT NULL REFERENCES service_desk_roster (id),
  day TEXT NOT NULL,
  from_id UUID NOT NULL,
  to_id UUID NOT NULL,
  reason TEXT NOT NULL,
  -- requested, approved, declined
  state TEXT NOT NULL,
  requested_by_name TEXT NOT NULL,
  requested_at BIGINT NOT NULL,
  decided_by_name TEXT,
  decided_at BIGINT
);
CREATE INDEX service_desk_swap_roster ON service_desk_swap (roster_id, requested_at);

CREATE TABLE service_desk_attendance (
  id UUID PRIMARY KEY NOT NULL,
  contract_id UUID NOT NULL REFERENCES service_desk_contract (id),
  organisation_path TEXT NOT NULL,
  engineer_id UUID NOT NULL REFERENCES service_desk_engineer (id),
  -- leave_filed, unfiled_leave, late_duty, no_reply
  kind TEXT NOT NULL,
  day TEXT NOT NULL,
  evidence TEXT NOT NULL,
  -- Chosen by a person, for no_reply.
  chosen_cents BIGINT,
  voided BOOLEAN NOT NULL,
  void_reason TEXT,
  recorded_by_name TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  row_version BIGINT NOT NULL
);
CREATE INDEX service_desk_attendance_day ON service_desk_attendance (day, id);
