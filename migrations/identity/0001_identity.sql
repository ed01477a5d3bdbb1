-- Organisations, staff, accounts, roles, sessions.
CREATE TABLE identity_organisation (
  id UUID PRIMARY KEY NOT NULL,
  parent_id UUID REFERENCES identity_organisation (id),
  kind TEXT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  short_name TEXT,
  path TEXT NOT NULL UNIQUE,
  address TEXT,
  phone TEXT,
  longitude_udeg BIGINT,
  latitude_udeg BIGINT,
  active BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX identity_organisation_parent ON identity_organisation (parent_id);

CREATE TABLE identity_department (
  id UUID PRIMARY KEY NOT NULL,
  organisation_id UUID NOT NULL REFERENCES identity_organisation (id),
  name TEXT NOT NULL,
  code TEXT,
  active BOOLEAN NOT NULL,
  UNIQUE (organisation_id, name)
);

CREATE TABLE identity_staff (
  id UUID PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  initials TEXT NOT NULL,
  sex TEXT NOT NULL,
  title TEXT,
  licence_number TEXT UNIQUE,
  phone TEXT,
  organisation_id UUID NOT NULL REFERENCES identity_organisation (id),
  organisation_path TEXT NOT NULL,
  department_id UUID REFERENCES identity_department (id),
  active BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX identity_staff_organisation ON identity_staff (organisation_path, id);

CREATE TABLE identity_account (
  id UUID PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL,
  login_name TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  staff_id UUID UNIQUE REFERENCES identity_staff (id),
  patient_id UUID,
  enabled BOOLEAN NOT NULL,
  must_change_password BOOLEAN NOT NULL,
  password_changed_at BIGINT NOT NULL,
  failed_attempts INTEGER NOT NULL,
  locked_until BIGINT,
  totp_secret TEXT,
  totp_confirmed_at BIGINT,
  totp_last_step BIGINT,
  created_at BIGINT NOT NULL,
  last_sign_in_at BIGINT
);
CREATE INDEX identity_account_patient ON identity_account (patient_id);

CREATE TABLE identity_password_history (
  account_id UUID NOT NULL REFERENCES identity_account (id),
  set_at BIGINT NOT NULL,
  password_hash TEXT NOT NULL,
  PRIMARY KEY (account_id, set_at)
);

CREATE TABLE identity_role_grant (
  account_id UUID NOT NULL REFERENCES identity_account (id),
  role TEXT NOT NULL,
  scope_organisation_id UUID NOT NULL REFERENCES identity_organisation (id),
  scope_path TEXT NOT NULL,
  expires_at BIGINT,
  granted_by UUID,
  granted_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, role, scope_organisation_id)
);

CREATE TABLE identity_session (
  id UUID PRIMARY KEY NOT NULL,
  account_id UUID NOT NULL REFERENCES identity_account (id),
  token_sm3 TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  ended_at BIGINT,
  end_reason TEXT,
  user_agent TEXT,
  address TEXT
);
CREATE INDEX identity_session_account ON identity_session (account_id, ended_at);
