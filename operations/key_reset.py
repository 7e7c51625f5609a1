"""A forgotten *clave patronal*: a code to the e-mail address that the register has, and a new key with it."""

from __future__ import annotations

from typing import Final

from operations.access_limits import Place, forget_failures
from operations.house import House
from operations.mail import Mail, post_mail
from operations.one_time_codes import GOOD_FOR, CodeAnswer, make_code, use_code
from operations.password_hashes import MIN_PASSWORD
from operations.passwords import set_password
from operations.users import UserRole
from storage.audit import append_audit
from storage.schema import EmployerRow, UserRow

_PURPOSE: Final = "key-reset"
CODE_OCCASION: Final = "key-reset/"
"""How the occasion of a mail with such a code begins."""
TOO_SHORT: Final = f"La clave nueva tiene al menos {MIN_PASSWORD} caracteres."


def ask_for_reset(house: House, name: str) -> None:
    """Send a code to the employer's registered address, if there is one. Whoever asks does not learn it."""
    with house.database.transaction() as session:
        row = session.get(UserRow, name)
        if row is None or row.disabled or row.role != UserRole.EMPLOYER.value:
            return
        employer = session.get(EmployerRow, row.ruc)
        if employer is None or not employer.email:
            return
        code = make_code(house, session, _PURPOSE, name)
        if code is None:
            return
        append_audit(session, house.now(), "sistema", "access.reset-asked", name)
        minutes = int(GOOD_FOR.total_seconds() // 60)
        post_mail(
            house,
            session,
            Mail(
                occasion=f"{CODE_OCCASION}{name}/{house.now().isoformat()}",
                recipient=employer.email,
                subject="Código para cambiar su clave patronal",
                paragraphs=(
                    f"Alguien pidió cambiar la clave patronal del RUC {row.ruc}, sucursal {row.branch}.",
                    f"El código es {code}. Sirve una sola vez, durante {minutes} minutos.",
                    "Si no fue usted, no haga nada: la clave sigue siendo la misma. Nadie del instituto le "
                    "pedirá este código.",
                ),
            ),
        )


def reset_key(house: House, name: str, code: str, new_key: str, place: Place) -> CodeAnswer | str:
    """Change the key with a code; all sessions of the user end. A sentence says what a key lacks."""
    if len(new_key) < MIN_PASSWORD:
        return TOO_SHORT
    with house.database.transaction() as session:
        answer = use_code(house, session, _PURPOSE, name, code)
        row = session.get(UserRow, name)
        if row is not None and row.disabled:  # kept out since the code was sent
            answer = CodeAnswer.WRONG
        if answer is not CodeAnswer.RIGHT:
            append_audit(session, house.now(), name[:80], "access.reset-refused", name[:80])
            return answer
        forget_failures(house, session, name, place)
    set_password(house, name, new_key, by=name)
    return answer
