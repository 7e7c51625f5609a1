"""Reading under each kind of damage: exact, doubtful and wrong values, signatures, time, memory, and peers.

The corpus is made from a seed: fresh values, printed, signed or not, damaged, scanned. The same files go to
``tesseract`` and ``ocrmypdf`` in the same run. ``--report`` writes a page with pictures of the worst ten.

    python -m bench.reading [--pages 12] [--seed 1] [--augraphy 6] [--peers 2] [--report FOLDER]
        [--without-records]
"""

from __future__ import annotations

import argparse
import base64
import html
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from bench.damages import KINDS, ROOT, augraphy_pages
from bench.material import EDITIONS, KEY, KEYS, Paper, knowing, random_paper
from bench.peers import ocrmypdf_ms, tesseract_ms
from generators.paper.damage import curl
from generators.paper.scanning import Scanner, scan
from intake.alignment import Grey
from intake.limits import Limits
from intake.opening import open_file
from intake.overlay import draw_overlay
from intake.pages import PageResult, ReadingContext, read_page
from intake.threads import use_one_thread

HEADS: Final = (
    ("kind of damage", 28),
    ("pages", 6),
    ("exact", 7),
    ("no question", 12),
    ("unknown", 8),
    ("values", 7),
    ("doubtful", 9),
    ("altered", 8),
    ("wrong", 6),
    ("sign. missed", 13),
    ("sign. false", 12),
    ("sign. doubt", 12),
    ("ms median", 10),
    ("p95", 6),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one page: tallies, CPU ms with the decoding, and what is needed to show it."""

    kind: str
    tally: Counter[str]
    milliseconds: float
    data: bytes
    result: PageResult

    @property
    def badness(self) -> tuple[int, ...]:
        """How bad it is: wrong values first, then false accusations, signatures, unknown pages, doubts."""
        names = ("wrong", "altered", "signature wrong", "unknown", "doubtful")
        return tuple(self.tally[name] for name in names)


def make_scans(pages: int, seed: int, augraphy: int) -> Iterator[tuple[str, Paper, Grey]]:
    """Every kind with its papers, each from the seed, the kind and its number alone."""
    for place, (name, kind) in enumerate(KINDS.items()):
        for number in range(pages):
            random = np.random.default_rng((seed, place, number))
            paper = random_paper(random, EDITIONS[number % len(EDITIONS)], unsigned=0.25)
            yield name, paper, kind.apply(paper, random)
    papers, scans = [], []
    for number in range(augraphy):
        random = np.random.default_rng((seed, len(KINDS), number))
        papers.append(random_paper(random, EDITIONS[number % len(EDITIONS)], unsigned=0.25))
        scans.append(scan(papers[-1].sheet, Scanner(dpi=200, noise_sigma=1.0), random))
    treated = augraphy_pages(scans, seed) if augraphy else []
    if treated is None:
        print("augraphy is not set up here (make setup-bench): its kind is left out")
        return
    for paper, image in zip(papers, treated, strict=True):
        yield "augraphy", paper, image


def examine(paper: Paper, result: PageResult) -> Counter[str]:
    """What of a page was right, doubtful and wrong, against what was printed and whether it was signed."""
    tally: Counter[str] = Counter(pages=1)
    if result.identity is None or not result.fields:
        return tally | Counter(unknown=1)
    for name, found in result.fields.items():
        right = found.value == paper.values.get(name, "")
        tally["values"] += 1
        tally["exact values"] += right
        tally[found.state] += 1
        tally["wrong"] += not right and found.state in {"confirmed", "read"}
    whole = set(paper.values) <= set(result.fields)
    tally["exact"] += whole and tally["exact values"] == tally["values"]
    truth = "present" if paper.signed else "absent"
    for signature in result.signatures.values():
        tally["signature missed"] += paper.signed and signature.state == "absent"
        tally["signature false"] += not paper.signed and signature.state == "present"
        tally["signature doubtful"] += signature.state == "doubtful"
        tally["signature wrong"] += signature.state not in {truth, "doubtful"}
    asks = tally["doubtful"] + tally["altered"] + tally["missing"] + tally["signature doubtful"]
    tally["no question"] += whole and not asks
    return tally


def read_scan(kind: str, paper: Paper, image: Grey, context: ReadingContext) -> Outcome:
    """One scan as a JPEG file, decoded and read; CPU time of both."""
    data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()
    began = time.process_time()
    (opened,) = open_file(data, "page.jpg", Limits())[1]
    result = PageResult(None) if opened.image is None else read_page(opened.image, context)
    spent = 1000 * (time.process_time() - began)
    return Outcome(kind, examine(paper, result), spent, data, result)


def print_table(outcomes: Sequence[Outcome]) -> None:
    print("  ".join(name.rjust(width) for name, width in HEADS))
    for kind in [*dict.fromkeys(outcome.kind for outcome in outcomes), "all"]:
        of_kind = [outcome for outcome in outcomes if kind in {outcome.kind, "all"}]
        tally: Counter[str] = Counter()
        for outcome in of_kind:
            tally.update(outcome.tally)
        times = sorted(outcome.milliseconds for outcome in of_kind)
        cells = (
            kind,
            *(str(tally[name]) for name in ("pages", "exact", "no question", "unknown", "values")),
            *(str(tally[name]) for name in ("doubtful", "altered", "wrong")),
            *(str(tally[f"signature {name}"]) for name in ("missed", "false", "doubtful")),
            f"{statistics.median(times):.0f}",
            f"{times[int(0.95 * (len(times) - 1))]:.0f}",
        )
        print("  ".join(cell.rjust(width) for cell, (_, width) in zip(cells, HEADS, strict=True)))


def print_peers(outcomes: Sequence[Outcome], count: int) -> None:
    """The same files to the other readers, and the ratio of CPU time."""
    pages = [outcome for outcome in outcomes if outcome.kind == "office scanner"]
    ours = statistics.median(outcome.milliseconds for outcome in pages)
    del pages[count:]  # the others take seconds a page
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{place}.jpg" for place in range(len(pages))]
        for path, outcome in zip(paths, pages, strict=True):
            path.write_bytes(outcome.data)
        for name, times in (
            ("tesseract", [tesseract_ms(path) for path in paths]),
            (
                "ocrmypdf",
                [ocrmypdf_ms(path, outcome.result.dpi) for path, outcome in zip(paths, pages, strict=True)],
            ),
        ):
            known = [spent for spent in times if spent is not None]
            if len(known) < len(times):
                print(f"{name}: not installed here (make setup-bench; apt install tesseract-ocr)")
                continue
            peer = statistics.median(known)
            print(f"{name}: {peer:.0f} ms CPU on the same files, ours {ours:.0f}: ratio {peer / ours:.0f}")


def peak_memory(colour_dpi: int | None, *, hard: bool = False) -> int:
    """Peak MB of a fresh process that reads one sealed page: 300 dpi grey, or colour at ``colour_dpi``.

    A ``hard`` page curls and is not signed: its bend is sought, and a signature all over its foot.
    """
    random = np.random.default_rng(9)
    sheet = random_paper(random, EDITIONS[0], unsigned=1.0 if hard else 0.0).sheet
    sheet = curl(sheet, random, reach=1.2) if hard else sheet
    image = scan(sheet, Scanner(dpi=colour_dpi or 300), random)
    shown = image if colour_dpi is None else cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    with tempfile.TemporaryDirectory() as folder:
        path, key = Path(folder) / "page.jpg", KEY.private.public_key().public_bytes_raw()
        cv2.imwrite(str(path), shown, [cv2.IMWRITE_JPEG_QUALITY, 85])
        command = [sys.executable, "-m", "bench.memory", str(path), key.hex()]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    return int(told.stdout)


def write_report(outcomes: Sequence[Outcome], folder: Path) -> None:
    """A page with the ten worst scans: the scan, the evidence of its reading, and what was said of it."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = ["<!doctype html><meta charset=utf-8><title>The worst ten</title><h1>The worst ten</h1>"]
    for outcome in sorted(outcomes, key=lambda each: each.badness, reverse=True)[:10]:
        image = cv2.imdecode(np.frombuffer(outcome.data, np.uint8), cv2.IMREAD_GRAYSCALE)
        pictures = [np.asarray(image, np.uint8)]
        overlay = draw_overlay(pictures[0], outcome.result)
        shown = "".join(map(_inline, [*pictures, *([] if overlay is None else [overlay])]))
        said = html.escape(", ".join(f"{name} {count}" for name, count in outcome.tally.items() if count))
        parts.append(f"<h2>{html.escape(outcome.kind)}</h2><p>{said}</p>{shown}")
    (folder / "worst.html").write_text("\n".join(parts), "utf-8")
    print(f"report: {folder / 'worst.html'}")


def _inline(picture: np.ndarray) -> str:
    scale = 700 / picture.shape[0]
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    data = cv2.imencode(".webp", small, [cv2.IMWRITE_WEBP_QUALITY, 70])[1].tobytes()
    return f'<img height=700 src="data:image/webp;base64,{base64.b64encode(data).decode()}">'


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=12, help="scans of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--augraphy", type=int, default=6, help="scans treated by augraphy")
    parser.add_argument("--peers", type=int, default=2, help="pages given to the other readers")
    parser.add_argument("--report", type=Path)
    parser.add_argument("--without-records", action="store_true", help="as a reader who issued nothing")
    options = parser.parse_args()
    use_one_thread()
    context = ReadingContext(KEYS)
    for place in range(4 * len(EDITIONS)):  # pictures of glyphs are made once and kept: a warm process
        random = np.random.default_rng(place)
        paper = random_paper(random, EDITIONS[place % len(EDITIONS)])
        read_scan("", paper, KINDS["office scanner"].apply(paper, random), context)
    outcomes = [
        read_scan(kind, paper, image, context if options.without_records else knowing(paper))
        for kind, paper, image in make_scans(options.pages, options.seed, options.augraphy)
    ]
    print_table(outcomes)
    if options.peers:
        print_peers(outcomes, options.peers)
    for what, hard in (("a sealed page", False), ("one that curls and is not signed", True)):
        grey, colour = peak_memory(None, hard=hard), peak_memory(600, hard=hard)
        print(f"memory: at its peak {grey} MB on {what}, 300 dpi grey, {colour} MB on 600 dpi colour")
    if options.report is not None:
        write_report(outcomes, options.report)


if __name__ == "__main__":
    main()
