"""Is one forged sign caught? A digit of the RUC or of the person's number, or a letter or digit of running
text, is replaced by another, printed in the same font at the same place, and the paper is scanned. A scan
whose document the reader cannot name counts as unread.

    python -m bench.alteration [--forged 100] [--text 100] [--honest 200] [--seed 7] [--severity moderate]
"""

from __future__ import annotations

import argparse
import dataclasses
from collections import Counter
from collections.abc import Callable

import numpy as np

from bench.material import ISSUED, KEY, Paper, knowing, random_paper, random_scan
from forms.geometry import Box
from forms.layout import comb_pitch
from forms.numbers import RANDOM_BYTES, number_from_entropy
from generators.pages import draw_sealed
from generators.paper.severity import Severity
from generators.paper.sheets import Sheet, print_page
from intake.pages import PageResult, read_page
from intake.threads import use_one_thread

TARGETS = ("ruc", "representative_id", "grantor_id", "authorized_id")
PROSE_TARGETS = (
    "petition",
    "representative_name",
    "grantor_name",
    "business_name",
    "sheet_number",
    "procedure",
    "phone",
    "email",
)
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def forge_digit(paper: Paper, field_name: str, random: np.random.Generator) -> tuple[Paper, str]:
    """The paper with one digit of a comb replaced by another, and the value that it now shows."""
    value = paper.values[field_name]
    places = [place for place, sign in enumerate(value) if sign.isdigit()]
    place = int(random.choice(places))
    digit = str(random.choice([d for d in "0123456789" if d != value[place]]))
    forged = value[:place] + digit + value[place + 1 :]
    reprint = _reprint(paper, field_name, forged, random)
    field = paper.edition.field(field_name)
    pitch = (comb_pitch(field) or (0, 0.0))[1]
    cell = Box(field.box.x + place * pitch + 0.5, field.box.y + 0.5, pitch - 1.0, field.box.height - 1.0)
    image = paper.sheet.image.copy()
    image[paper.sheet.area(cell)] = reprint.image[reprint.area(cell)]
    return dataclasses.replace(paper, sheet=paper.sheet.showing(image)), forged


def forge_text(paper: Paper, field_name: str, random: np.random.Generator) -> tuple[Paper, str]:
    """The paper with one letter or digit of a text replaced by another of its kind."""
    value = paper.values[field_name]
    place = int(random.choice([place for place, sign in enumerate(value) if sign.isalnum()]))
    signs = "0123456789" if value[place].isdigit() else LETTERS
    sign = str(random.choice([other for other in signs if other != value[place]]))
    forged = value[:place] + sign + value[place + 1 :]
    reprint = _reprint(paper, field_name, forged, random)
    image = paper.sheet.image.copy()
    area = paper.sheet.area(paper.edition.field(field_name).box)
    image[area] = reprint.image[area]
    return dataclasses.replace(paper, sheet=paper.sheet.showing(image)), forged


def _reprint(paper: Paper, field_name: str, value: str, random: np.random.Generator) -> Sheet:
    """The same form printed with another value: where the forger takes the patch from."""
    number = number_from_entropy(random.bytes(RANDOM_BYTES))
    values = paper.values | {field_name: value}
    return print_page(draw_sealed(paper.edition, values, document=number, issued=ISSUED, key=KEY).pdf)


def verdict(result: PageResult, field_name: str) -> str:
    """What the reader said of one field: its state, or that it gave none."""
    if result.identity is None or field_name not in result.fields:
        return "unread"
    return result.fields[field_name].state


Forger = Callable[[Paper, str, np.random.Generator], tuple[Paper, str]]


def measure_forgeries(
    count: int, seed: tuple[int, int], targets: tuple[str, ...], forge: Forger, severity: Severity
) -> Counter[str]:
    """What the reader says of ``count`` forged values, each on a fresh paper; what it missed is printed."""
    said_of = Counter[str]()
    for place in range(count):
        random = np.random.default_rng((*seed, place))
        paper = random_paper(random, unsigned=0.0)
        # A foreigner's code may have no digit to forge.
        digits = {name for name, value in paper.values.items() if any(sign.isdigit() for sign in value)}
        there = digits if forge is forge_digit else paper.values.keys()
        name = str(random.choice([target for target in targets if target in there]))
        forged, shown = forge(paper, name, random)
        result = read_page(random_scan(forged, severity, random), knowing(paper))
        said = verdict(result, name)
        if said == "altered" and result.fields[name].seen != shown:
            said = "altered, seen otherwise"
        said_of[said] += 1
        if said != "altered":
            print("  forged", place, name, paper.values[name], shown, said)
    return said_of


def measure_alarms(count: int, seed: tuple[int, int], severity: Severity) -> Counter[str]:
    """What the reader says of honest numbers; anything but confirmed is printed."""
    said_of = Counter[str]()
    for place in range(count):
        random = np.random.default_rng((*seed, place))
        paper = random_paper(random, unsigned=0.0)
        result = read_page(random_scan(paper, severity, random), knowing(paper))
        for name in (target for target in TARGETS if target in paper.values):
            said = verdict(result, name)
            said_of[said] += 1
            if said != "confirmed":
                print("  honest", place, name, paper.values[name], said)
    return said_of


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forged", type=int, default=100)
    parser.add_argument("--text", type=int, default=100)
    parser.add_argument("--honest", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--severity", type=Severity, default=Severity.MODERATE, metavar="{clean,moderate,harsh,extreme}"
    )
    options = parser.parse_args()
    use_one_thread()
    severity = options.severity
    digits = measure_forgeries(options.forged, (options.seed, 1), TARGETS, forge_digit, severity)
    print(f"forged digits on {options.forged} {severity.value} scans: {dict(digits)}")
    texts = measure_forgeries(options.text, (options.seed, 3), PROSE_TARGETS, forge_text, severity)
    print(f"forged letters on {options.text} {severity.value} scans: {dict(texts)}")
    alarms = measure_alarms(options.honest, (options.seed, 2), severity)
    print(f"honest numbers on {options.honest} {severity.value} scans: {dict(alarms)}")


if __name__ == "__main__":
    main()
