"""Blank forms filled in by hand, signed, treated and scanned, and read from the whole page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from bench.training.combs import EDITION, cells_of
from bench.training.material import Digits
from bench.training.papers import random_cedula, random_ruc
from bench.training.penmanship import random_hand, write_digit
from generators.blank import draw_blank
from generators.paper.ink import Random, sign
from generators.paper.scanning import scan
from generators.paper.severity import Severity, random_damage, random_scanner
from generators.paper.sheets import Grey, Sheet, print_page
from intake.alignment import find_marks, fit
from intake.refinement import refine
from intake.sampling import Paper, light_paper


@dataclass(frozen=True, slots=True)
class FilledForm:
    """The scan of a request filled in by one hand, and what it says."""

    image: Grey
    ruc: str
    cedula: str


def fill_form(digits: Digits, severity: Severity, rng: Random) -> FilledForm:
    """A blank request with RUC and cédula by one of the writers, signed, treated and scanned."""
    hand, ruc, cedula = random_hand(digits, rng), random_ruc(rng), random_cedula(rng)
    sheet = _printed()
    for name, number in (("ruc", ruc), ("representative_id", cedula)):
        for cell, sign_text in zip(cells_of(EDITION.field(name)), number, strict=False):
            sheet = write_digit(sheet, cell, int(sign_text), hand, rng)
    sheet = sign(sheet, EDITION.field("representative_signature").box, rng, pen=hand.pen)
    treated = random_damage(sheet, severity, rng, [field.box for field in EDITION.fields])
    return FilledForm(scan(treated, random_scanner(severity, rng), rng), ruc, cedula)


@cache
def _printed() -> Sheet:
    return print_page(draw_blank(EDITION))


def locate(image: Grey) -> Paper | None:
    """The page in the scan as the reader finds it, or nothing where it has no mark left to hold on to."""
    marks = find_marks(image, EDITION.frame)
    alignment = fit(marks, EDITION.frame)
    if alignment is None or not np.isfinite(alignment.matrix).all():
        return None
    paper = light_paper(image, alignment, EDITION.frame, tuple(marks))
    return refine(paper, EDITION, 1) if len(marks) < len(EDITION.frame.marks) else paper
