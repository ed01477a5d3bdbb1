-- A file belongs to a place within its record, and is voided instead of removed.
ALTER TABLE service_desk_attachment ADD COLUMN part TEXT;
ALTER TABLE service_desk_attachment ADD COLUMN voided_at BIGINT;
ALTER TABLE service_desk_attachment ADD COLUMN voided_by_name TEXT;
ALTER TABLE service_desk_attachment ADD COLUMN void_reason TEXT;
