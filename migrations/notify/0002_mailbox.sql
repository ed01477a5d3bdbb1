-- How far a mailbox has been read. One process reads at a time, as long as its lease lasts.
CREATE TABLE notify_mailbox (
  -- user@host/folder
  name TEXT PRIMARY KEY NOT NULL,
  uid_validity BIGINT NOT NULL,
  -- The first that has not been read.
  next_uid BIGINT NOT NULL,
  lease_until BIGINT NOT NULL,
  -- Last look that ended well, and last letter.
  read_at BIGINT,
  letter_at BIGINT,
  -- Code of what went wrong at the last look, and since when it has.
  reason TEXT,
  failing_since BIGINT
);
