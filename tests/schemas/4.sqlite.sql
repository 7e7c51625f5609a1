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
	case_number VARCHAR(20) NOT NULL,
	line INTEGER NOT NULL,
	sequence INTEGER NOT NULL,
	at VARCHAR(32) NOT NULL,
	actor VARCHAR(80) NOT NULL,
	action VARCHAR(60) NOT NULL,
	subject VARCHAR(120) NOT NULL,
	data JSON NOT NULL,
	previous VARCHAR(64) NOT NULL,
	hash VARCHAR(64) NOT NULL,
	PRIMARY KEY (package, case_number, line)
);;
CREATE INDEX ix_imported_audit_events_case_number ON imported_audit_events (case_number);;
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
CREATE TABLE disposals (
	number VARCHAR(20) NOT NULL,
	reason VARCHAR(500) NOT NULL,
	proposed_at VARCHAR(32) NOT NULL,
	proposed_by VARCHAR(80) NOT NULL,
	PRIMARY KEY (number)
);;
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
CREATE INDEX ix_issued_documents_issued ON issued_documents (issued);;
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
	employer VARCHAR(40) NOT NULL,
	form VARCHAR(40) NOT NULL,
	field_values JSON NOT NULL,
	saved_at VARCHAR(32) NOT NULL,
	PRIMARY KEY (user_name, employer, form),
	FOREIGN KEY(user_name) REFERENCES users (name)
);;
CREATE TABLE delegations (
	id INTEGER NOT NULL,
	delegate VARCHAR(80) NOT NULL,
	ruc VARCHAR(13) NOT NULL,
	branch VARCHAR(4) NOT NULL,
	since VARCHAR(32) NOT NULL,
	granted_by VARCHAR(80) NOT NULL,
	ended_at VARCHAR(32),
	ended_by VARCHAR(80),
	PRIMARY KEY (id),
	FOREIGN KEY(delegate) REFERENCES users (name)
);;
CREATE INDEX ix_delegations_delegate ON delegations (delegate);;
CREATE TABLE legal_holds (
	id INTEGER NOT NULL,
	case_number VARCHAR(20) NOT NULL,
	reason VARCHAR(500) NOT NULL,
	placed_at VARCHAR(32) NOT NULL,
	placed_by VARCHAR(80) NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(case_number) REFERENCES cases (number)
);;
CREATE INDEX ix_legal_holds_case_number ON legal_holds (case_number);;
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
CREATE TABLE legal_hold_releases (
	hold_id INTEGER NOT NULL,
	reason VARCHAR(500) NOT NULL,
	lifted_at VARCHAR(32) NOT NULL,
	lifted_by VARCHAR(80) NOT NULL,
	PRIMARY KEY (hold_id),
	FOREIGN KEY(hold_id) REFERENCES legal_holds (id)
);;
CREATE TABLE disposal_items (
	disposal VARCHAR(20) NOT NULL,
	document_id INTEGER NOT NULL,
	case_number VARCHAR(20) NOT NULL,
	schedule VARCHAR(40) NOT NULL,
	closed VARCHAR(10) NOT NULL,
	due VARCHAR(10) NOT NULL,
	PRIMARY KEY (disposal, document_id),
	FOREIGN KEY(disposal) REFERENCES disposals (number),
	FOREIGN KEY(document_id) REFERENCES documents (id),
	FOREIGN KEY(case_number) REFERENCES cases (number)
);;
CREATE TABLE signature_traces (
	id INTEGER NOT NULL,
	case_number VARCHAR(20) NOT NULL,
	page_id INTEGER NOT NULL,
	document VARCHAR(19) NOT NULL,
	form VARCHAR(40) NOT NULL,
	edition VARCHAR(20) NOT NULL,
	field VARCHAR(40) NOT NULL,
	slender INTEGER NOT NULL,
	sketch BLOB NOT NULL,
	trace BLOB NOT NULL,
	made_at VARCHAR(32) NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (page_id, field),
	FOREIGN KEY(case_number) REFERENCES cases (number),
	FOREIGN KEY(page_id) REFERENCES documents (id)
);;
CREATE INDEX ix_signature_traces_case_number ON signature_traces (case_number);;
CREATE INDEX signature_traces_by_slenderness ON signature_traces (slender);;
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
CREATE TABLE disposal_verdicts (
	disposal VARCHAR(20) NOT NULL,
	verdict VARCHAR(10) NOT NULL,
	reason VARCHAR(500) NOT NULL,
	decided_at VARCHAR(32) NOT NULL,
	decided_by VARCHAR(80) NOT NULL,
	certificate VARCHAR(64),
	document_id INTEGER NOT NULL,
	PRIMARY KEY (disposal),
	FOREIGN KEY(disposal, document_id) REFERENCES disposal_items (disposal, document_id),
	FOREIGN KEY(disposal) REFERENCES disposals (number),
	FOREIGN KEY(certificate) REFERENCES blobs (sha256)
);;
CREATE TABLE disposed_documents (
	document_id INTEGER NOT NULL,
	disposal VARCHAR(20) NOT NULL,
	case_number VARCHAR(20) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	disposed_at VARCHAR(32) NOT NULL,
	PRIMARY KEY (document_id),
	FOREIGN KEY(disposal, document_id) REFERENCES disposal_items (disposal, document_id),
	FOREIGN KEY(document_id) REFERENCES documents (id),
	FOREIGN KEY(disposal) REFERENCES disposal_verdicts (disposal),
	FOREIGN KEY(case_number) REFERENCES cases (number)
);;
CREATE INDEX disposed_documents_by_hash ON disposed_documents (sha256, disposal);;
CREATE INDEX ix_disposed_documents_case_number ON disposed_documents (case_number);;
CREATE TABLE removed_blobs (
	sha256 VARCHAR(64) NOT NULL,
	disposal VARCHAR(20) NOT NULL,
	document_id INTEGER NOT NULL,
	removed_at VARCHAR(32) NOT NULL,
	PRIMARY KEY (sha256, disposal),
	FOREIGN KEY(disposal) REFERENCES disposal_verdicts (disposal),
	FOREIGN KEY(document_id) REFERENCES disposed_documents (document_id)
);;
CREATE VIRTUAL TABLE IF NOT EXISTS block_terms USING fts5(terms, detail=none, columnsize=0, tokenize="ascii tokenchars '_'");;
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
CREATE TRIGGER IF NOT EXISTS revocations_no_update BEFORE UPDATE ON revocations BEGIN SELECT RAISE(ABORT, 'revocations is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS revocations_no_delete BEFORE DELETE ON revocations BEGIN SELECT RAISE(ABORT, 'revocations is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS legal_holds_no_update BEFORE UPDATE ON legal_holds BEGIN SELECT RAISE(ABORT, 'legal_holds is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS legal_holds_no_delete BEFORE DELETE ON legal_holds BEGIN SELECT RAISE(ABORT, 'legal_holds is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS legal_hold_releases_no_update BEFORE UPDATE ON legal_hold_releases BEGIN SELECT RAISE(ABORT, 'legal_hold_releases is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS legal_hold_releases_no_delete BEFORE DELETE ON legal_hold_releases BEGIN SELECT RAISE(ABORT, 'legal_hold_releases is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS disposals_no_update BEFORE UPDATE ON disposals BEGIN SELECT RAISE(ABORT, 'disposals is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS disposals_no_delete BEFORE DELETE ON disposals BEGIN SELECT RAISE(ABORT, 'disposals is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS disposal_items_no_update BEFORE UPDATE ON disposal_items BEGIN SELECT RAISE(ABORT, 'disposal_items is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS disposal_items_no_delete BEFORE DELETE ON disposal_items BEGIN SELECT RAISE(ABORT, 'disposal_items is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS disposal_verdicts_no_update BEFORE UPDATE ON disposal_verdicts BEGIN SELECT RAISE(ABORT, 'disposal_verdicts is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS disposal_verdicts_no_delete BEFORE DELETE ON disposal_verdicts BEGIN SELECT RAISE(ABORT, 'disposal_verdicts is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS disposed_documents_no_update BEFORE UPDATE ON disposed_documents BEGIN SELECT RAISE(ABORT, 'disposed_documents is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS disposed_documents_no_delete BEFORE DELETE ON disposed_documents BEGIN SELECT RAISE(ABORT, 'disposed_documents is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS removed_blobs_no_update BEFORE UPDATE ON removed_blobs BEGIN SELECT RAISE(ABORT, 'removed_blobs is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS removed_blobs_no_delete BEFORE DELETE ON removed_blobs BEGIN SELECT RAISE(ABORT, 'removed_blobs is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS cases_no_delete BEFORE DELETE ON cases BEGIN SELECT RAISE(ABORT, 'cases is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS issued_documents_no_delete BEFORE DELETE ON issued_documents BEGIN SELECT RAISE(ABORT, 'issued_documents is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS derivations_no_delete BEFORE DELETE ON derivations BEGIN SELECT RAISE(ABORT, 'derivations is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS users_no_delete BEFORE DELETE ON users BEGIN SELECT RAISE(ABORT, 'users is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS employers_no_delete BEFORE DELETE ON employers BEGIN SELECT RAISE(ABORT, 'employers is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS representatives_no_delete BEFORE DELETE ON representatives BEGIN SELECT RAISE(ABORT, 'representatives is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS delegations_no_delete BEFORE DELETE ON delegations BEGIN SELECT RAISE(ABORT, 'delegations is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS receipts_no_delete BEFORE DELETE ON receipts BEGIN SELECT RAISE(ABORT, 'receipts is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS novedades_no_delete BEFORE DELETE ON novedades BEGIN SELECT RAISE(ABORT, 'novedades is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS complaints_no_delete BEFORE DELETE ON complaints BEGIN SELECT RAISE(ABORT, 'complaints is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS appointments_no_delete BEFORE DELETE ON appointments BEGIN SELECT RAISE(ABORT, 'appointments is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS mails_no_delete BEFORE DELETE ON mails BEGIN SELECT RAISE(ABORT, 'mails is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS fixity_rounds_no_delete BEFORE DELETE ON fixity_rounds BEGIN SELECT RAISE(ABORT, 'fixity_rounds is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS fixity_findings_no_delete BEFORE DELETE ON fixity_findings BEGIN SELECT RAISE(ABORT, 'fixity_findings is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS blob_copies_no_delete BEFORE DELETE ON blob_copies BEGIN SELECT RAISE(ABORT, 'blob_copies is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS counters_no_delete BEFORE DELETE ON counters BEGIN SELECT RAISE(ABORT, 'counters is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS schema_version_no_delete BEFORE DELETE ON schema_version BEGIN SELECT RAISE(ABORT, 'schema_version is append-only'); END;;
CREATE TRIGGER IF NOT EXISTS sheets_no_overwriting BEFORE UPDATE ON sheets WHEN NEW.number IS NOT OLD.number OR NEW.ruc IS NOT OLD.ruc OR NEW.branch IS NOT OLD.branch OR NEW.period IS NOT OLD.period OR NEW.type IS NOT OLD.type OR NEW.made_by_case IS NOT OLD.made_by_case OR json_remove(NEW.body, '$.state') IS NOT json_remove(OLD.body, '$.state') BEGIN SELECT RAISE(ABORT, 'sheets are never overwritten'); END;;
CREATE TRIGGER IF NOT EXISTS sheets_no_delete BEFORE DELETE ON sheets BEGIN SELECT RAISE(ABORT, 'sheets are never overwritten'); END;;
CREATE TRIGGER IF NOT EXISTS disposal_verdicts_two_people BEFORE INSERT ON disposal_verdicts WHEN NEW.verdict NOT IN ('agreed', 'rejected') OR (NEW.verdict = 'agreed' AND (NEW.certificate IS NULL OR EXISTS (SELECT 1 FROM disposals d WHERE d.number = NEW.disposal AND (d.proposed_by = NEW.decided_by OR d.proposed_at > NEW.decided_at)) OR EXISTS (SELECT 1 FROM legal_holds h LEFT JOIN legal_hold_releases r ON r.hold_id = h.id WHERE h.placed_at <= NEW.decided_at AND (r.hold_id IS NULL OR r.lifted_at > NEW.decided_at) AND h.case_number IN (SELECT i.case_number FROM disposal_items i WHERE i.disposal = NEW.disposal)))) BEGIN SELECT RAISE(ABORT, 'a disposal needs two people, a certificate and no legal hold'); END;;
CREATE TRIGGER IF NOT EXISTS disposal_items_before_verdict BEFORE INSERT ON disposal_items WHEN EXISTS (SELECT 1 FROM disposal_verdicts v WHERE v.disposal = NEW.disposal) BEGIN SELECT RAISE(ABORT, 'a decided disposal takes no more documents'); END;;
CREATE TRIGGER IF NOT EXISTS disposed_documents_agreed BEFORE INSERT ON disposed_documents WHEN NOT EXISTS (SELECT 1 FROM disposal_verdicts v JOIN disposal_items i ON i.disposal = v.disposal JOIN documents d ON d.id = i.document_id WHERE v.disposal = NEW.disposal AND v.verdict = 'agreed' AND v.decided_at = NEW.disposed_at AND d.id = NEW.document_id AND d.sha256 = NEW.sha256 AND d.case_number = NEW.case_number) OR EXISTS (SELECT 1 FROM legal_holds h LEFT JOIN legal_hold_releases r ON r.hold_id = h.id WHERE h.placed_at <= NEW.disposed_at AND (r.hold_id IS NULL OR r.lifted_at > NEW.disposed_at) AND h.case_number = NEW.case_number) BEGIN SELECT RAISE(ABORT, 'a document is disposed of by an agreed disposal and without legal hold only'); END;;
CREATE TRIGGER IF NOT EXISTS removed_blobs_disposed BEFORE INSERT ON removed_blobs WHEN NOT EXISTS (SELECT 1 FROM disposed_documents t WHERE t.sha256 = NEW.sha256 AND t.disposal = NEW.disposal AND t.document_id = NEW.document_id) BEGIN SELECT RAISE(ABORT, 'only bytes of disposed documents are removed'); END;;
CREATE TRIGGER IF NOT EXISTS page_texts_disposed BEFORE DELETE ON page_texts WHEN NOT EXISTS (SELECT 1 FROM disposed_documents t WHERE t.document_id = OLD.document_id) BEGIN SELECT RAISE(ABORT, 'texts of pages are deleted with their document only'); END;;
CREATE TRIGGER IF NOT EXISTS signature_traces_disposed BEFORE DELETE ON signature_traces WHEN NOT EXISTS (SELECT 1 FROM disposed_documents t WHERE t.document_id = OLD.page_id) BEGIN SELECT RAISE(ABORT, 'traces of signatures are deleted with their page only'); END;;
CREATE TRIGGER IF NOT EXISTS signature_traces_unchanged BEFORE UPDATE ON signature_traces WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'traces of signatures are never changed'); END;;
CREATE TRIGGER IF NOT EXISTS legal_holds_reason BEFORE INSERT ON legal_holds WHEN TRIM(NEW.reason) = '' BEGIN SELECT RAISE(ABORT, 'a legal hold needs a reason'); END;;
CREATE TRIGGER IF NOT EXISTS legal_hold_releases_reason BEFORE INSERT ON legal_hold_releases WHEN TRIM(NEW.reason) = '' BEGIN SELECT RAISE(ABORT, 'lifting a legal hold needs a reason'); END;;
