"""Which role may have the service seal which form, told in one place for every door.

A seal says that the service stands for what is printed. What people sign they fill in themselves; a notice,
a receipt or a confirmation says what the *service* did, so only the operation that did it issues one, and
nobody gets a blank of it to fill in either.
"""

from __future__ import annotations

from dataclasses import replace

from forms.catalog.third_party_authorization import THIRD_PARTY_AUTHORIZATION
from forms.model import Form, Values
from forms.problems import Problem, problem
from forms.register import all_forms
from operations.delegations import branches_of, withheld, withheld_branches_of
from operations.house import House
from operations.issuing import Issued, NotIssued, issue_form
from operations.users import IN_THE_PORTAL, User, UserRole


def may_issue(role: UserRole, form: Form) -> bool:
    """Whether people of this role may have the form sealed with values of theirs. The sheet in which a
    petition goes on is signed by nobody: it comes with its request and never alone.
    """
    if role is UserRole.DELEGATE and is_representatives(form):
        return False
    return role in IN_THE_PORTAL and form.is_signed


def is_representatives(form: Form) -> bool:
    """Whether the form hands on a right that only the representative has: its holder draws it with a key of
    their own, as the procedure says.
    """
    return form.name == THIRD_PARTY_AUTHORIZATION.name


def forms_to_fill_in() -> tuple[Form, ...]:
    """The forms of which anybody may have a blank."""
    return tuple(form for form in all_forms() if form.is_signed)


def find_blank(name: str) -> Form | None:
    """The form of that name, if anybody may have a blank of it."""
    return next((form for form in forms_to_fill_in() if form.name == name), None)


def find_other_employer(house: House, user: User, values: Values) -> Problem | None:
    """``EMPLOYER_CHANGED`` for values that a delegate wrote for another employer than the one of now: in a
    second window of the browser one may have been chosen meanwhile. ``EMPLOYER_NOT_CHOSEN`` where there is
    none now: nothing was chosen yet, or the delegate was withdrawn while the form was open; and where nobody
    is left to choose because the employer is disabled, ``EMPLOYER_DISABLED``.
    """
    if not user.ruc:
        with house.database.reading() as session:
            lent, kept = branches_of(session, user.name), withheld_branches_of(session, user.name)
        return withheld(kept[0]) if kept and not lent else problem("EMPLOYER_NOT_CHOSEN")
    began = values.get("ruc", user.ruc), values.get("branch", user.branch)
    if began == (user.ruc, user.branch):
        return None
    return problem("EMPLOYER_CHANGED", field="ruc", began=began[0], branch=began[1])


def issue_for(house: House, user: User, form: Form, values: Values) -> Issued | NotIssued:
    """Seal a form for somebody who signed in: only what their role may have, and of their own RUC and branch
    whatever ``values`` say. A delegate of several employers who chose none, as a program cannot, works for
    the one that the values name.
    """
    if user.role is UserRole.DELEGATE and is_representatives(form):
        return NotIssued((problem("FORM_OF_REPRESENTATIVE", title=form.title),))
    if not may_issue(user.role, form):
        return NotIssued((problem("FORM_NOT_FOR_PEOPLE", title=form.title),))
    if user.role is UserRole.DELEGATE:
        user = _at_work_for(house, user, values)
        if changed := find_other_employer(house, user, values):
            return NotIssued((changed,))
    own = {**values, "ruc": user.ruc, "branch": user.branch}
    return issue_form(house, form.current, own, user.name, user.acting)


def _at_work_for(house: House, user: User, values: Values) -> User:
    """The delegate, at work for the employer of the values if none was chosen and it is one of theirs."""
    named = values.get("ruc", ""), values.get("branch", "")
    if user.ruc:
        return user
    with house.database.reading() as session:
        lent = branches_of(session, user.name)
    return replace(user, ruc=named[0], branch=named[1]) if named in lent else user
