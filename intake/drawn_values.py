"""Whether a page that a program drew shows every value that we printed, and nothing over it.

Such a page has no wear: no scanner made it, so whatever differs from our print was drawn over it, taken
away or cut off. What a worn scan may lack is not allowed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Box
from forms.model import Edition, Field, Values
from forms.problems import Problem, problem
from intake.alignment import Alignment, Grey
from intake.comparison import LaidStrip, lay_strips, look_at_page
from intake.readings import FieldReading
from intake.sampling import Ink, light_paper
from intake.strips import Strip, expected_text, strips_of

_DIFFERENT: Final = 0.4
"""Ink, of 1, by which a sample differs; of 27 honest copies, redrawn, turned, reduced to nine tenths, none of
9,000 signs had a sample that differed by more than 0.3.
"""
_FEW: Final = 3
"""Samples of a cell, an eighth of a mm each way, that must differ: a point has nine."""
_COARSE: Final = 7.0
"""Pixels to the mm of a picture below which lines and edges may lie two samples off instead of one."""


_KNOWN: Final = frozenset({"seal", "register"})
"""Sources of values that the page must show, whatever it shows."""
_DRAWN: Final = 0.5
"""Share of fields shown exactly from which a page is our drawing, whatever picture lies behind it."""


@dataclass(frozen=True, slots=True)
class Sight:
    """How a field's print is seen: whether some of it is ``hidden``, and something was ``added`` to it."""

    hidden: bool
    added: bool

    @property
    def whole(self) -> bool:
        """Whether one sees all of the print and nothing else."""
        return not self.hidden and not self.added

    def beside(self, other: Sight) -> Sight:
        """What is seen in one place or another."""
        return Sight(self.hidden or other.hidden, self.added or other.added)


def see_known_values(
    pictures: Sequence[Grey],
    alignment: Alignment,
    edition: Edition,
    page: int,
    fields: Mapping[str, FieldReading],
) -> Mapping[str, Sight]:
    """Of a page in every way in which a viewer may show it, the fields that one does not see exactly as they
    were printed; none where the values are not known, or where it is no drawing of ours but a scan.
    """
    values = {name: found.value for name, found in fields.items() if found.source in _KNOWN}
    if not values:
        return {}
    ways = [see_values(picture, alignment, edition, page, values) for picture in pictures]
    whole = sum(sight.whole for sight in ways[0].values())
    if whole < _DRAWN * len(ways[0]):
        return {}
    together = {name: reduce(Sight.beside, (way[name] for way in ways)) for name in ways[0]}
    return {name: sight for name, sight in together.items() if not sight.whole}


def doubt_unseen(
    edition: Edition, fields: Mapping[str, FieldReading], sights: Mapping[str, Sight]
) -> dict[str, FieldReading]:
    """The readings, in doubt where one does not see what was printed; an alteration stays one."""
    doubted = dict(fields)
    for name in sights:
        box = edition.field(name)
        found = fields.get(name) or _empty(box, next(iter(fields.values())))
        if found.state == "confirmed":
            confidence = min(found.confidence, 0.5)
            doubted[name] = msgspec.structs.replace(found, state="doubtful", confidence=confidence)
    return doubted


def _empty(field: Field, like: FieldReading) -> FieldReading:
    """The reading of a place where nothing was printed."""
    left, top, wide, high = field.box.as_list()
    return FieldReading("", "confirmed", like.source, 0.5, field.page, (left, top, wide, high))


def sight_problems(
    edition: Edition, told: Sequence[Problem], sights: Mapping[str, Sight]
) -> tuple[Problem, ...]:
    """What was ``told`` of ink on the values, as one sees it: what is hidden or cut off was not added to."""
    hidden = {name for name, sight in sights.items() if sight.hidden and not sight.added}
    added = {name for name, sight in sights.items() if sight.added and not sight.hidden}
    kept = [found for found in told if found.code != "INK_OUTSIDE" or found.field not in hidden]
    known = {found.field for found in kept if found.code == "INK_OUTSIDE"}
    kept += [_named("INK_OUTSIDE", edition, name) for name in sights if name in added - known]
    return (*kept, *(_named("FIELD_PARTLY_HIDDEN", edition, name) for name in sights if name in hidden))


def _named(code: str, edition: Edition, name: str) -> Problem:
    return problem(code, field=name, label=edition.field(name).title)


def see_values(
    picture: Grey, alignment: Alignment, edition: Edition, page: int, values: Values
) -> Mapping[str, Sight]:
    """How one sees the printed ``values`` of a page, those fields that have none being empty places."""
    marks = [place for place, mark in enumerate(edition.frame.marks) if lies_on(picture, alignment, mark)]
    paper = light_paper(picture, alignment, edition.frame, tuple(marks))
    strips = [strip for strip in strips_of(edition) if strip.page == page]
    inside = [strip for strip in strips if lies_on(picture, alignment, _box_of(strip))]
    # Beyond the picture's edge nothing is seen, and so nothing was added there.
    seen = {strip.field: [Sight(hidden=True, added=False)] for strip in strips if strip not in inside}
    expected = [
        (strip, expected_text(edition.field(strip.field), strip, values.get(strip.field, "")))
        for strip in inside
    ]
    reach = 3 if alignment.px_per_mm >= _COARSE else 5
    for view in lay_strips(paper, edition, expected, look_at_page(paper, edition, expected)):
        seen.setdefault(view.strip.field, []).append(_see(view, reach))
    return {name: reduce(Sight.beside, sights) for name, sights in seen.items()}


def lies_on(picture: Grey, alignment: Alignment, box: Box) -> bool:
    """Whether all of a box lies on the picture, which may show a part of the page only."""
    rows, columns = picture.shape
    ends = alignment.box_to_pixels(box)
    return bool((ends >= -1).all() and (ends <= np.array([columns, rows]) + 1).all())


def _box_of(strip: Strip) -> Box:
    grid = strip.grid()
    return Box(grid.x, grid.y, grid.columns / grid.per_mm, grid.rows / grid.per_mm)


def _see(view: LaidStrip, reach: int) -> Sight:
    around = np.ones((reach, reach), np.uint8)
    return Sight(
        hidden=_differs(view, view.picture - cv2.dilate(view.seen, around)),
        added=_differs(view, view.seen - cv2.dilate(view.picture, around)),
    )


def _differs(view: LaidStrip, difference: Ink) -> bool:
    cells = view.strip.windows(np.ascontiguousarray(difference))
    counts: NDArray[np.intp] = (cells > _DIFFERENT).sum(axis=(1, 2))
    return bool((counts >= _FEW).any())
