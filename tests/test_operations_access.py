"""Who comes in: passwords and sessions that cannot be read back, keys that outlive a rotation, settings."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from operations_samples import Clock, issue_request, open_demo_house, received_and_read, state_of
from sqlalchemy import func, select

from operations.demonstration_data import PASSWORD
from operations.house import House, open_house
from operations.keys import KeyFileError, add_key, load_keys
from operations.settings import Settings, SettingsError, describe_settings, load_settings
from operations.users import (
    UserError,
    UserRole,
    add_user,
    disable_user,
    find_session,
    set_password,
    sign_in,
    sign_out,
)
from operations.window import view_case
from storage.schema import AccessSessionRow, AuditEventRow, UserRow


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
    with pytest.raises(UserError, match="at least 10"):
        add_user(house, "nueva", "Nueva", UserRole.AUDITOR, "corta")
    with pytest.raises(UserError, match="already"):
        add_user(house, "ventanilla", "Otra", UserRole.AUDITOR, "una clave larga")
    for act in (disable_user, lambda *given: set_password(*given, "una clave larga")):
        with pytest.raises(UserError, match="no user"):
            act(house, "nadie")


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
        ("PORTO", "1", "no such setting: porto"),
        ("PORT", "mil", "port must be a whole number"),
        ("SAME_DAY_RULE", "quizá", "same_day_rule must be true or false"),
        ("TIME_ZONE", "Quito", "time_zone must be an IANA zone"),
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
