"""Worn paper: what wear moves is not called a change; what a forger changed is still seen through wear."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from bench.material import KEYS, Paper, random_paper
from forms.layout import normalise_values
from generators.paper.scanning import Scanner, scan
from intake.comparison import StripMeasure, look_at_page, measure_strips
from intake.identification import identify, locate
from intake.judgement import judge_field
from intake.pages import IssuedRecord, ReadingContext, read_page
from intake.readings import FieldState
from intake.strips import expected_text, strips_of

WORN = Scanner(dpi=120, rotation_deg=1.5, blur_px=0.8, noise_sigma=14.0, contrast=0.6, jpeg_quality=25)


@pytest.fixture(scope="module")
def worn() -> tuple[Paper, np.ndarray]:
    random = np.random.default_rng(611)
    paper = random_paper(random, unsigned=0.0)
    return paper, scan(paper.sheet, WORN, random)


def states(paper: Paper, image: np.ndarray, field: str, shown: str) -> FieldState:
    """What is said of ``field`` when the seal names ``shown`` instead of what is printed."""
    located = locate(image)
    assert located is not None
    _, held = identify(located, KEYS)
    values = dict(normalise_values(paper.values)) | {field: shown}
    expected = [
        (strip, expected_text(paper.edition.field(strip.field), strip, values.get(strip.field, "")))
        for strip in strips_of(paper.edition)
    ]
    measures = measure_strips(held, paper.edition, expected, look_at_page(held, paper.edition, expected))
    mine: list[StripMeasure] = [measure for measure in measures if measure.strip.field == field]
    return judge_field(paper.edition.field(field), shown, mine, "seal").reading.state


def test_an_honest_page_of_a_worn_scan_is_read_without_a_question(worn: tuple[Paper, np.ndarray]) -> None:
    paper, image = worn
    record = IssuedRecord(paper.edition.form, paper.edition.name, date(2026, 12, 1), paper.values)
    result = read_page(image, ReadingContext(KEYS, {paper.document: record}))
    assert {found.state for found in result.fields.values()} == {"confirmed"}
    assert set(result.fields) >= set(paper.values)


def test_no_changed_digit_of_a_worn_number_is_confirmed(worn: tuple[Paper, np.ndarray]) -> None:
    paper, image = worn
    value = paper.values["ruc"]
    for place in (0, 4, 9):
        digit = str((int(value[place]) + 3) % 10)
        assert states(paper, image, "ruc", value[:place] + digit + value[place + 1 :]) != "confirmed"
