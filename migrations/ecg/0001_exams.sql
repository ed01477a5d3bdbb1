-- Examinations, recordings, reports. Signed versions of a report are never changed; a new version is a new row.
CREATE TABLE ecg_exam (
  id UUID PRIMARY KEY NOT NULL,
  exam_number TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  -- 'read' while a report is wanted, 'review' while a review is wanted, NULL otherwise: what worklists are made from.
  queue TEXT,
  urgency TEXT NOT NULL,
  urgency_rank INTEGER NOT NULL,
  patient_id UUID NOT NULL,
  organisation_id UUID NOT NULL,
  organisation_path TEXT NOT NULL,
  clinical_note TEXT,
  symptoms TEXT NOT NULL,
  device_name TEXT,
  requesting_department TEXT,
  bed TEXT,
  requester_name TEXT,
  registered_by UUID NOT NULL,
  registered_by_name TEXT NOT NULL,
  registered_at BIGINT NOT NULL,
  submitted_at BIGINT,
  due_at BIGINT,
  published_at BIGINT,
  claimed_by UUID,
  claimed_by_name TEXT,
  claim_until BIGINT,
  reader_id UUID,
  reviewer_id UUID,
  heart_rate_bpm BIGINT,
  conclusion TEXT,
  abnormal BOOLEAN,
  returned_reason TEXT,
  retake_reason TEXT,
  recording_count INTEGER NOT NULL,
  report_version INTEGER NOT NULL,
  row_version BIGINT NOT NULL
);
CREATE INDEX ecg_exam_queue ON ecg_exam (queue, urgency_rank, submitted_at, id) WHERE queue IS NOT NULL;
CREATE INDEX ecg_exam_claimed ON ecg_exam (claimed_by, submitted_at, id) WHERE claimed_by IS NOT NULL;
CREATE INDEX ecg_exam_registered ON ecg_exam (registered_at, id);
CREATE INDEX ecg_exam_state ON ecg_exam (state, registered_at, id);
CREATE INDEX ecg_exam_organisation ON ecg_exam (organisation_path, registered_at, id);
CREATE INDEX ecg_exam_patient ON ecg_exam (patient_id, registered_at, id);

CREATE TABLE ecg_exam_counter (
  day TEXT PRIMARY KEY NOT NULL,
  last_number BIGINT NOT NULL
);

CREATE TABLE ecg_recording (
  id UUID PRIMARY KEY NOT NULL,
  exam_id UUID NOT NULL REFERENCES ecg_exam (id),
  ordinal INTEGER NOT NULL,
  format TEXT NOT NULL,
  format_label TEXT NOT NULL,
  sample_rate_hz DOUBLE PRECISION NOT NULL,
  sample_count BIGINT NOT NULL,
  leads TEXT NOT NULL,
  derived_leads TEXT NOT NULL,
  recorded_at_text TEXT,
  device TEXT,
  filters TEXT,
  uploaded_at BIGINT NOT NULL,
  uploaded_by TEXT NOT NULL,
  waveform_blob UUID NOT NULL,
  as_written TEXT NOT NULL,
  analysis_state TEXT NOT NULL,
  analysis TEXT,
  analysis_error TEXT
);
CREATE INDEX ecg_recording_exam ON ecg_recording (exam_id, ordinal);

CREATE TABLE ecg_recording_file (
  recording_id UUID NOT NULL REFERENCES ecg_recording (id),
  ordinal INTEGER NOT NULL,
  name TEXT NOT NULL,
  blob_id UUID NOT NULL,
  size_bytes BIGINT NOT NULL,
  sm3 TEXT NOT NULL,
  PRIMARY KEY (recording_id, ordinal)
);

CREATE TABLE ecg_report (
  exam_id UUID NOT NULL REFERENCES ecg_exam (id),
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  recording_id UUID NOT NULL,
  measurements TEXT NOT NULL,
  findings TEXT NOT NULL,
  conclusion TEXT NOT NULL,
  abnormal BOOLEAN NOT NULL,
  amends INTEGER,
  updated_at BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  signed TEXT,
  reviewed TEXT,
  content_sm3 TEXT,
  verify_code TEXT UNIQUE,
  pdf_blob UUID,
  closed_reason TEXT,
  PRIMARY KEY (exam_id, version)
);

CREATE TABLE ecg_timeline (
  id UUID PRIMARY KEY NOT NULL,
  exam_id UUID NOT NULL REFERENCES ecg_exam (id),
  at BIGINT NOT NULL,
  event TEXT NOT NULL,
  by_name TEXT,
  organisation_name TEXT,
  from_state TEXT,
  to_state TEXT NOT NULL,
  reason TEXT,
  version INTEGER
);
CREATE INDEX ecg_timeline_exam ON ecg_timeline (exam_id, at, id);

CREATE TABLE ecg_phrase (
  id UUID PRIMARY KEY NOT NULL,
  account_id UUID NOT NULL,
  phrase_group TEXT NOT NULL,
  text_zh TEXT NOT NULL,
  text_en TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX ecg_phrase_account ON ecg_phrase (account_id, created_at);
