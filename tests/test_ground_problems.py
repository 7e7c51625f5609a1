"""The catalogue of problems is complete, and every sentence tells a person what to do next."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Final

import pytest

from forms import problem_catalogue
from forms.problem_catalogue import identity, papers
from forms.problems import CATALOGUE, ProblemKind, Severity, gather_kinds, has_errors, problem

IDENTITY: Final = """
RUC_FORMAT RUC_CHECK_DIGIT RUC_NOT_ELIGIBLE RUC_UNKNOWN BRANCH_FORMAT BRANCH_UNKNOWN ID_FORMAT
ID_CHECK_DIGIT REPRESENTATIVE_MISMATCH REPRESENTATIVE_NOT_CURRENT BUSINESS_NAME_MISMATCH
"""
PAPER: Final = """
FIELD_MISSING FIELD_ALTERED FIELD_DOUBTFUL TEXT_DOES_NOT_FIT SEAL_INVALID SEAL_UNREADABLE
EDITION_UNKNOWN FINGERPRINT_MISMATCH PAGE_MISSING PAGE_DUPLICATE PAGE_BLANK PAGE_UNREADABLE
DOCUMENT_ALREADY_USED SIGNATURE_ABSENT SIGNATURE_DOUBTFUL SIGNATURE_NOT_HANDWRITTEN
AUTHORIZATION_MISSING AUTHORIZATION_EXPIRED AUTHORIZATION_MISMATCH AUTHORIZATION_REVOKED
ID_COPY_MISSING UNNEEDED_PERSONAL_DATA
"""
FILE: Final = """
FILE_EMPTY FILE_TYPE_UNSUPPORTED FILE_TOO_LARGE FILE_ENCRYPTED FILE_DAMAGED FILE_TOO_MANY_PAGES
PAGE_TOO_LARGE READ_TIMEOUT READ_OUT_OF_MEMORY FILE_DUPLICATE
"""
PRECONDITIONS: Final = """
SHEET_UNKNOWN SHEET_PAID SHEET_NOT_REBUILDABLE RECEIPT_NOT_ANNULLED
RESERVE_FUND_RECEIPT_NOT_ANNULLED RESERVE_FUND_SHEET_NOT_ANNULLED ANNULLED_ON_ANOTHER_DAY
NOVEDAD_NOT_REGISTERED NOVEDAD_EXTEMPORANEOUS NOTHING_CHANGES RESULT_NEGATIVE
PARAMETER_NOT_IN_FORCE
"""
PROMISED: Final = (IDENTITY + PAPER + FILE + PRECONDITIONS).split()


@pytest.mark.parametrize("code", PROMISED)
def test_promised_code_is_in_the_catalogue(code: str) -> None:
    assert CATALOGUE[code].code == code


def test_every_section_is_in_the_catalogue() -> None:
    names = [info.name for info in pkgutil.iter_modules(problem_catalogue.__path__)]
    sections = [importlib.import_module(f"forms.problem_catalogue.{name}").KINDS for name in names]
    assert len(names) > 10
    assert gather_kinds(*sections) == CATALOGUE


def test_a_code_that_two_sections_have_is_refused() -> None:
    assert gather_kinds(identity.KINDS, papers.KINDS).keys() == {
        kind.code for kind in (*identity.KINDS, *papers.KINDS)
    }
    with pytest.raises(ValueError, match="RUC_FORMAT"):
        gather_kinds(identity.KINDS, papers.KINDS, identity.KINDS[:1])


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=lambda kind: kind.code)
def test_sentence_asks_politely_for_the_next_step(kind: ProblemKind) -> None:
    assert "Por favor " in kind.sentence
    assert kind.sentence.endswith(".")
    assert "  " not in kind.sentence


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=lambda kind: kind.code)
def test_every_place_of_the_sentence_is_filled(kind: ProblemKind) -> None:
    facts = {name: f"«{place}»" for place, name in enumerate(sorted(kind.places))}
    made = problem(kind.code, field="ruc", **facts)
    assert all(fact in made.message for fact in facts.values())
    assert "{" not in made.message
    assert made.as_json() == {
        "code": kind.code,
        "severity": kind.severity.value,
        "message": made.message,
        "field": "ruc",
    }


def test_a_missing_fact_is_a_bug_and_said_so() -> None:
    with pytest.raises(ValueError, match="value"):
        problem("RUC_UNKNOWN")
    with pytest.raises(KeyError):
        problem("NO_SUCH_CODE")


def test_severity_may_be_overruled_and_decides_what_stops() -> None:
    stopped = problem("RUC_CHECK_DIGIT", value="1")
    admitted = problem("RUC_CHECK_DIGIT", severity=Severity.WARNING, value="1")
    assert has_errors([admitted, stopped])
    assert not has_errors([admitted])
    assert "field" not in admitted.as_json()
