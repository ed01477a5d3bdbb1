-- What party A has paid. A wrong entry is taken back by one that reverses it; nothing is deleted.
CREATE TABLE service_desk_payment (
  id UUID PRIMARY KEY NOT NULL,
  contract_id UUID NOT NULL REFERENCES service_desk_contract (id),
  -- 1 for the first instalment.
  instalment INTEGER NOT NULL,
  paid_on TEXT NOT NULL,
  amount_cents BIGINT NOT NULL,
  note TEXT,
  reverses UUID UNIQUE,
  recorded_by UUID,
  recorded_by_name TEXT NOT NULL,
  recorded_at BIGINT NOT NULL
);
CREATE INDEX service_desk_payment_contract ON service_desk_payment (contract_id, instalment, paid_on, id);

-- Why a late instalment costs nothing (7.3), with its evidence; the latest row of an instalment stands.
CREATE TABLE service_desk_payment_excuse (
  id UUID PRIMARY KEY NOT NULL,
  contract_id UUID NOT NULL REFERENCES service_desk_contract (id),
  instalment INTEGER NOT NULL,
  -- other_party, force_majeure, fiscal_appropriation; NULL takes the excuse back
  excuse TEXT,
  evidence TEXT NOT NULL,
  made_by UUID,
  made_by_name TEXT NOT NULL,
  made_at BIGINT NOT NULL
);
CREATE INDEX service_desk_payment_excuse_contract ON service_desk_payment_excuse (contract_id, instalment, made_at, id);
