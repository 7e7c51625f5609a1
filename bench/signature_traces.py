"""The same picture of a signature on another paper: how often it is known again, whether a second signature
of the same person ever passes for it, and what the search costs among very many.

Each real name is signed on one paper by pen and printed as a picture on another, at another size and place;
each paper is scanned on a scanner of its own. The other names of the same person must never be taken for it,
nor may those with the same rubber stamp across them.

    python -m bench.signature_traces [--each 3] [--seed 5] [--severity clean] [--stored 100000]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bench.material import EDITIONS, KEYS, random_paper
from bench.signature_material import grey_picture, print_picture, real_signatures
from generators.paper.hands import draw_signature
from generators.paper.ink import Cover, lay_ink, sign_with_picture, smooth
from generators.paper.scanning import scan
from generators.paper.severity import Severity, random_damage, random_scanner
from generators.paper.sheets import Sheet
from intake.pages import ReadingContext, read_page
from intake.pen_strokes import PER_MM, find_middle
from intake.signature_traces import SAME, Trace, encode_trace, likeness, trace_of
from intake.trace_sketches import SLENDER_REACH, most_alike, sketch_of
from intake.type_rows import is_same_picture
from operations.signature_copies import find_same
from storage.database import Database, open_engine, prepare_schema
from storage.schema import BlobRow, CaseRow, DocumentRow
from storage.trace_tables import SignatureTraceRow

SEVERITIES: Final = (Severity.CLEAN, Severity.MODERATE, Severity.HARSH)
STAMP: Final = ("ING. MARIA GUAMAN", "GERENTE GENERAL", "ALIMENTOS ANDINA S.A.")
Name = tuple[str, int]
"""A person and which of that person's names it is."""
_STAMPED: Final = 5
"""Names of each person that are stamped too."""
_AT_ONCE: Final = 2000
_NOW: Final = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


def names(each: int) -> Iterator[tuple[Name, Path]]:
    """The first names of each person."""
    for path in real_signatures():
        if int(path.stem) <= each:
            yield (path.parent.name, int(path.stem)), path


def scanned(path: Path, severity: Severity, random: np.random.Generator, kind: str) -> Trace | None:
    """The trace of a name on a paper of its own: by ``pen``, as a ``print``, or by pen beside a ``stamp``."""
    paper = random_paper(random, EDITIONS[0], unsigned=1.0)
    box, picture = paper.edition.signature_fields[0].box, grey_picture(path)
    if kind == "print":
        blank = Sheet(np.full_like(paper.sheet.image, 255), paper.sheet.px_per_mm)
        signed = sign_with_picture(blank, box, picture, random).image
        sheet = print_picture(paper.sheet, signed, screened=bool(random.random() < 0.5))
    else:
        sheet = sign_with_picture(paper.sheet, box, picture, random)
    if kind == "stamp":
        place = box.x + float(random.uniform(4, 20)), box.y + float(random.uniform(2, 6))
        sheet = lay_ink(sheet, stamp_of_type(sheet.px_per_mm, float(random.uniform(-6, 6))), place, 90)
    image = scan(random_damage(sheet, severity, random), random_scanner(severity, random), random)
    result = read_page(image, ReadingContext(KEYS))
    return next(iter(result.traces.values()), None)


def stamp_of_type(per_mm: float, turn: float) -> Cover:
    """Rows of letters 2.5 mm high without a frame, as a rubber stamp leaves them."""
    high, wide = round(16 * per_mm), round(50 * per_mm)
    layer = np.zeros((high, wide), np.uint8)
    for place, line in enumerate(STAMP):
        corner = round(3 * per_mm), round((5 + 4 * place) * per_mm)
        cv2.putText(layer, line, corner, cv2.FONT_HERSHEY_DUPLEX, 0.11 * per_mm, 255, 3, cv2.LINE_AA)
    turned = cv2.getRotationMatrix2D((wide / 2, high / 2), turn, 1)
    return np.asarray(cv2.warpAffine(layer, turned, (wide, high)) / 255, np.float32)


def is_sought_out(one: Trace, other: Trace) -> bool:
    """Whether the search would come to look closely."""
    near = abs(one.slender - other.slender) <= SLENDER_REACH
    return near and bool(most_alike(sketch_of(one), [sketch_of(other)], 1))


def measure(severity: Severity, each: int, seed: int) -> None:
    """Print what becomes of all names at one severity."""
    kinds = ("pen", "print", "stamp")
    seen: dict[str, dict[Name, Trace]] = {kind: {} for kind in kinds}
    count = 0
    for place, (name, path) in enumerate(names(each)):
        count += 1
        for number, kind in enumerate(kinds):
            if kind == "stamp" and name[1] > _STAMPED:
                continue
            random = np.random.default_rng((seed, SEVERITIES.index(severity), place, number))
            trace = scanned(path, severity, random, kind)
            if trace is not None:
                seen[kind][name] = trace
    pen, print_ = seen["pen"], seen["print"]
    both = [name for name in pen if name in print_]
    known = [name for name in both if is_same_picture(pen[name], print_[name])]
    found = [name for name in known if is_sought_out(pen[name], print_[name])]
    others = [
        likeness(one, other)
        for (name, one), (second, other) in product(pen.items(), print_.items())
        if name[0] == second[0] and name != second
    ]
    stamped = [
        (one, other)
        for (name, one), (second, other) in product(seen["stamp"].items(), repeat=2)
        if name[0] == second[0] and name < second
    ]
    false = sum(likeness(one, other) >= SAME for one, other in stamped)
    accused = sum(is_same_picture(one, other) for one, other in stamped)
    print(
        f"{severity.value:10} {count:5} {len(both):7} {len(known):6} {len(found):6}"
        f" {len(others):8} {sum(value >= SAME for value in others):5} {max(others, default=0):8.2f}"
        f" {len(stamped):8} {false:5} {accused:5}"
    )


def drawn_trace(random: np.random.Generator) -> Trace | None:
    """A name of a hand that nobody has, 25 to 60 mm wide."""
    width = float(random.uniform(25, 60)) * PER_MM
    lines = [smooth(stroke) * width for stroke in draw_signature(random) if len(stroke) > 1]
    every = np.vstack(lines)
    corner, margin = every.min(axis=0), 6
    columns, rows = (int(side) + 2 * margin for side in every.max(axis=0) - corner)
    mask = np.zeros((rows, columns), np.uint8)
    for line in lines:
        cv2.polylines(mask, [np.round(line - corner + margin).astype(np.int32)], False, 1, 3)
    return trace_of(mask, find_middle(mask)[1], PER_MM)


def measure_search(stored: int, seed: int) -> None:
    """Print what it costs to look for a trace among many kept ones, in a database of its own."""
    random = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/traces.sqlite3")
        prepare_schema(engine)
        database = Database(engine)
        with database.transaction() as session:
            _fill(session, stored, random)
        rows = [_row_of(trace, 10**9) for _ in range(30) if (trace := drawn_trace(random)) is not None]
        seconds = []
        for row in rows:
            row.id, row.case_number, row.document = 10**9, "", "9999-9999-9999-9999"
            with database.reading() as session:
                began = time.process_time()
                find_same(session, row)
                seconds.append(time.process_time() - began)
        engine.dispose()
        size = sum(each.stat().st_size for each in Path(folder).iterdir())
    print(
        f"{stored} kept: {1000 * float(np.median(seconds)):.0f} ms CPU to look for one (longest "
        f"{1000 * max(seconds):.0f} ms), {size / stored:.0f} bytes each"
    )


def _row_of(trace: Trace, place: int) -> SignatureTraceRow:
    return SignatureTraceRow(**_values_of(trace, place))


def _values_of(trace: Trace, place: int) -> dict[str, object]:
    return {
        "case_number": "T-1",
        "page_id": place,
        "document": f"{place:019d}",
        "form": "employer-request",
        "edition": "2026-12",
        "field": "representative_signature",
        "slender": round(trace.slender * 1000),
        "sketch": sketch_of(trace),
        "trace": encode_trace(trace),
        "made_at": _NOW,
    }


def _fill(session: Session, stored: int, random: np.random.Generator) -> None:
    """Drawn traces, each kept a few times over moved a little: drawing is what takes long."""
    session.add(BlobRow(sha256="0" * 64, size=1, media_type="image/webp", stored_at=_NOW))
    session.add(_a_case())
    session.flush()
    place = 0
    while place < stored:
        drawn = [trace for _ in range(_AT_ONCE // 10) if (trace := drawn_trace(random)) is not None]
        some = [trace for trace in drawn for _ in range(10)][: stored - place]
        pages = [_a_page(place + number) for number in range(1, len(some) + 1)]
        session.execute(insert(DocumentRow), pages)
        session.execute(
            insert(SignatureTraceRow),
            [_jittered(_values_of(trace, place + number), random) for number, trace in enumerate(some, 1)],
        )
        place += len(some)


def _jittered(values: dict[str, object], random: np.random.Generator) -> dict[str, object]:
    slender = values["slender"]
    assert isinstance(slender, int)
    return values | {"slender": slender + int(random.integers(-60, 61))}


def _a_case() -> CaseRow:
    return CaseRow(
        number="T-1",
        office="Quito",
        state="archived",
        version=1,
        received_at=_NOW,
        received_by="banco",
        answers={},
        idempotency_key=None,
    )


def _a_page(place: int) -> dict[str, object]:
    return {
        "id": place,
        "case_number": "T-1",
        "kind": "page-straight",
        "name": str(place),
        "sha256": "0" * 64,
        "media_type": "image/webp",
        "made_at": _NOW,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=3, help="names of each person, up to 10")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--severity", choices=[severity.value for severity in SEVERITIES])
    parser.add_argument("--stored", type=int, default=20_000, help="traces that are searched; 0 for none")
    options = parser.parse_args()
    chosen = [each for each in SEVERITIES if options.severity in {None, each.value}]
    print(" " * 10 + f"{'the same picture on two papers':>28}{'signed again':>24}{'and stamped':>20}")
    print("           names  traced  alike  found    pairs alike  likest    pairs alike  told")
    for severity in chosen:
        measure(severity, options.each, options.seed)
    if options.stored:
        measure_search(options.stored, options.seed)


if __name__ == "__main__":
    main()
