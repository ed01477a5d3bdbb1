-- Outbox, jobs, blobs, audit chain, idempotency. Instants are microseconds since 1970-01-01T00:00:00Z.
CREATE TABLE platform_event (
  id UUID PRIMARY KEY NOT NULL,
  topic TEXT NOT NULL,
  resource_id UUID NOT NULL,
  organisation_path TEXT,
  payload TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX platform_event_at ON platform_event (at);

CREATE TABLE platform_job (
  id UUID PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  max_attempts INTEGER NOT NULL,
  run_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  finished_at BIGINT,
  lease_until BIGINT,
  worker UUID,
  last_error TEXT
);
CREATE INDEX platform_job_due ON platform_job (run_at) WHERE state = 'pending';
CREATE INDEX platform_job_leased ON platform_job (lease_until) WHERE state = 'running';
CREATE INDEX platform_job_list ON platform_job (state, created_at, id);

CREATE TABLE platform_blob (
  id UUID PRIMARY KEY NOT NULL,
  size_bytes BIGINT NOT NULL,
  sm3 TEXT NOT NULL,
  content_type TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE platform_audit (
  seq BIGINT PRIMARY KEY NOT NULL,
  at BIGINT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id UUID,
  actor_name TEXT,
  organisation_path TEXT,
  action TEXT NOT NULL,
  resource_kind TEXT,
  resource_id UUID,
  patient_id UUID,
  outcome TEXT NOT NULL,
  reason TEXT,
  address TEXT,
  request_id TEXT NOT NULL,
  detail TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX platform_audit_actor ON platform_audit (actor_id, seq);
CREATE INDEX platform_audit_resource ON platform_audit (resource_id, seq);
CREATE INDEX platform_audit_patient ON platform_audit (patient_id, seq);
CREATE INDEX platform_audit_action ON platform_audit (action, seq);
CREATE INDEX platform_audit_at ON platform_audit (at);

CREATE TABLE platform_audit_head (
  id INTEGER PRIMARY KEY NOT NULL,
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL
);
-- SM3 of nothing: where the chain begins.
INSERT INTO platform_audit_head (id, seq, hash) VALUES (1, 0, '1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b');

CREATE TABLE platform_idempotency (
  account_id UUID NOT NULL,
  idempotency_key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  resource_id UUID NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, idempotency_key)
);
CREATE INDEX platform_idempotency_age ON platform_idempotency (created_at);

CREATE TABLE platform_setting (
  name TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL,
  updated_at BIGINT NOT NULL
);
