-- Where somebody wants to be reached besides the program itself. An address counts once its owner has shown that it is theirs.
CREATE TABLE notify_contact (
  account_id UUID NOT NULL,
  -- email, sms
  channel TEXT NOT NULL,
  address TEXT NOT NULL,
  confirmed_at BIGINT,
  -- SM3 of the code that was sent there, and how often it was guessed.
  code_sm3 TEXT,
  code_sent_at BIGINT NOT NULL,
  code_attempts INTEGER NOT NULL,
  PRIMARY KEY (account_id, channel)
);

CREATE TABLE notify_setting (
  account_id UUID PRIMARY KEY NOT NULL,
  -- all, urgent, none
  email TEXT NOT NULL,
  sms TEXT NOT NULL,
  -- 22:00 and 07:00, both or neither: what is not urgent waits until the end
  quiet_from TEXT,
  quiet_to TEXT,
  updated_at BIGINT NOT NULL
);

-- One message to one address.
CREATE TABLE notify_delivery (
  id UUID PRIMARY KEY NOT NULL,
  -- The notice with its receiver and channel: a second delivery of the event makes no second message.
  dedupe TEXT NOT NULL UNIQUE,
  account_id UUID,
  -- email, sms, webhook
  channel TEXT NOT NULL,
  -- Name of the webhook; a masked address.
  target TEXT NOT NULL,
  code TEXT NOT NULL,
  text TEXT NOT NULL,
  path TEXT NOT NULL,
  urgent BOOLEAN NOT NULL,
  -- queued, retrying, sent, failed, suppressed
  state TEXT NOT NULL,
  -- Code of the reason, where it was not sent.
  reason TEXT,
  attempts INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  sent_at BIGINT
);
CREATE INDEX notify_delivery_created ON notify_delivery (created_at, id);
CREATE INDEX notify_delivery_account ON notify_delivery (account_id, created_at);
