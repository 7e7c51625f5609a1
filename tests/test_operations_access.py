"""Who comes in: passwords and sessions that cannot be read back, keys that outlive a rotation, settings."""

from __future__ import annotations

import hashlib
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from operations_samples import Clock, issue_request, open_demo_house, received_and_read, state_of
from sqlalchemy import func, select

from operations.demonstration_data import PASSWORD, RUC
from operations.house import House, open_house
from operations.issuing import issued_by_employer, issued_pdf
from operations.keys import KeyFileError, add_key, load_keys
from operations.lockouts import disable_user
from operations.passwords import set_password
from operations.sessions import find_session, sign_in, sign_out
from operations.settings import Settings, SettingsError, describe_settings, load_settings
from operations.users import User, UserError, UserRole, add_user, list_users
from operations.window import view_case
from storage.schema import AccessSessionRow, AuditEventRow, IssuedRow, UserRow


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(tmp_path: Path, clock: Clock) -> House:
    return open_demo_house(tmp_path, clock)


def test_signed_in_until_signed_out(house: House) -> None:
    token = sign_in(house, "ventanilla", PASSWORD)
    assert token is not None
    user = find_session(house, token)
    assert user is not None
    assert (user.name, user.role) == ("ventanilla", UserRole.CLERK)
    sign_out(house, token)
    assert find_session(house, token) is None


@pytest.mark.parametrize(
    ("name", "password"), [("ventanilla", "otra"), ("nadie", PASSWORD), ("", ""), ("ventanilla", "")]
)
def test_wrong_password_and_unknown_name_get_nothing(house: House, name: str, password: str) -> None:
    assert sign_in(house, name, password) is None
    with house.database.reading() as session:
        last = session.scalars(select(AuditEventRow).order_by(AuditEventRow.sequence.desc())).first()
    assert last is not None
    assert (last.action, last.actor) == ("access.refused", name)


def test_every_sign_in_is_a_session_of_its_own(house: House) -> None:
    tokens = {sign_in(house, "ventanilla", PASSWORD) for _ in range(2)}
    assert len(tokens) == 2
    assert find_session(house, "an invented token") is None


def test_neither_password_nor_token_is_kept(house: House) -> None:
    token = sign_in(house, "ventanilla", PASSWORD)
    assert token is not None
    for path in house.settings.data_dir.glob("ventanilla.sqlite3*"):
        data = path.read_bytes()
        assert token.encode() not in data
        assert PASSWORD.encode() not in data
    with house.database.reading() as session:
        assert session.get_one(UserRow, "ventanilla").password_hash.startswith("$argon2id$")


def test_session_ends_by_itself_and_its_row_goes(house: House, clock: Clock) -> None:
    token = sign_in(house, "ventanilla", PASSWORD)
    assert token is not None
    clock.pass_time(hours=house.settings.session_hours, seconds=-1)
    assert find_session(house, token) is not None
    clock.pass_time(seconds=1)
    assert find_session(house, token) is None
    sign_in(house, "archivo", PASSWORD)
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AccessSessionRow)) == 1


def test_disabled_user_is_out_at_once(house: House) -> None:
    token = sign_in(house, "ventanilla", PASSWORD)
    assert token is not None
    disable_user(house, "ventanilla")
    assert find_session(house, token) is None
    assert sign_in(house, "ventanilla", PASSWORD) is None


def test_new_password_ends_old_sessions(house: House) -> None:
    token = sign_in(house, "ventanilla", PASSWORD)
    assert token is not None
    set_password(house, "ventanilla", "una clave nueva")
    assert find_session(house, token) is None
    assert sign_in(house, "ventanilla", PASSWORD) is None
    assert sign_in(house, "ventanilla", "una clave nueva") is not None


def test_user_that_cannot_be_made_is_refused(house: House) -> None:
    with pytest.raises(UserError, match="al menos 10"):
        add_user(house, "nueva", "Nueva", UserRole.AUDITOR, "corta")
    with pytest.raises(UserError, match="Ya hay un usuario «ventanilla»"):
        add_user(house, "ventanilla", "Otra", UserRole.AUDITOR, "una clave larga")
    for act in (disable_user, lambda *given: set_password(*given, "una clave larga")):
        with pytest.raises(UserError, match="No hay un usuario «nadie»"):
            act(house, "nadie")


@pytest.mark.parametrize(
    ("name", "given", "codes"),
    [
        ("", {}, ["FIELD_MISSING", "FIELD_MISSING"]),
        ("empresa", {"ruc": RUC}, ["FIELD_MISSING"]),
        ("", {"ruc": "179999999000", "branch": "0001"}, ["RUC_FORMAT"]),
        ("", {"ruc": RUC, "branch": "1"}, ["BRANCH_FORMAT"]),
        ("", {"ruc": "1790010937001", "branch": "0001"}, ["RUC_UNKNOWN"]),
        ("", {"ruc": RUC, "branch": "0009"}, ["BRANCH_UNKNOWN"]),
        ("empresa", {"ruc": RUC, "branch": "0002"}, ["USER_NAME_MISMATCH"]),
    ],
)
def test_an_employer_is_a_registered_branch(
    house: House, name: str, given: dict[str, str], codes: list[str]
) -> None:
    with pytest.raises(UserError) as caught:
        add_user(house, name, "Empresa", UserRole.EMPLOYER, PASSWORD, **given)
    assert [found.code for found in caught.value.problems] == codes
    assert len(list_users(house)) == 6


@pytest.mark.parametrize("name", ["", f"{RUC}/0002"])
def test_an_employer_signs_in_with_ruc_and_branch(house: House, name: str) -> None:
    add_user(house, name, "Andina Sur", UserRole.EMPLOYER, PASSWORD, ruc=RUC, branch="0002")
    token = sign_in(house, f"{RUC}/0002", PASSWORD)
    assert isinstance(token, str)
    user = find_session(house, token)
    assert user is not None
    assert (user.ruc, user.branch, user.office) == (RUC, "0002", "")


def test_staff_belongs_to_a_known_office_and_to_no_employer(house: House) -> None:
    add_user(house, "cuenca", "Cuenca", UserRole.CLERK, PASSWORD, office="Cuenca")
    add_user(house, "propia", "Propia", UserRole.CLERK, PASSWORD)
    assert {row.name: row.office for row in list_users(house)}["cuenca"] == "Cuenca"
    assert {row.name: row.office for row in list_users(house)}["propia"] == house.settings.office
    for name, given, code in (
        ("otra", {"office": "Cualkiera"}, "OFFICE_UNKNOWN"),
        ("otra", {"ruc": RUC}, "USER_NOT_EMPLOYER"),
        (f"{RUC}/0003", {}, "USER_NAME_INVALID"),
        ("consola", {}, "USER_NAME_RESERVED"),
    ):
        with pytest.raises(UserError) as caught:
            add_user(house, name, "Otra", UserRole.CLERK, PASSWORD, **given)
        assert [found.code for found in caught.value.problems] == [code]


def test_an_employer_of_nothing_that_an_older_version_made_gets_nothing(house: House) -> None:
    """Papers of nobody have no RUC either, and nobody's are not everybody's."""
    with house.database.transaction() as session:
        session.add(UserRow(name="vacía", display_name="V", role="employer", password_hash="x"))
        session.flush()
        token = AccessSessionRow(
            token_hash=hashlib.sha256(b"token").hexdigest(),
            user_name="vacía",
            created_at=house.now(),
            expires_at=house.now() + timedelta(hours=1),
        )
        session.add(token)
    assert find_session(house, "token") is None
    nobody = User("vacía", "V", UserRole.EMPLOYER)
    assert not nobody.owns("", "")
    document = issue_request(house).document
    with house.database.transaction() as session:
        made = session.get_one(IssuedRow, document)
        made.ruc = made.branch = ""
        session.flush()
        assert issued_by_employer(session, nobody) == []
    assert issued_pdf(house, document, "vacía", nobody) is None


def test_a_branch_gets_no_paper_of_another_branch(house: House) -> None:
    document = issue_request(house).document
    other = User(f"{RUC}/0002", "Sur", UserRole.EMPLOYER, RUC, "0002")
    own = User(f"{RUC}/0001", "Matriz", UserRole.EMPLOYER, RUC, "0001")
    assert issued_pdf(house, document, other.name, other) is None
    assert issued_pdf(house, document, own.name, own) is not None


def test_looking_at_a_case_is_an_event(house: House) -> None:
    number = received_and_read(house)
    view_case(house, number, "curiosa")
    with house.database.reading() as session:
        query = select(AuditEventRow.subject).where(AuditEventRow.actor == "curiosa")
        assert session.scalars(query).all() == [number]


def test_paper_of_an_older_key_is_still_ours(house: House, tmp_path: Path, clock: Clock) -> None:
    paper = issue_request(house).pdf
    old = house.keys.issuing.key_id
    add_key(house.settings.data_dir / "keys")
    renewed = open_house(house.settings, clock)
    assert renewed.keys.issuing.key_id != old
    for name, pdf in (("vieja.pdf", paper), ("nueva.pdf", issue_request(renewed).pdf)):
        number = received_and_read(renewed, (name, pdf))
        assert state_of(renewed, number) == "in-review"
        view = view_case(renewed, number, "prueba")
        assert view.reading is not None
        assert [document.seal.state for document in view.reading.documents] == ["valid"]


def test_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    keys = load_keys(tmp_path / "keys")
    assert load_keys(tmp_path / "keys").issuing.key_id == keys.issuing.key_id
    (path,) = (tmp_path / "keys").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_programs_that_start_at_once_issue_with_one_key(tmp_path: Path) -> None:
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(load_keys(tmp_path / "keys").issuing.key_id))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert set(found) == {load_keys(tmp_path / "keys").issuing.key_id}
    assert len(list((tmp_path / "keys").iterdir())) == 1


def test_damaged_key_is_named(tmp_path: Path) -> None:
    load_keys(tmp_path)
    (tmp_path / "sello-0001.pem").write_text("nada")
    with pytest.raises(KeyFileError, match=r"sello-0001\.pem is not a private key: restore it"):
        load_keys(tmp_path)


def test_settings_come_from_file_and_environment(tmp_path: Path) -> None:
    file = tmp_path / "ventanilla.toml"
    file.write_text('port = 9000\noffice = "Cuenca"\nsame_day_rule = false\n')
    settings = load_settings({"VENTANILLA_SETTINGS": str(file), "VENTANILLA_PORT": "9001", "HOME": "/"})
    assert (settings.port, settings.office, settings.same_day_rule) == (9001, "Cuenca", False)
    assert load_settings({}) == Settings()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORTO", "1", "No hay un ajuste «porto»"),
        ("PORT", "mil", "VENTANILLA_PORT debe ser un número entero"),
        ("SAME_DAY_RULE", "quizá", "VENTANILLA_SAME_DAY_RULE debe ser true o false"),
        ("TIME_ZONE", "Quito", "VENTANILLA_TIME_ZONE debe ser una zona IANA"),
    ],
)
def test_setting_that_cannot_be_used_is_named(name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        load_settings({f"VENTANILLA_{name}": value})


def test_secrets_are_not_shown() -> None:
    settings = Settings(database_url="postgresql+psycopg://u:secreto@host/db")
    rows = describe_settings(settings)
    assert "secreto" not in str(rows)
    assert all(meaning for _, _, meaning in rows)
