CREATE TABLE schema_version (
	version INTEGER NOT NULL,
	PRIMARY KEY (version)
);;
CREATE TABLE users (
	name VARCHAR(80) NOT NULL,
	display_name VARCHAR(200) NOT NULL,
	role VARCHAR(20) NOT NULL,
	password_hash VARCHAR(200) NOT NULL,
	ruc VARCHAR(13),
	branch VARCHAR(4),
	office VARCHAR(80),
	disabled BOOLEAN NOT NULL,
	PRIMARY KEY (name)
);;
CREATE TABLE employers (
	ruc VARCHAR(13) NOT NULL,
	business_name VARCHAR(300) NOT NULL,
	branches JSON NOT NULL,
	email VARCHAR(120) NOT NULL,
	phone VARCHAR(60) NOT NULL,
	address VARCHAR(200) NOT NULL,
	PRIMARY KEY (ruc)
);;
CREATE TABLE sheets (
	number VARCHAR(40) NOT NULL,
	ruc VARCHAR(13) NOT NULL,
	branch VARCHAR(4) NOT NULL,
	period VARCHAR(7) NOT NULL,
	type VARCHAR(20) NOT NULL,
	state VARCHAR(20) NOT NULL,
	body JSON NOT NULL,
	annulled_at VARCHAR(32),
	replaced_by VARCHAR(40),
	made_by_case VARCHAR(20),
	PRIMARY KEY (number),
	UNIQUE (made_by_case, type)
);;
CREATE INDEX sheets_by_period ON sheets (ruc, branch, period, type);;
CREATE TABLE novedades (
	id INTEGER NOT NULL,
	ruc VARCHAR(13) NOT NULL,
	branch VARCHAR(4) NOT NULL,
	period VARCHAR(7) NOT NULL,
	body JSON NOT NULL,
	PRIMARY KEY (id)
);;
CREATE INDEX novedades_by_period ON novedades (ruc, branch, period);;
CREATE TABLE blobs (
	sha256 VARCHAR(64) NOT NULL,
	size INTEGER NOT NULL,
	media_type VARCHAR(60) NOT NULL,
	stored_at VARCHAR(32) NOT NULL,
	PRIMARY KEY (sha256)
);;
CREATE TABLE cases (
	number VARCHAR(20) NOT NULL,
	office VARCHAR(80) NOT NULL,
	state VARCHAR(30) NOT NULL,
	version INTEGER NOT NULL,
	received_at VARCHAR(32) NOT NULL,
	received_by VARCHAR(80) NOT NULL,
	ruc VARCHAR(13) NOT NULL,
	branch VARCHAR(4) NOT NULL,
	period VARCHAR(7) NOT NULL,
	answers JSON NOT NULL,
	idempotency_key VARCHAR(120),
	PRIMARY KEY (number),
	UNIQUE (idempotency_key)
);;
CREATE INDEX ix_cases_state ON cases (state);;
CREATE INDEX ix_cases_ruc ON cases (ruc);;
CREATE TABLE audit_events (
	sequence INTEGER NOT NULL,
	at VARCHAR(32) NOT NULL,
	actor VARCHAR(80) NOT NULL,
	action VARCHAR(60) NOT NULL,
	subject VARCHAR(120) NOT NULL,
	data JSON NOT NULL,
	previous VARCHAR(64) NOT NULL,
	hash VARCHAR(64) NOT NULL,
	PRIMARY KEY (sequence)
);;
CREATE INDEX ix_audit_events_subject ON audit_events (subject);;
CREATE TABLE counters (
	name VARCHAR(40) NOT NULL,
	value INTEGER NOT NULL,
	PRIMARY KEY (name)
);;
CREATE TABLE access_attempts (
	bucket VARCHAR(64) NOT NULL,
	failures INTEGER NOT NULL,
	last_at VARCHAR(32) NOT NULL,
	blocked_until VARCHAR(32) NOT NULL,
	PRIMARY KEY (bucket)
);;
CREATE TABLE one_time_codes (
	purpose VARCHAR(40) NOT NULL,
	subject VARCHAR(160) NOT NULL,
	digest VARCHAR(64) NOT NULL,
	sent_at VARCHAR(32) NOT NULL,
	expires_at VARCHAR(32) NOT NULL,
	tries_left INTEGER NOT NULL,
	sent_today INTEGER NOT NULL,
	PRIMARY KEY (purpose, subject)
);;
CREATE TABLE fixity_rounds (
	id INTEGER NOT NULL,
	started_at VARCHAR(32) NOT NULL,
	due_at VARCHAR(32) NOT NULL,
	finished_at VARCHAR(32),
	"by" VARCHAR(80) NOT NULL,
	scheduled BOOLEAN NOT NULL,
	phase VARCHAR(20) NOT NULL,
	cursor VARCHAR(80) NOT NULL,
	blobs INTEGER NOT NULL,
	bytes BIGINT NOT NULL,
	cases INTEGER NOT NULL,
	failures INTEGER NOT NULL,
	PRIMARY KEY (id)
);;
CREATE TABLE fixity_findings (
	id INTEGER NOT NULL,
	subject VARCHAR(255) NOT NULL,
	kind VARCHAR(20) NOT NULL,
	place VARCHAR(10) NOT NULL,
	phase VARCHAR(20) NOT NULL,
	message VARCHAR(300) NOT NULL,
	found_at VARCHAR(32) NOT NULL,
	repaired BOOLEAN NOT NULL,
	resolved_at VARCHAR(32),
	PRIMARY KEY (id)
);;
CREATE INDEX fixity_findings_of ON fixity_findings (subject, kind, place);;
CREATE TABLE sealed_heads (
	day VARCHAR(10) NOT NULL,
	events INTEGER NOT NULL,
	head VARCHAR(64) NOT NULL,
	sealed_at VARCHAR(32) NOT NULL,
	"key" VARCHAR(64) NOT NULL,
	signature VARCHAR(128) NOT NULL,
	PRIMARY KEY (day)
);;
CREATE TABLE imported_audit_events (
	package VARCHAR(64) NOT NULL,
	sequence INTEGER NOT NULL,
	case_number VARCHAR(20) NOT NULL,
	at VARCHAR(32) NOT NULL,
	actor VARCHAR(80) NOT NULL,
	action VARCHAR(60) NOT NULL,
	subject VARCHAR(120) NOT NULL,
	data JSON NOT NULL,
	previous VARCHAR(64) NOT NULL,
	hash VARCHAR(64) NOT NULL,
	PRIMARY KEY (package, sequence)
);;
CREATE INDEX ix_imported_audit_events_case_number ON imported_audit_events (case_number);;
CREATE TABLE complaints (
	number VARCHAR(19) NOT NULL,
	filed_at VARCHAR(32) NOT NULL,
	day VARCHAR(10) NOT NULL,
	name VARCHAR(120) NOT NULL,
	email VARCHAR(120) NOT NULL,
	case_number VARCHAR(20) NOT NULL,
	text VARCHAR(4000) NOT NULL,
	state VARCHAR(20) NOT NULL,
	answer VARCHAR(4000) NOT NULL,
	answered_by VARCHAR(80) NOT NULL,
	answered_at VARCHAR(32),
	PRIMARY KEY (number)
);;
CREATE INDEX ix_complaints_day ON complaints (day);;
CREATE TABLE uploads (
	id VARCHAR(32) NOT NULL,
	owner VARCHAR(80) NOT NULL,
	name VARCHAR(255) NOT NULL,
	length BIGINT NOT NULL,
	received BIGINT NOT NULL,
	touched_at VARCHAR(32) NOT NULL,
	PRIMARY KEY (id)
);;
CREATE INDEX ix_uploads_owner ON uploads (owner);;
CREATE TABLE visits (
	id INTEGER NOT NULL,
	office VARCHAR(80) NOT NULL,
	day VARCHAR(10) NOT NULL,
	turn INTEGER NOT NULL,
	ruc VARCHAR(13) NOT NULL,
	appointment VARCHAR(40),
	state VARCHAR(20) NOT NULL,
	arrived_at VARCHAR(32) NOT NULL,
	changed_at VARCHAR(32) NOT NULL,
	clerk VARCHAR(80) NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (appointment)
);;
CREATE UNIQUE INDEX visits_of_a_day ON visits (office, day, turn);;
CREATE TABLE mails (
	id VARCHAR(32) NOT NULL,
	occasion VARCHAR(160) NOT NULL,
	recipient VARCHAR(120) NOT NULL,
	subject VARCHAR(200) NOT NULL,
	body JSON NOT NULL,
	attachments JSON NOT NULL,
	state VARCHAR(20) NOT NULL,
	tries INTEGER NOT NULL,
	written_at VARCHAR(32) NOT NULL,
	next_at VARCHAR(32) NOT NULL,
	ended_at VARCHAR(32),
	trouble VARCHAR(300) NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (occasion)
);;
CREATE INDEX mails_by_state ON mails (state, next_at);;
CREATE TABLE saved_searches (
	id INTEGER NOT NULL,
	owner VARCHAR(80) NOT NULL,
	name VARCHAR(80) NOT NULL,
	"query" VARCHAR(2000) NOT NULL,
	saved_at VARCHAR(32) NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (owner, name)
);;
CREATE TABLE access_sessions (
	token_hash VARCHAR(64) NOT NULL,
	user_name VARCHAR(80) NOT NULL,
	created_at VARCHAR(32) NOT NULL,
	expires_at VARCHAR(32) NOT NULL,
	PRIMARY KEY (token_hash),
	FOREIGN KEY(user_name) REFERENCES users (name)
);;
CREATE TABLE representatives (
	id INTEGER NOT NULL,
	ruc VARCHAR(13) NOT NULL,
	id_kind VARCHAR(20) NOT NULL,
	id_number VARCHAR(13) NOT NULL,
	name VARCHAR(200) NOT NULL,
	since VARCHAR(10) NOT NULL,
	until VARCHAR(10),
	PRIMARY KEY (id),
	FOREIGN KEY(ruc) REFERENCES employers (ruc)
);;
CREATE INDEX ix_representatives_ruc ON representatives (ruc);;
CREATE TABLE receipts (
	number VARCHAR(40) NOT NULL,
	sheet_number VARCHAR(40) NOT NULL,
	state VARCHAR(20) NOT NULL,
	annulled_at VARCHAR(32),
	PRIMARY KEY (number),
	FOREIGN KEY(sheet_number) REFERENCES sheets (number)
);;
CREATE INDEX ix_receipts_sheet_number ON receipts (sheet_number);;
CREATE TABLE issued_documents (
	document VARCHAR(19) NOT NULL,
	form VARCHAR(40) NOT NULL,
	edition VARCHAR(20) NOT NULL,
	issued VARCHAR(10) NOT NULL,
	ruc VARCHAR(13) NOT NULL,
	branch VARCHAR(4) NOT NULL,
	field_values JSON NOT NULL,
	pdf VARCHAR(64) NOT NULL,
	issued_by VARCHAR(80) NOT NULL,
	state VARCHAR(20) NOT NULL,
	case_number VARCHAR(20),
	PRIMARY KEY (document),
	FOREIGN KEY(pdf) REFERENCES blobs (sha256)
);;
CREATE INDEX ix_issued_documents_ruc ON issued_documents (ruc);;
CREATE TABLE receptions (
	id INTEGER NOT NULL,
	case_number VARCHAR(20) NOT NULL,
	place INTEGER NOT NULL,
	name VARCHAR(255) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	received_at VARCHAR(32) NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(case_number) REFERENCES cases (number),
	FOREIGN KEY(sha256) REFERENCES blobs (sha256)
);;
CREATE INDEX ix_receptions_case_number ON receptions (case_number);;
CREATE INDEX ix_receptions_sha256 ON receptions (sha256);;
CREATE TABLE case_events (
	id INTEGER NOT NULL,
	case_number VARCHAR(20) NOT NULL,
	sequence INTEGER NOT NULL,
	at VARCHAR(32) NOT NULL,
	actor VARCHAR(80) NOT NULL,
	event VARCHAR(40) NOT NULL,
	data JSON NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (case_number, sequence),
	FOREIGN KEY(case_number) REFERENCES cases (number)
);;
CREATE TABLE readings (
	id INTEGER NOT NULL,
	case_number VARCHAR(20) NOT NULL,
	body JSON NOT NULL,
	made_at VARCHAR(32) NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(case_number) REFERENCES cases (number)
);;
CREATE INDEX ix_readings_case_number ON readings (case_number);;
CREATE TABLE documents (
	id INTEGER NOT NULL,
	case_number VARCHAR(20) NOT NULL,
	kind VARCHAR(40) NOT NULL,
	name VARCHAR(255) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	media_type VARCHAR(60) NOT NULL,
	made_at VARCHAR(32) NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (case_number, kind, name, sha256),
	FOREIGN KEY(case_number) REFERENCES cases (number),
	FOREIGN KEY(sha256) REFERENCES blobs (sha256)
);;
CREATE INDEX ix_documents_case_number ON documents (case_number);;
CREATE TABLE blob_copies (
	address VARCHAR(200) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	copied_at VARCHAR(32) NOT NULL,
	PRIMARY KEY (address, sha256),
	FOREIGN KEY(sha256) REFERENCES blobs (sha256)
);;
CREATE TABLE drafts (
	user_name VARCHAR(80) NOT NULL,
	form VARCHAR(40) NOT NULL,
	field_values JSON NOT NULL,
	saved_at VARCHAR(32) NOT NULL,
	PRIMARY KEY (user_name, form),
	FOREIGN KEY(user_name) REFERENCES users (name)
);;
CREATE TABLE waits (
	case_number VARCHAR(20) NOT NULL,
	since VARCHAR(32) NOT NULL,
	tries INTEGER NOT NULL,
	next_at VARCHAR(32) NOT NULL,
	PRIMARY KEY (case_number),
	FOREIGN KEY(case_number) REFERENCES cases (number)
);;
CREATE TABLE appointments (
	number VARCHAR(19) NOT NULL,
	agency VARCHAR(40) NOT NULL,
	procedure VARCHAR(40) NOT NULL,
	day VARCHAR(10) NOT NULL,
	hour VARCHAR(5) NOT NULL,
	person_id VARCHAR(13) NOT NULL,
	email VARCHAR(120) NOT NULL,
	phone VARCHAR(60) NOT NULL,
	state VARCHAR(20) NOT NULL,
	version INTEGER NOT NULL,
	booked_at VARCHAR(32) NOT NULL,
	document VARCHAR(19),
	PRIMARY KEY (number),
	FOREIGN KEY(document) REFERENCES issued_documents (document)
);;
CREATE INDEX appointments_by_day ON appointments (agency, day, hour);;
CREATE INDEX ix_appointments_person_id ON appointments (person_id);;
CREATE TABLE derivations (
	source_id INTEGER NOT NULL,
	derivative_id INTEGER,
	outcome VARCHAR(20) NOT NULL,
	findings JSON NOT NULL,
	pages INTEGER NOT NULL,
	made_at VARCHAR(32) NOT NULL,
	PRIMARY KEY (source_id),
	FOREIGN KEY(source_id) REFERENCES documents (id),
	FOREIGN KEY(derivative_id) REFERENCES documents (id)
);;
CREATE TABLE page_texts (
	document_id INTEGER NOT NULL,
	page INTEGER NOT NULL,
	width FLOAT NOT NULL,
	height FLOAT NOT NULL,
	view_id INTEGER NOT NULL,
	thumbnail_id INTEGER,
	lines JSON NOT NULL,
	PRIMARY KEY (document_id, page),
	FOREIGN KEY(document_id) REFERENCES documents (id),
	FOREIGN KEY(view_id) REFERENCES documents (id),
	FOREIGN KEY(thumbnail_id) REFERENCES documents (id)
);;
CREATE TABLE revocations (
	document VARCHAR(19) NOT NULL,
	at VARCHAR(32) NOT NULL,
	day VARCHAR(10) NOT NULL,
	"by" VARCHAR(80) NOT NULL,
	PRIMARY KEY (document),
	FOREIGN KEY(document) REFERENCES issued_documents (document)
);;
CREATE TABLE appointment_places (
	agency VARCHAR(40) NOT NULL,
	day VARCHAR(10) NOT NULL,
	hour VARCHAR(5) NOT NULL,
	place INTEGER NOT NULL,
	appointment VARCHAR(19) NOT NULL,
	PRIMARY KEY (agency, day, hour, place),
	UNIQUE (appointment),
	FOREIGN KEY(appointment) REFERENCES appointments (number)
);;
CREATE TRIGGER IF NOT EXISTS case_events_no_update BEFORE UPDATE ON case_events BEGIN SELECT RAISE(ABORT, 'case_events is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS case_events_no_delete BEFORE DELETE ON case_events BEGIN SELECT RAISE(ABORT, 'case_events is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS audit_events_no_update BEFORE UPDATE ON audit_events BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS audit_events_no_delete BEFORE DELETE ON audit_events BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS blobs_no_update BEFORE UPDATE ON blobs BEGIN SELECT RAISE(ABORT, 'blobs is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS blobs_no_delete BEFORE DELETE ON blobs BEGIN SELECT RAISE(ABORT, 'blobs is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS receptions_no_update BEFORE UPDATE ON receptions BEGIN SELECT RAISE(ABORT, 'receptions is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS receptions_no_delete BEFORE DELETE ON receptions BEGIN SELECT RAISE(ABORT, 'receptions is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS readings_no_update BEFORE UPDATE ON readings BEGIN SELECT RAISE(ABORT, 'readings is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS readings_no_delete BEFORE DELETE ON readings BEGIN SELECT RAISE(ABORT, 'readings is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS documents_no_update BEFORE UPDATE ON documents BEGIN SELECT RAISE(ABORT, 'documents is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS documents_no_delete BEFORE DELETE ON documents BEGIN SELECT RAISE(ABORT, 'documents is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS sealed_heads_no_update BEFORE UPDATE ON sealed_heads BEGIN SELECT RAISE(ABORT, 'sealed_heads is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS sealed_heads_no_delete BEFORE DELETE ON sealed_heads BEGIN SELECT RAISE(ABORT, 'sealed_heads is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS imported_audit_events_no_update BEFORE UPDATE ON imported_audit_events BEGIN SELECT RAISE(ABORT, 'imported_audit_events is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS imported_audit_events_no_delete BEFORE DELETE ON imported_audit_events BEGIN SELECT RAISE(ABORT, 'imported_audit_events is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS sheets_no_overwriting BEFORE UPDATE ON sheets WHEN NEW.number IS NOT OLD.number OR NEW.ruc IS NOT OLD.ruc OR NEW.branch IS NOT OLD.branch OR NEW.period IS NOT OLD.period OR NEW.type IS NOT OLD.type OR NEW.made_by_case IS NOT OLD.made_by_case OR json_remove(NEW.body, '$.state') IS NOT json_remove(OLD.body, '$.state') BEGIN SELECT RAISE(ABORT, 'sheets are never overwritten'); END;;
CREATE TRIGGER IF NOT EXISTS sheets_no_delete BEFORE DELETE ON sheets BEGIN SELECT RAISE(ABORT, 'sheets are never overwritten'); END;;
CREATE VIRTUAL TABLE IF NOT EXISTS document_terms USING fts5(terms, detail=none, columnsize=0, prefix='3', tokenize="ascii tokenchars '_'");;
