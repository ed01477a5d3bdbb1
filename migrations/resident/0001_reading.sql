-- Which reports a resident has opened: for the unread mark.
CREATE TABLE resident_report_read (
  account_id UUID NOT NULL,
  exam_id UUID NOT NULL,
  version INTEGER NOT NULL,
  read_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, exam_id, version)
);
