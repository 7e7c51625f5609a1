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
CREATE INDEX ix_cases_ruc ON cases (ruc);;
CREATE INDEX ix_cases_state ON cases (state);;
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
CREATE INDEX ix_receptions_sha256 ON receptions (sha256);;
CREATE INDEX ix_receptions_case_number ON receptions (case_number);;
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
CREATE VIRTUAL TABLE IF NOT EXISTS document_search USING fts5(words, tokenize='unicode61 remove_diacritics 2');;
