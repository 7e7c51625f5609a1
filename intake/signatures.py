"""Is there a signature by hand in the box? Present, absent or doubtful, with the measures it rests on.

Ink that we did not print is taken in connected strokes. Specks, straight lines (folds, rules), rows of type,
framed stamps and blots are not writing; what is left must be long and wide enough for a name.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.geometry import Box
from forms.model import Edition, Field
from intake.expectation import BLURS, sample_fixed_parts
from intake.kept_print import has_two_levels, loses_light_ink
from intake.pen_strokes import PER_MM as _PER_MM
from intake.pen_strokes import Mask, find_middle, find_stamps, is_blot, unruled, without_smears
from intake.pieces import find_pieces
from intake.printed_ink import looks_printed
from intake.readings import SignatureReading, SignatureState
from intake.sampling import Grid, Ink, Paper
from intake.signature_sight import look_again, reconsidered
from intake.signature_traces import Trace, trace_of

_EDGE: Final = 0.9
"""Mm inside the frame that are left out: the frame itself lies there."""
_AROUND: Final = 8.0
"""Mm around a box that a stamp across its edge is sought in."""
_NEAR_EDGE: Final = 1.5
"""Mm from the edge of the box at which ink may come from outside."""
_COARSE_DPI: Final = 130.0
"""Resolution below which a pen's line is a px or two wide."""
_NOISY: Final = 0.06
"""Noise of bare paper from which grain joins with strokes."""
_GRAINY: Final = 0.12
"""Noise of bare paper from which a light pen's line is lost in the grain."""


@dataclass(frozen=True, slots=True)
class SignatureThresholds:
    """Bounds set on drawn hands and on empty, folded and ruled boxes; of 100 real signatures on moderate
    scans, none of which they were set on, 95 were present, 4 doubtful and 1 absent.

    ``ink`` is the darkness (0 to 1) that counts as ink, lowered with the scan's own contrast noise;
    lengths are mm of stroke, areas mm². ``pale`` is the darkness from which the frame of a stamp is sought;
    ``curved`` and ``surely_curved`` are the areas outside straight rows that a name has at least and surely:
    lines of type leave less than 5, real signatures of harsh scans leave 19 and more, drawn ones 6. What is
    less than ``flat`` mm high is a broken line; a stroke ``tall`` mm high is no row of type.

    On poor scans more than ``grains`` specks to the cm² are grain that runs together, strokes broader than
    ``fine`` mm must have a piece of the share ``whole``, and what may be a frame is one unless a piece has
    the share ``joined``.

    A pen that winds draws ``pieces`` at most, one with the share ``held``, in a line up to ``line`` mm broad
    that is ``wound`` mm long and ``turns`` times as long as its ink is wide or high. Of 540 other things in a
    box, and of what two people who did not know the reader put into 190 boxes but names, only names that were
    crossed out are all of that: a seal's letters are pieces, a frame does not wind, a clip is broad.
    """

    ink: float = 0.28
    speck: float = 0.25
    faint: float = 3.0
    written: float = 22.0
    wide: float = 9.0
    high: float = 2.5
    blob: float = 1.3
    straight: float = 0.9
    pale: float = 0.13
    curved: float = 1.0
    surely_curved: float = 7.0
    flat: float = 1.2
    tall: float = 6.0
    grains: float = 10.0
    whole: float = 0.25
    fine: float = 0.5
    joined: float = 0.5
    pieces: int = 3
    held: float = 0.6
    line: float = 1.0
    wound: float = 60.0
    turns: float = 4.0


DEFAULT: Final = SignatureThresholds()


@dataclass(frozen=True, slots=True)
class InkMeasure:
    """Added ink in a box: share of its area, mm of stroke, extent of the writing and stroke width in mm, mm²
    dropped as lines, mm² that lie in no straight row, and whether there may be writing over a stamp;
    ``ringed`` when that is round.

    ``framed`` when it may be a stamp whose frame is broken; ``specks`` to the cm² are left out of the
    writing, of whose ``pieces`` the largest is the share ``largest``; ``strokes`` is the writing itself.
    """

    share: float
    length: float
    width: float
    height: float
    stroke: float
    dropped: float
    curved: float = np.inf
    overwritten: bool = False
    framed: bool = False
    ringed: bool = False
    specks: float = 0.0
    largest: float = 1.0
    pieces: int = 0
    strokes: Mask | None = dataclasses.field(default=None, compare=False)


def read_signature(
    paper: Paper, edition: Edition, field: Field, noise: float, limits: SignatureThresholds = DEFAULT
) -> tuple[SignatureReading, Trace | None]:
    """Measure and judge one signature box by the rules, and look at it once more.

    With the trace of a signature that is present, where there is enough of it to be known again.
    """
    state, measure = judge_box(paper, edition, field, noise, limits)
    sight = look_again(paper, edition, field.page, field.box)
    # Strokes as long as a name's are something, whatever they look like.
    provable = measure.length < limits.written and not loses_light_ink(paper, edition, field.page, field.box)
    poor = is_poor(paper, noise)
    # A ring around initials looks to the network like a seal's.
    wound = not poor and is_winding(measure, limits)
    # Nor is a round stamp by itself a name, whatever it looks like.
    bare = measure.ringed and measure.length < limits.faint
    state = reconsidered(state, sight, provable=provable, poor=poor, deniable=not wound, claimable=not bare)
    strokes = measure.strokes if state == "present" else None
    trace = None if strokes is None else trace_of(strokes, find_middle(strokes)[1], _PER_MM)
    return SignatureReading(state, round(measure.share, 4), field.page, tuple_of(field.box)), trace


def judge_box(
    paper: Paper, edition: Edition, field: Field, noise: float, limits: SignatureThresholds = DEFAULT
) -> tuple[SignatureState, InkMeasure]:
    """What the rules alone say of one signature box, and the measures that they rest on."""
    box, poor = field.box.grown(-_EDGE), is_poor(paper, noise)
    measure = measure_ink(paper, edition, field.page, box, noise, limits, poor=poor)
    state = judge_ink(measure, limits, poor=poor)
    if state == "absent" and (noise > _GRAINY or loses_light_ink(paper, edition, field.page, field.box)):
        # Grain and a dark threshold drop a light pen altogether: an empty box proves nothing.
        state = "doubtful"
    elif state == "absent" and poor:
        # What looks like a smear there may be a pen's line that the scan has spread.
        broad = measure_ink(paper, edition, field.page, box, noise, limits, smears=True)
        state = "absent" if judge_ink(broad, limits) == "absent" else "doubtful"
    return state, measure


def is_printed(paper: Paper, field: Field, noise: float) -> bool:
    """Whether what stands in a signature box is a printer's ink; never said of a poor scan."""
    return not is_poor(paper, noise) and looks_printed(paper, field.box.grown(-_EDGE))


def is_poor(paper: Paper, noise: float) -> bool:
    """Whether strokes may be broken, spread or joined with grain on the scan."""
    coarse = paper.alignment.px_per_mm * 25.4 < _COARSE_DPI
    return noise > _NOISY or coarse or has_two_levels(paper)


def tuple_of(box: Box) -> tuple[float, float, float, float]:
    x, y, width, height = box.as_list()
    return (x, y, width, height)


def measure_ink(
    paper: Paper,
    edition: Edition,
    page: int,
    box: Box,
    noise: float,
    limits: SignatureThresholds = DEFAULT,
    *,
    smears: bool = False,
    poor: bool = False,
) -> InkMeasure:
    """Strokes in ``box`` that are not of the edition's own print; with ``smears`` whatever is broader too.

    Broken frames are sought on a ``poor`` scan only.
    """
    wide = box.grown(_AROUND)
    grid = Grid(wide.x, wide.y, _PER_MM, round(wide.width * _PER_MM), round(wide.height * _PER_MM))
    print_ = _print_at(edition, page, grid)
    ink = cv2.GaussianBlur(paper.sample(grid), (0, 0), 0.7)
    cut = round(_AROUND * _PER_MM)
    ink = ink - float(np.median(ink[cut:-cut:2, cut:-cut:2]))
    ink = ink if smears else without_smears(ink)
    free = print_ < 0.12
    strong = ((ink > max(limits.ink, 3.5 * noise)) & free).astype(np.uint8)
    pale = ((ink > max(limits.pale, 3 * noise)) & free).astype(np.uint8)
    inner = pale[cut:-cut, cut:-cut]
    own = cv2.copyMakeBorder(inner, cut, cut, cut, cut, cv2.BORDER_CONSTANT, value=0)
    stamps = find_stamps(np.asarray(own, np.uint8), strong)
    if not stamps and _reaches_edge(inner):  # a stamp may cross the box's edge
        stamps = find_stamps(pale, strong)
    for stamp in stamps:
        strong[stamp.area > 0] = 0
    measure = measure_strokes(np.ascontiguousarray(strong[cut:-cut, cut:-cut]), limits, poor=poor)
    return dataclasses.replace(
        measure,
        overwritten=any(stamp.overwritten for stamp in stamps),
        ringed=any(stamp.round for stamp in stamps),
        framed=poor and not stamps and bool(find_stamps(np.asarray(own, np.uint8), strong, broken=True)),
    )


def measure_strokes(added: Mask, limits: SignatureThresholds = DEFAULT, *, poor: bool = True) -> InkMeasure:
    """The writing in a mask of added ink, ``PER_MM`` samples to the mm, from which stamps were taken.

    A stroke taller than type is no row of it: unless the scan is ``poor``, rows are then not sought.
    """
    whole = added.size
    added = _cut_to_ink(added)
    kept, dropped, sizes, tallest = _writing(added, limits)
    tall = not poor and tallest > limits.tall
    if not kept.any():
        return InkMeasure(0.0, 0.0, 0.0, 0.0, 0.0, dropped)
    rows, columns = np.nonzero(kept)
    depth, middle = find_middle(kept)
    stroke = 2 * float(np.percentile(depth[middle], 75)) / _PER_MM
    area = float(kept.sum()) / _PER_MM**2
    return InkMeasure(
        share=float(kept.sum()) / whole,
        length=area / max(stroke, 0.2),
        width=float(np.ptp(columns)) / _PER_MM,
        height=float(np.ptp(rows)) / _PER_MM,
        stroke=stroke,
        dropped=dropped,
        curved=area if tall else float(_writing(unruled(added), limits)[0].sum()) / _PER_MM**2,
        specks=float((sizes < limits.speck).sum()) / (whole / (10 * _PER_MM) ** 2),
        largest=float(sizes.max()) / area,
        pieces=int((sizes >= limits.speck).sum()),
        strokes=kept,
    )


@cache
def _print_at(edition: Edition, page: int, grid: Grid) -> Ink:
    blurred: Ink = cv2.GaussianBlur(sample_fixed_parts(edition, page, grid), (0, 0), BLURS[2])
    return blurred


def _reaches_edge(ink: Mask) -> bool:
    rim = round(_NEAR_EDGE * _PER_MM)
    return bool(ink[:rim].any() or ink[-rim:].any() or ink[:, :rim].any() or ink[:, -rim:].any())


def _cut_to_ink(added: Mask) -> Mask:
    left, top, wide, high = cv2.boundingRect(added)
    return np.ascontiguousarray(added[top : top + max(high, 1), left : left + max(wide, 1)])


def _writing(added: Mask, limits: SignatureThresholds) -> tuple[Mask, float, NDArray[np.float64], float]:
    """The strokes without specks, blots and straight lines, how many mm² were dropped as lines, the mm² of
    each speck and stroke, and the mm that the tallest is high.
    """
    tallest = 0.0
    count, labels, stats = find_pieces(added)
    keep, sizes = np.zeros(count, bool), stats[:, cv2.CC_STAT_AREA] / _PER_MM**2
    sizes[0] = np.nan
    dropped = 0.0
    for label in range(1, count):
        if sizes[label] < limits.speck:
            continue
        x, y, wide, high = (int(value) for value in stats[label, :4])
        part = (labels[y : y + high, x : x + wide] == label).astype(np.uint8)
        if is_blot(part):
            sizes[label] = np.nan
        elif _is_straight(part, limits):
            dropped += float(sizes[label])
            sizes[label] = np.nan
        else:
            keep[label] = True
            tallest = max(tallest, high / _PER_MM)
    return keep[labels].astype(np.uint8), dropped, sizes[~np.isnan(sizes)], tallest


def _is_straight(part: Mask, limits: SignatureThresholds) -> bool:
    """Whether a stroke is one straight line longer than a centimetre, as folds and rules are."""
    if max(part.shape) / _PER_MM < 10:
        return False
    places = np.argwhere(part).astype(np.float32)
    spread = np.linalg.eigvalsh(np.cov(places.T)) if len(places) > 2 else np.zeros(2)
    across = 2 * float(np.sqrt(max(spread[0], 0.0))) / _PER_MM
    return across < limits.straight


def is_winding(measure: InkMeasure, limits: SignatureThresholds = DEFAULT) -> bool:
    """Whether the ink is one pen's line that turns back on itself over and over, as only a hand draws it."""
    extent = max(measure.width, measure.height)
    one = 0 < measure.pieces <= limits.pieces and measure.largest >= limits.held
    long = measure.length >= max(limits.wound, limits.turns * extent)
    return one and long and measure.stroke <= limits.line


def judge_ink(
    measure: InkMeasure, limits: SignatureThresholds = DEFAULT, *, poor: bool = False
) -> SignatureState:
    """Three states; the clerk, who holds the paper, has the last word. Of ``poor`` scans more is asked."""
    nothing = measure.length < limits.faint or measure.curved < limits.curved
    if nothing or measure.height < limits.flat:
        return "doubtful" if measure.overwritten else "absent"
    named = (
        measure.length >= limits.written and measure.width >= limits.wide and measure.height >= limits.high
    )
    drawn = measure.stroke <= limits.blob and measure.curved >= limits.surely_curved
    # A fine line breaks into pieces on such scans; what is bold and in pieces may be the letters of a stamp.
    whole = measure.largest >= limits.whole or measure.stroke < limits.fine
    frame = measure.framed and measure.largest < limits.joined
    clear = measure.specks <= limits.grains and whole and not frame
    return "present" if named and drawn and (clear or not poor) else "doubtful"
