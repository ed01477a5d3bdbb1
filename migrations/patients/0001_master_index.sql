-- The master index of people. Instants are microseconds since 1970-01-01T00:00:00Z, dates YYYY-MM-DD.

-- root_id is the record that stands for the person: the row itself, or the last survivor of its merges.
-- identifier_number is as entered; identifier_key is kind and normal form, equal for equal numbers.
CREATE TABLE patients_patient (
  id UUID PRIMARY KEY NOT NULL,
  root_id UUID NOT NULL,
  merged_into UUID,
  name TEXT NOT NULL,
  pinyin TEXT NOT NULL,
  pinyin_initials TEXT NOT NULL,
  sex TEXT NOT NULL,
  birth_date TEXT,
  identifier_kind TEXT NOT NULL,
  identifier_number TEXT,
  identifier_key TEXT,
  phone TEXT,
  address TEXT,
  ethnicity TEXT,
  note TEXT,
  newborn_of_patient_id UUID,
  birth_order INTEGER,
  unidentified BOOLEAN NOT NULL,
  organisation_id UUID NOT NULL,
  organisation_path TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  row_version INTEGER NOT NULL
);
CREATE UNIQUE INDEX patients_patient_identifier ON patients_patient (identifier_key);
CREATE INDEX patients_patient_phone ON patients_patient (phone);
CREATE INDEX patients_patient_birth_date ON patients_patient (birth_date);
CREATE INDEX patients_patient_root ON patients_patient (root_id) WHERE merged_into IS NOT NULL;
CREATE INDEX patients_patient_merged_into ON patients_patient (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX patients_patient_newborn_of ON patients_patient (newborn_of_patient_id) WHERE newborn_of_patient_id IS NOT NULL;

-- What a row was before each change of it.
CREATE TABLE patients_history (
  patient_id UUID NOT NULL,
  row_version INTEGER NOT NULL,
  content TEXT NOT NULL,
  replaced_at BIGINT NOT NULL,
  replaced_by UUID,
  PRIMARY KEY (patient_id, row_version)
);

-- What a search box text is compared with, by prefix: the name from each of its characters on, its pinyin, its initials.
CREATE TABLE patients_search_term (
  patient_id UUID NOT NULL,
  term TEXT NOT NULL,
  PRIMARY KEY (patient_id, term)
);
-- Prefixes are ranges of code points. SQLite compares so by itself.
-- only: postgres
ALTER TABLE patients_search_term ALTER COLUMN term TYPE TEXT COLLATE "C";
CREATE INDEX patients_search_term_term ON patients_search_term (term, patient_id);

-- The organisations that know a person. via_merge_id: known only because a record that they know was merged into this.
CREATE TABLE patients_known (
  patient_id UUID NOT NULL,
  organisation_path TEXT NOT NULL,
  organisation_id UUID NOT NULL,
  since BIGINT NOT NULL,
  via_merge_id UUID,
  PRIMARY KEY (patient_id, organisation_path)
);
CREATE INDEX patients_known_organisation ON patients_known (organisation_path, patient_id);
CREATE INDEX patients_known_via_merge ON patients_known (via_merge_id) WHERE via_merge_id IS NOT NULL;

CREATE TABLE patients_merge (
  id UUID PRIMARY KEY NOT NULL,
  survivor_id UUID NOT NULL,
  absorbed_id UUID NOT NULL,
  reason TEXT NOT NULL,
  merged_by UUID,
  merged_at BIGINT NOT NULL,
  undo_reason TEXT,
  undone_by UUID,
  undone_at BIGINT
);
CREATE INDEX patients_merge_survivor ON patients_merge (survivor_id);
CREATE INDEX patients_merge_absorbed ON patients_merge (absorbed_id);

-- Pairs of records that may be one person; a_id < b_id. State: open, dismissed, outdated.
CREATE TABLE patients_duplicate (
  id UUID PRIMARY KEY NOT NULL,
  a_id UUID NOT NULL,
  b_id UUID NOT NULL,
  score INTEGER NOT NULL,
  reasons TEXT NOT NULL,
  state TEXT NOT NULL,
  found_at BIGINT NOT NULL,
  decided_by UUID,
  decided_at BIGINT,
  decision_reason TEXT
);
CREATE UNIQUE INDEX patients_duplicate_pair ON patients_duplicate (a_id, b_id);
CREATE INDEX patients_duplicate_b ON patients_duplicate (b_id);
CREATE INDEX patients_duplicate_open ON patients_duplicate (score, id) WHERE state = 'open';
