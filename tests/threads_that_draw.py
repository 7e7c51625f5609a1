"""Draws all templates in threads that begin together, as a service's first visitors do, and writes how many
different results there were. Run in a process of its own: only one that has drawn nothing yet shows whether
the first drawings disturb each other.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from threading import Barrier

from forms.register import all_forms
from generators.template import draw_template

THREADS = 8


def main() -> None:
    sys.setswitchinterval(1e-6)
    together = Barrier(THREADS)
    editions = [form.current for form in all_forms()]

    def draw(_place: int) -> str:
        together.wait()
        return sha256(b"".join(draw_template(edition).pdf for edition in editions)).hexdigest()

    with ThreadPoolExecutor(THREADS) as threads:
        sys.stdout.write(f"{len(set(threads.map(draw, range(THREADS))))}\n")


if __name__ == "__main__":
    main()
