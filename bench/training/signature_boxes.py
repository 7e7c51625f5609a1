"""Signature boxes by the dozen: ten of them on one page, which is spoilt and scanned once, then cut by the
reader's own code.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.material import EDITIONS, random_paper
from bench.signature_material import grey_picture, real_signatures
from bench.training.lookalikes import ASKED, DESK, EMPTY, UNSEEN, Adding
from bench.training.office_stamps import office_stamp
from forms.geometry import Box
from forms.model import Edition, Field
from generators.paper.hands import HANDS
from generators.paper.ink import Pen, Random, random_pen, sign, sign_with_picture
from generators.paper.scanning import Scanner, scan
from generators.paper.severity import Severity, random_damage, random_scanner
from generators.paper.sheets import Grey, Sheet
from intake.alignment import find_marks, fit
from intake.comparison import strip_grid
from intake.kept_print import has_two_levels
from intake.sampling import Paper, light_paper
from intake.signature_sight import SIGHTS, seen_ink
from intake.signatures import is_poor, judge_box

Part = Literal["training", "calibration", "test"]

_TILE: Final = (96.0, 49.6)
"""Mm of paper around each box: what is looked at and a little more, for pages that lie askew."""
_LEFT: Final = 9.0
_TOP: Final = 24.5
_ACROSS: Final = 2
TILES: Final = 10
_PEOPLE: Final[dict[Part, tuple[int, int]]] = {"training": (1, 12), "calibration": (13, 15), "test": (16, 20)}
"""First and last of the people whose real ink each part has."""
_UNSEEN_HANDS: Final = ("ringed", "jagged")
"""Drawn hands that only the test has."""
_INSIDE: Final = (0.45, 0.75)
"""Shares of a name's ink within its box up to which a person is to be asked, and from which it is signed."""
_SCALE, _ZERO = 150.0, 50.0
"""Ink from -0.3 to 1.3 as bytes."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """Seen ink of n boxes as bytes, the place of each in ``SIGHTS`` and in ``EDITIONS``, its kind, the state
    that the rules gave it, whether its scan is poor, and whether that has two levels.
    """

    seen: NDArray[np.uint8]
    labels: NDArray[np.int64]
    editions: NDArray[np.int64]
    kinds: NDArray[np.str_]
    states: NDArray[np.str_]
    poor: NDArray[np.bool_]
    two_levels: NDArray[np.bool_]


def ink_of(seen: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Bytes of ``Boxes.seen`` as the network takes them."""
    return (seen.astype(np.float32) - _ZERO) / _SCALE


@dataclass(frozen=True, slots=True)
class Lot:
    """Pages made from one seed: how many, the shares of ``_SEVERITIES``, and what stands in boxes beside
    names.
    """

    seed: int
    pages: int
    shares: tuple[float, float, float, float]
    empty: Mapping[str, Adding]


WORN: Final = (0.0, 0.25, 0.65, 0.1)
FAIR: Final = (0.3, 0.7, 0.0, 0.0)


def worn(seed: int, pages: int) -> Lot:
    """Papers that went through many hands and poor scanners."""
    return Lot(seed, pages, WORN, EMPTY)


def fair(seed: int, pages: int) -> Lot:
    """Papers scanned where they were signed."""
    return Lot(seed, pages, FAIR, DESK)


def make_boxes(part: Part, lot: Lot, scans: int = 2) -> Boxes:
    """The boxes of a lot, each page scanned ``scans`` times; every page has a seed of its own."""
    made = [_page(part, lot, np.random.default_rng((lot.seed, place)), scans) for place in range(lot.pages)]
    return joined([boxes for page in made for boxes in page])


def joined(parts: list[Boxes]) -> Boxes:
    """All the boxes one after another."""
    names = [field.name for field in dataclasses.fields(Boxes)]
    return Boxes(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _page(part: Part, lot: Lot, rng: Random, scans: int) -> list[Boxes]:
    """One page of tiles, spoilt once."""
    page, chosen, labels, kinds = _bare_page(), [], [], []
    for place in range(TILES):
        number = int(rng.integers(len(EDITIONS)))
        plain = _tiles(number)[int(rng.integers(len(_tiles(number))))]
        drawn, label, kind = _fill(Sheet(plain), _box_in_tile(EDITIONS[number]), part, lot.empty, rng)
        rows, columns = page.area(_tile_box(place))
        page.image[rows, columns] = drawn.image[: rows.stop - rows.start, : columns.stop - columns.start]
        chosen.append(number)
        labels.append(label)
        kinds.append(kind)
    severity = Severity(rng.choice([level.value for level in _SEVERITIES], p=lot.shares))
    spoilt = random_damage(page, severity, rng)
    made = [_scanned(spoilt, random_scanner(severity, rng), chosen, labels, kinds, rng) for _ in range(scans)]
    return [boxes for boxes in made if boxes is not None]


_SEVERITIES: Final = (Severity.CLEAN, Severity.MODERATE, Severity.HARSH, Severity.EXTREME)


def _fill(
    sheet: Sheet, box: Box, part: Part, empty: Mapping[str, Adding], rng: Random
) -> tuple[Sheet, int, str]:
    """A tile with something in its box, what people should say of it, and its kind."""
    chance = rng.random()
    if chance < 0.47:
        return _named(sheet, box, part, rng)
    if chance < 0.57:
        kind = str(rng.choice(sorted(ASKED)))
        return ASKED[kind](sheet, box, rng), SIGHTS.index("ask"), kind
    if part == "test" and chance < 0.75:
        kind = str(rng.choice(sorted(UNSEEN)))
        return UNSEEN[kind](sheet, box, rng), SIGHTS.index("nothing"), kind
    kind = "nothing" if chance < 0.71 else str(rng.choice(sorted(empty)))
    drawn = empty[kind](sheet, box, rng)
    if kind != "nothing" and rng.random() < 0.2:
        drawn = empty[str(rng.choice(sorted(empty)))](drawn, box, rng)
    return drawn, SIGHTS.index("nothing"), kind


def _named(sheet: Sheet, box: Box, part: Part, rng: Random) -> tuple[Sheet, int, str]:
    """A name by hand in the box, now and then over a stamp, and some beside it."""
    stamped = rng.random() < 0.12
    under = office_stamp(sheet, box, rng) if stamped else sheet
    far = rng.random() < 0.2
    reach = (25.0, 24.0) if far else (3.0, 2.0)
    place = dataclasses.replace(
        box, x=box.x + float(rng.uniform(-1, 1)) * reach[0], y=box.y + float(rng.uniform(-1, 1)) * reach[1]
    )
    if rng.random() < 0.55:
        first, last = _PEOPLE[part]
        paths = [path for path in real_signatures() if first <= int(path.parent.name) <= last]
        drawn, kind = (
            sign_with_picture(
                under, place, grey_picture(paths[int(rng.integers(len(paths)))]), rng, pen=_pen(rng)
            ),
            "real pen",
        )
    else:
        hands = [hand for hand in sorted(HANDS) if part == "test" or hand not in _UNSEEN_HANDS]
        hand = str(rng.choice(hands))
        drawn, kind = (
            sign(under, place, rng, pen=_pen(rng), hand=hand),
            "unseen hand" if hand in _UNSEEN_HANDS else "drawn hand",
        )
    inked = drawn.image.astype(np.int16) < under.image.astype(np.int16) - 25
    inside = float(inked[sheet.area(box)].sum()) / max(float(inked.sum()), 1.0)
    if inside < _INSIDE[0]:
        return drawn, SIGHTS.index("ask"), "beside the box"
    if inside < _INSIDE[1]:
        return drawn, _UNCLEAR, "half in the box"
    return drawn, SIGHTS.index("name"), f"{kind}, stamped" if stamped else kind


def _pen(rng: Random) -> Pen:
    """Any pen; now and then one that is nearly dry, a pencil, or ink that a scanner's lamp hardly sees."""
    if rng.random() < 0.2:
        return Pen(
            float(rng.uniform(0.22, 0.42)), int(rng.integers(125, 190)), 0.25, float(rng.uniform(0, 0.4))
        )
    return random_pen(rng)


_HELD: Final = 3
"""Marks by which a page is surely held: here are no symbols to help."""
_UNCLEAR: Final = -1
"""Label of what nobody should learn from."""


def _scanned(
    sheet: Sheet, scanner: Scanner, chosen: list[int], labels: list[int], kinds: list[str], rng: Random
) -> Boxes | None:
    """The boxes of one scan, as the reader sees them; nothing where it would not find the page."""
    image, frame = scan(sheet, scanner, rng), EDITIONS[0].frame
    marks = find_marks(image, frame)
    held = fit(marks, frame) if len(marks) >= _HELD else None
    if held is None:
        return None
    alignment = dataclasses.replace(held, matrix=held.matrix @ _slip(rng))
    whole = light_paper(image, alignment, frame, tuple(marks))
    noise, seen, states = _noise(whole), [], []
    for place, number in enumerate(chosen):
        edition = EDITIONS[number]
        field = edition.signature_fields[0]
        paper = _moved(whole, field, place)
        seen.append(np.round(seen_ink(paper, field.box) * _SCALE + _ZERO).astype(np.uint8))
        states.append(judge_box(paper, edition, field, noise)[0])
    count = len(chosen)
    return Boxes(
        np.stack(seen),
        np.array(labels),
        np.array(chosen),
        np.array(kinds),
        np.array(states),
        np.full(count, is_poor(whole, noise)),
        np.full(count, has_two_levels(whole)),
    )


def _slip(rng: Random) -> NDArray[np.float64]:
    """How far from its place the reader may believe the page to lie: by tenths of a mm, now and then half."""
    corners = np.array([[0, 0], [210, 0], [210, 297], [0, 297]], np.float32)
    reach = 0.5 if rng.random() < 0.15 else 0.12
    moved = (corners + rng.normal(0, reach, (4, 2))).astype(np.float32)
    return np.asarray(cv2.getPerspectiveTransform(corners, moved), np.float64)


def _moved(paper: Paper, field: Field, place: int) -> Paper:
    """The page as though the tile at ``place`` were the whole of it: its box is where the form has it."""
    tile, box = _tile_box(place), field.box
    right = tile.x + tile.width / 2 - box.x - box.width / 2
    down = tile.y + tile.height / 2 - box.y - box.height / 2
    shift = np.array([[1, 0, right], [0, 1, down], [0, 0, 1]])
    return dataclasses.replace(
        paper, alignment=dataclasses.replace(paper.alignment, matrix=paper.alignment.matrix @ shift)
    )


def _noise(paper: Paper) -> float:
    """Noise of bare paper, as the reader measures it in the lower margin."""
    ink = paper.sample(strip_grid(Box(70, 285, 70, 6), 8.0))
    return max(0.02, float(np.median(np.abs(ink - np.median(ink)))) * 1.4826)


def _tile_box(place: int) -> Box:
    down, across = divmod(place, _ACROSS)
    return Box(_LEFT + across * _TILE[0], _TOP + down * _TILE[1], *_TILE)


def _box_in_tile(edition: Edition) -> Box:
    box = edition.signature_fields[0].box
    return Box((_TILE[0] - box.width) / 2, (_TILE[1] - box.height) / 2, box.width, box.height)


@cache
def _printed() -> tuple[tuple[Sheet, ...], ...]:
    """Some unsigned papers of each edition."""
    random = np.random.default_rng(3)
    return tuple(tuple(random_paper(random, edition, 1.0).sheet for _ in range(4)) for edition in EDITIONS)


@cache
def _tiles(number: int) -> tuple[Grey, ...]:
    """The paper around the signature box of an edition, cut from several papers."""
    box = EDITIONS[number].signature_fields[0].box
    corner = box.x + (box.width - _TILE[0]) / 2, box.y + (box.height - _TILE[1]) / 2
    wide = Box(*corner, _TILE[0] + 0.2, _TILE[1] + 0.2)
    return tuple(np.ascontiguousarray(sheet.image[sheet.area(wide)]) for sheet in _printed()[number])


def _bare_page() -> Sheet:
    """A sheet with nothing but the corner marks."""
    printed = _printed()[0][0]
    page = printed.showing(np.full_like(printed.image, 250))
    for mark in EDITIONS[0].frame.marks:
        page.image[page.area(mark)] = printed.image[page.area(mark)]
    return page
