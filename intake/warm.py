"""Imported by the sandbox's fork server so that every child starts with the editions drawn already.

OpenCV must never start its threads here: their locks would be copied, held for ever, into each child.
"""

from __future__ import annotations

from forms.register import all_forms
from intake import derivation, task
from intake.expectation import BLURS, fixed_strip, wide_glyph
from intake.expected_page import fixed_ink, page_grid
from intake.strips import strips_of
from intake.threads import use_one_thread


def warm_up() -> None:
    """Draw every page, and every strip and glyph under every blur, once for all children."""
    use_one_thread()
    for edition in (edition for form in all_forms() for edition in form):
        for page in range(1, edition.pages + 1):
            fixed_ink(edition, page, page_grid())
        for strip in strips_of(edition):
            for blur in range(len(BLURS)):
                fixed_strip(edition, strip, blur)
                for sign in strip.alphabet:
                    wide_glyph(sign, strip.shape, blur)


warm_up()
TASKS = (task.read_task, derivation.derive_task)
"""What the children run, imported with all that they need."""
