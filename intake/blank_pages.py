"""Whether a page has nothing on it: a blank back is left out of a case, and nothing else may be.

A line of type covers less of a page than dust and holes do, so what counts is not how much ink there is, but
whether there are strokes: darker than the paper around them, and as many and as large as writing has.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from intake.alignment import Grey
from intake.pieces import find_pieces

_LONG_SIDE: Final = 297.0
"""Mm that a page is taken to be long; on a smaller paper strokes only look larger."""
_PER_MM: Final = 4.0
_EDGE: Final = 6.0
"""Mm along the edges where a lid, a shadow or a torn edge is seen, and nobody writes."""
_AROUND, _COARSE = 11, 4
"""The paper's own grey is the median of so many px across, each of so many px of the look: 11 mm."""
_DARKER: Final = 40
"""Grey values by which ink is darker than the paper around it; print on the other side is less."""
_LETTER: Final = (1.1, 14.0)
"""Mm that a letter is high at least, and a letter or a short word wide and high at most."""
_ADVANCE: Final = 1.9
"""Mm from which on something as high as a letter counts for several: letters of small type run together."""
_LETTERS: Final = 6
"""Letters, of 9 points at least, that are writing; dust, hairs and the legs of a staple are fewer."""
_STROKE: Final = (9.0, 150.0)
"""Mm that a name or a stamp by itself is long, width and height together; a dirty glass draws longer."""
_STROKE_INK: Final = 9.0
"""Square mm that it covers; the most that a staple does is 8."""
_SOLID: Final = 0.6
_HOLE: Final = 2.5
"""Share of its own box from which a dark thing is a hole or a blot, no stroke; and mm that it is large."""


def is_blank(image: Grey) -> bool:
    """Whether nobody wrote, printed or stamped anything on the page that one would read."""
    factor = _PER_MM * _LONG_SIDE / max(image.shape)
    size = [max(1, round(side * factor)) for side in image.shape[::-1]]
    look = cv2.resize(image, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
    edge = round(_EDGE * _PER_MM)
    ink = (cv2.subtract(_paper(look), look) >= _DARKER).astype(np.uint8)[edge:-edge, edge:-edge]
    if not ink.size:
        return False
    found = find_pieces(ink)[2][1:]
    wide, high = found[:, 2] / _PER_MM, found[:, 3] / _PER_MM
    area = found[:, 4] / _PER_MM**2
    solid = (area >= _SOLID * wide * high) & (np.minimum(wide, high) >= _HOLE)
    small = (high >= _LETTER[0]) & (high <= _LETTER[1]) & (wide <= _LETTER[1]) & ~solid
    letters = np.maximum(wide[small] / _ADVANCE, 1).sum()
    long = (wide + high >= _STROKE[0]) & (wide + high <= _STROKE[1])
    broad = (np.minimum(wide, high) >= _LETTER[0]) & (area >= _STROKE_INK) & (area < _SOLID * wide * high)
    return float(letters) < _LETTERS and not bool((long & broad).any())


def _paper(look: Grey) -> Grey:
    """The grey of the paper at each place, without what is on it."""
    size = [max(1, side // _COARSE) for side in look.shape[::-1]]
    coarse = cv2.medianBlur(cv2.resize(look, size, interpolation=cv2.INTER_AREA), _AROUND)
    paper: Grey = cv2.resize(coarse, look.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return paper
