"""Letters that somebody signs for the representative: who is named is proposed, who signs is asked about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake.letters.extraction import extract
from intake.letters.proxies import is_same
from intake.letters.reading import SIGNATURE, letter_result
from intake.pages import PageResult
from intake.readings import SignatureReading
from tests.test_reading_letter_text import END, HEAD, letter_of

NAME, NUMBER = "Rosa Elvira Montalvo Padilla", "1712345675"
SIGNER, OTHER = "Daniel Alejandro Puma Cerda", "1104680138"
ASKS = "Solicito la regeneración de la planilla de aportes de marzo de 2026."
NAMED = f"La empresa ANDINA S.A., RUC 1790010937001, representada por {NAME}, cédula {NUMBER}, expone:"
LEAVE = "Atentamente,"
SEEN = SignatureReading("present", 0.05, 1, (20.0, 200.0, 60.0, 20.0))

SIGNED_FOR = [
    (NAMED, ASKS, LEAVE, f"p. {NAME}, GERENTE", f"Firma: {SIGNER}", f"C.C. {OTHER}"),
    (NAMED, ASKS, LEAVE, f"p.p. {NAME.upper()}", SIGNER, f"C.C. {OTHER}"),
    (NAMED, ASKS, LEAVE, f"f) Ing. {SIGNER}", f"C.I. {OTHER}", f"por el representante legal Sra. {NAME}"),
    (NAMED, ASKS, LEAVE, f"Lcda. {SIGNER}", "Contadora", f"C.I. {OTHER}"),
    (NAMED, ASKS, LEAVE, SIGNER, f"C.I. {OTHER}", "Por orden de la gerente general"),
    (NAMED, ASKS, "Firmo como su apoderado especial.", LEAVE, SIGNER, f"C.I. {OTHER}"),
    (
        f"Yo, {SIGNER}, con cédula {OTHER}, escribo a nombre de mi madre {NAME}, cédula {NUMBER}.",
        ASKS,
        LEAVE,
        SIGNER,
        f"C.I. {OTHER}",
        f"Por {NAME}",
    ),
]


@pytest.mark.parametrize("lines", SIGNED_FOR)
def test_who_signs_for_another_is_not_the_representative(lines: tuple[str, ...]) -> None:
    found = extract(letter_of(*HEAD, *lines))
    assert found["representative_name"].value.lower() == NAME.lower()
    assert found["representative_id"].value == NUMBER


@pytest.mark.parametrize("lines", SIGNED_FOR)
def test_the_clerk_is_told_who_signs_and_asked_about_the_representative(lines: tuple[str, ...]) -> None:
    result = read(*HEAD, *lines)
    (told,) = (found for found in result.problems if found.code == "SIGNED_FOR_ANOTHER")
    assert SIGNER in told.message
    assert NAME.lower() in told.message.lower()
    for name in ("representative_name", "representative_id"):
        assert result.fields[name].state == "doubtful", name


@pytest.mark.parametrize(
    "end",
    [
        END,
        ("Atentamente,", "Por ANDINA S.A.", "María Guamán Quishpe", "Gerente General"),
        ("Atentamente,", "P. José Gabriel Iza Pilataxi", "Párroco"),
        ("Por la atención, gracias.", "Atentamente,", "María Guamán Quishpe", "REPRESENTANTE LEGAL"),
        ("Atentamente,", "María Guamán Quishpe", "Gerente", "Abg. Luis Mora Vega", "Matrícula 17-2001-318"),
        ("Atentamente,", "María Guamán Quishpe", "Gerente", "Luis Mora Vega", "Contador"),
        ("Lo pido a nombre de mi representada.", "Atentamente,", "María Guamán Quishpe", "GERENTE"),
    ],
)
def test_who_signs_for_the_own_company_is_no_proxy(end: tuple[str, ...]) -> None:
    named = "Yo, María Guamán Quishpe, representante legal de ANDINA S.A., RUC 1790010937001, expongo:"
    if "Iza" in end[1]:
        named = (
            "Yo, José Gabriel Iza Pilataxi, representante legal de la parroquia, RUC 1790010937001, expongo:"
        )
    assert "SIGNED_FOR_ANOTHER" not in {found.code for found in read(*HEAD, named, ASKS, *end).problems}


def test_the_number_of_who_signs_is_not_proposed_where_the_representative_has_none() -> None:
    named = f"La empresa ANDINA S.A., RUC 1790010937001, representada por {NAME}, expone:"
    found = extract(letter_of(*HEAD, named, ASKS, LEAVE, f"p. {NAME}", SIGNER, f"C.I. {OTHER}"))
    assert found["representative_name"].value == NAME
    assert "representative_id" not in found


def read(*lines: str) -> PageResult:
    """What the clerk's page holds of a letter that was signed by hand."""
    text = letter_of(*lines)
    page = replace(PageResult(None), written=text, signatures={SIGNATURE: SEEN})
    return letter_result(page, extract(text), SEEN, digital=False)


def test_an_initial_stands_for_a_name_either_way() -> None:
    assert is_same("Juan Pérez", "J. Pérez")
    assert is_same("J. Pérez", "Juan Pérez")
    assert not is_same("", "Juan Pérez")
    assert not is_same("M. Pérez", "Juan Pérez")
