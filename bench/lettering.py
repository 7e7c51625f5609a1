"""Type or hand? Fits the weights of ``intake.lettering`` and shows how well they part held-back papers.

python -m bench.lettering [--pages 120] [--seed 502] [--words FOLDER]

``--words`` is a folder with pictures of handwritten words, real ink for the pen's side; the weights in the
code were fitted with it. Every third three papers are held back.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.material import EDITIONS, KEYS
from bench.template import papers
from bench.template_material import Filled
from forms.layout import comb_pitch, tick_boxes
from forms.model import Edition, Paragraph
from generators.blank import draw_blank
from generators.paper.ink import lay_ink, random_pen
from generators.paper.scanning import scan
from generators.paper.severity import Severity, random_damage, random_scanner
from generators.paper.sheets import Grey, Sheet, print_page
from intake.identification import identify, locate
from intake.lettering import Lettering, measure_lettering
from intake.residue import added_ink
from intake.sampling import Paper
from intake.threads import use_one_thread
from intake.typed_lines import cut_lines, join_comb

_PEN_COUNTS: Final = 2.0
"""How much more a line by hand weighs: taking hand for type is the dearer mistake."""
Cover = NDArray[np.float32]


def lettering_of(paper: Paper, edition: Edition) -> Iterator[Lettering]:
    """The measures of every line that somebody filled in."""
    for box in edition.value_fields:
        if tick_boxes(box):
            continue
        ink = added_ink(paper, edition, box.page, box.box).ink
        comb = comb_pitch(box)
        joined = join_comb(ink, *comb) if comb else None
        for line in cut_lines(ink) if comb is None else [joined.line] if joined else []:
            found = measure_lettering(line.ink, line.dark)
            if found is not None:
                yield found


def load_words(folder: Path) -> list[Cover]:
    """The ink of every picture of a word, 0 to 1, cut to what is written."""
    words = []
    for path in sorted(folder.rglob("*.png")):
        picture = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_GRAYSCALE)
        if picture is None:
            raise ValueError(f"{path} is no picture; name the folder of the words alone")
        paper, ink = float(np.percentile(picture, 95)), float(np.percentile(picture, 1))
        cover = np.clip((paper - picture.astype(np.float32)) / max(paper - ink, 1.0), 0, 1)
        rows, columns = np.nonzero(cover > 0.3)
        words.append(cover[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1])
    return words


def written_with(words: list[Cover], random: np.random.Generator) -> Filled:
    """A blank whose boxes for running text hold real handwritten words, whatever they say."""
    edition = EDITIONS[int(random.integers(len(EDITIONS)))]
    pdf, grey = draw_blank(edition), random_pen(random).grey
    sheet = print_page(pdf)
    for box in edition.value_fields:
        if comb_pitch(box) or tick_boxes(box):
            continue
        lines = box.kind.lines if isinstance(box.kind, Paragraph) else 1
        for line in range(int(random.integers(1, lines + 1))):
            top = box.box.y + line * box.box.height / lines
            sheet = _write_line(sheet, words, (box.box.x + 2, top, box.box.right), grey, random)
    return Filled(edition, "hand", "words", {}, sheet, False, pdf)


def _write_line(
    sheet: Sheet,
    words: list[Cover],
    place: tuple[float, float, float],
    grey: int,
    random: np.random.Generator,
) -> Sheet:
    left, top, right = place
    for _ in range(int(random.integers(1, 5))):
        word = words[int(random.integers(len(words)))]
        scale = 5.0 * sheet.px_per_mm / 64 * float(random.uniform(0.8, 1.2))
        cover = np.clip(cv2.resize(word, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), 0, 1)
        if left + cover.shape[1] / sheet.px_per_mm > right - 1:
            break
        sheet = lay_ink(sheet, cover, (left, top + float(random.uniform(0.3, 1.2))), grey)
        left += cover.shape[1] / sheet.px_per_mm + 2
    return sheet


def measured(
    count: int, seed: int, words: list[Cover]
) -> Iterator[tuple[str, Severity, NDArray[np.float64]]]:
    """Filling, severity and measures (lines × 5) of papers that were found."""
    for filled, severity, image in papers(count, seed, None):
        yield from _measured(filled.filling, filled, severity, image)
    for place in range(count // 3 if words else 0):
        random = np.random.default_rng((seed, 1, place))
        filled = replace(written_with(words, random), face="words")
        severity = (Severity.CLEAN, Severity.MODERATE)[place % 2]
        spoilt = random_damage(filled.sheet, severity, random)
        yield from _measured(
            "words", filled, severity, scan(spoilt, random_scanner(severity, random), random)
        )


def _measured(
    name: str, filled: Filled, severity: Severity, image: Grey
) -> Iterator[tuple[str, Severity, NDArray[np.float64]]]:
    located = locate(image)
    if located is None:
        return
    _, paper = identify(located, KEYS)
    lines = [astuple(found) for found in lettering_of(paper, filled.edition)]
    if lines:
        yield name, severity, np.array(lines)


def fit(measures: NDArray[np.float64], typed: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights and bias of a logistic curve, by Newton's method with a hair of ridge."""
    rows = np.column_stack((measures, np.ones(len(measures))))
    heavy, weights = np.where(typed, 1.0, _PEN_COUNTS), np.zeros(rows.shape[1])
    for _ in range(60):
        chance = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (heavy * (chance - typed)) + 0.01 * weights
        bend = (rows.T * (heavy * chance * (1 - chance) + 1e-9)) @ rows + 0.01 * np.eye(len(weights))
        weights -= np.linalg.solve(bend, slope)
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=120)
    parser.add_argument("--seed", type=int, default=502)
    parser.add_argument("--words", type=Path)
    options = parser.parse_args()
    use_one_thread()
    every = list(measured(options.pages, options.seed, load_words(options.words) if options.words else []))
    learnt = [each for n, each in enumerate(every) if n // 3 % 3]
    held = [each for n, each in enumerate(every) if n // 3 % 3 == 0]
    typed = np.concatenate(
        [np.full(len(lines), name in {"viewer", "typewriter"}) for name, _, lines in learnt]
    )
    weights = fit(np.concatenate([lines for _, _, lines in learnt]), typed)
    print("weights and bias", np.round(weights, 1).tolist())
    shares: dict[str, list[float]] = defaultdict(list)
    for name, severity, lines in held:
        odds = np.column_stack((lines, np.ones(len(lines)))) @ weights
        shares[f"{name} {severity.value}"] += (odds > 0).tolist()
    for name, taken in sorted(shares.items()):
        print(f"{name:<22} {len(taken):>5} lines, taken for type {np.mean(taken):.3f}")


if __name__ == "__main__":
    main()
