-- What comes in from outside by itself: letters to the mailbox, alerts of monitoring systems. Never changed but for what became of it.
CREATE TABLE service_desk_intake (
  id UUID PRIMARY KEY NOT NULL,
  -- Of the institution that it is about, else of the region.
  organisation_path TEXT NOT NULL,
  organisation_id UUID,
  -- mail, alert
  channel TEXT NOT NULL,
  -- Name of the monitoring system; empty for the mailbox.
  source TEXT NOT NULL,
  -- What the sender calls it: coming a second time it is recognized.
  external_id TEXT NOT NULL,
  -- Alerts of one group become one ticket while that is being worked on.
  group_key TEXT,
  -- When it began to be true: the mail server took the letter, the alert began.
  at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  -- The alert is over.
  ended_at BIGINT,
  -- As the letter says; anybody can write anything there.
  sender TEXT,
  sender_name TEXT,
  -- Whose confirmed address that is.
  account_id UUID,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  -- Written by a program.
  automatic BOOLEAN NOT NULL,
  -- Names of files that were too large, or of no permitted kind, one a line.
  left_out TEXT NOT NULL,
  -- waiting, opened, noted, dismissed
  state TEXT NOT NULL,
  ticket_id UUID REFERENCES service_desk_ticket (id),
  decided_by_name TEXT,
  decided_at BIGINT,
  -- Why it was dismissed, or a code: why no ticket could be opened for it.
  reason TEXT,
  row_version BIGINT NOT NULL,
  UNIQUE (channel, source, external_id)
);
CREATE INDEX service_desk_intake_state ON service_desk_intake (state, at, id);
CREATE INDEX service_desk_intake_at ON service_desk_intake (at, id);
CREATE INDEX service_desk_intake_ticket ON service_desk_intake (ticket_id);
CREATE INDEX service_desk_intake_group ON service_desk_intake (source, group_key);
