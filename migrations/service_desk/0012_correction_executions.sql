-- Each execution with its script: what was run names values, so it stands here and not in the journal.
ALTER TABLE service_desk_correction ADD COLUMN executions TEXT NOT NULL DEFAULT '[]';
-- The edition of the contract that was in force at the request; NULL for forms from before this was kept.
ALTER TABLE service_desk_correction ADD COLUMN contract_version INTEGER;
