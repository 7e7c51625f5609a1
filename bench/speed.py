"""How fast pages are drawn and read, beside what others need for the same page in the same run.

Drawing: sealed requests with fresh values, embedded fonts, against a plain reportlab canvas that writes
the same text. Reading: a sealed 300 dpi grey JPEG in a warm process, CPU time, against the ``tesseract``
command on the same page (where it is installed).

    python -m bench.speed [--pages 300] [--reads 40]
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from datetime import date
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from reportlab.pdfgen.canvas import Canvas

from bench.material import EDITIONS, KEY, KEYS, random_paper, random_values
from forms.geometry import POINT
from forms.layout import printed_runs
from forms.model import Edition, Values
from forms.numbers import RANDOM_BYTES, number_from_entropy
from generators.pages import draw_sealed
from generators.paper.scanning import Scanner, scan
from generators.template import Pen, draw_fixed_parts
from generators.typefaces import VALUE_FACE, register_faces
from intake.limits import Limits
from intake.opening import open_file
from intake.pages import ReadingContext, read_page
from intake.threads import use_one_thread


def draw_plainly(edition: Edition, values: Values) -> bytes:
    """The peer: the whole page by a reportlab canvas each time, without any symbol."""
    register_faces()
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(edition.width / POINT, edition.height / POINT), invariant=1)
    draw_fixed_parts(Pen(canvas, edition.height), edition, 1)
    for run in printed_runs(edition, values):
        canvas.setFont(VALUE_FACE, run.size)
        canvas.drawString(run.x / POINT, (edition.height - run.baseline) / POINT, run.text)
    canvas.save()
    return buffer.getvalue()


def measure_drawing(pages: int) -> None:
    random = np.random.default_rng(1)
    edition = EDITIONS[0]
    values = [random_values(edition, random) for _ in range(pages)]
    numbers = [number_from_entropy(random.bytes(RANDOM_BYTES)) for _ in values]
    draw_sealed(edition, values[0], document=numbers[0], issued=date(2026, 12, 1), key=KEY)
    began = time.process_time()
    for value, number in zip(values, numbers, strict=True):
        draw_sealed(edition, value, document=number, issued=date(2026, 12, 1), key=KEY)
    ours = pages / (time.process_time() - began)
    few = max(10, pages // 10)
    began = time.process_time()
    for value in values[:few]:
        draw_plainly(edition, value)
    plain = few / (time.process_time() - began)
    print(f"drawing: ours {ours:.0f} sealed pages/s, plain reportlab {plain:.0f} unsealed pages/s, "
          f"ratio {ours / plain:.1f}")  # fmt: skip


def measure_reading(reads: int) -> None:
    use_one_thread()
    random = np.random.default_rng(2)
    context = ReadingContext(KEYS)
    pages: list[bytes] = []
    for _ in range(8):
        paper = random_paper(random, EDITIONS[0], unsigned=0.0)
        image = scan(paper.sheet, Scanner(dpi=300, rotation_deg=float(random.uniform(-2, 2))), random)
        pages.append(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes())
    times: list[float] = []
    decoding: list[float] = []
    for place in range(reads + len(pages)):
        data = pages[place % len(pages)]
        began = time.process_time()
        cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
        decoding.append(1000 * (time.process_time() - began))
        began = time.process_time()
        (opened,) = open_file(data, "page.jpg", Limits())[1]
        if opened.image is None or read_page(opened.image, context).identity is None:
            raise RuntimeError("a clean page was not read")
        if place >= len(pages):
            times.append(1000 * (time.process_time() - began))
    ours = statistics.median(times)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    late = sorted(times)[int(0.95 * reads)]
    floor = statistics.median(decoding)
    print(f"reading: ours median {ours:.0f} ms CPU a page (of {reads}), p95 {late:.0f}, peak {peak} MB; "
          f"decoding the JPEG alone {floor:.1f}, ratio {ours / floor:.1f}")  # fmt: skip
    peer = measure_tesseract(pages[0])
    if peer is None:
        print("reading: tesseract is not installed here (apt install tesseract-ocr tesseract-ocr-spa)")
    else:
        print(f"reading: tesseract {peer:.0f} ms CPU on the same page, ratio {peer / ours:.0f}")


def measure_tesseract(page: bytes) -> float | None:
    """CPU ms of the ``tesseract`` command on the page, one thread; nothing when it is not installed."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.jpg"
        path.write_bytes(page)
        listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)
        language = "spa" if "spa" in listed.stdout else "eng"
        environment = os.environ | {"OMP_THREAD_LIMIT": "1"}
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [program, str(path), "-", "-l", language], env=environment, capture_output=True, check=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--reads", type=int, default=40)
    options = parser.parse_args()
    measure_drawing(options.pages)
    measure_reading(options.reads)


if __name__ == "__main__":
    main()
