"""Which role may have the service seal which form, told in one place for every door.

A seal says that the service stands for what is printed. What people sign they fill in themselves; a notice,
a receipt or a confirmation says what the *service* did, so only the operation that did it issues one, and
nobody gets a blank of it to fill in either.
"""

from __future__ import annotations

from forms.model import Form, Values
from forms.problems import problem
from forms.register import all_forms
from operations.house import House
from operations.issuing import Issued, NotIssued, issue_form
from operations.users import User, UserRole


def may_issue(role: UserRole, form: Form) -> bool:
    """Whether people of this role may have the form sealed with values of theirs. The sheet in which a
    petition goes on is signed by nobody: it comes with its request and never alone.
    """
    return role is UserRole.EMPLOYER and form.is_signed


def forms_to_fill_in() -> tuple[Form, ...]:
    """The forms of which anybody may have a blank."""
    return tuple(form for form in all_forms() if form.is_signed)


def find_blank(name: str) -> Form | None:
    """The form of that name, if anybody may have a blank of it."""
    return next((form for form in forms_to_fill_in() if form.name == name), None)


def issue_for(house: House, user: User, form: Form, values: Values) -> Issued | NotIssued:
    """Seal a form for somebody who signed in: only what their role may have, and of their own RUC and branch
    whatever ``values`` say.
    """
    if not may_issue(user.role, form):
        return NotIssued((problem("FORM_NOT_FOR_PEOPLE", title=form.title),))
    own = {**values, "ruc": user.ruc, "branch": user.branch}
    return issue_form(house, form.current, own, user.name)
