"""Is one forged digit caught? A digit of the RUC or of the person's number is replaced by another,
printed in the same font at the same place, and the paper is scanned at moderate severity.

    python -m bench.alteration [--forged 100] [--honest 200] [--seed 7]
"""

from __future__ import annotations

import argparse
import dataclasses
from datetime import date

import numpy as np

from bench.material import KEY, KEYS, Paper, random_paper, random_scan
from forms.geometry import Box
from forms.layout import comb_pitch
from forms.numbers import RANDOM_BYTES, number_from_entropy
from generators.pages import draw_sealed
from generators.paper.severity import Severity
from generators.paper.sheets import Sheet, print_page
from intake.pages import PageResult, ReadingContext, read_page

TARGETS = ("ruc", "representative_id", "grantor_id", "authorized_id")


def forge_digit(paper: Paper, field_name: str, random: np.random.Generator) -> tuple[Paper, str]:
    """The paper with one digit of a comb replaced by another, and the value that it now shows."""
    value = paper.values[field_name]
    places = [place for place, sign in enumerate(value) if sign.isdigit()]
    place = int(random.choice(places))
    digit = str(random.choice([d for d in "0123456789" if d != value[place]]))
    forged = value[:place] + digit + value[place + 1 :]
    number = number_from_entropy(random.bytes(RANDOM_BYTES))
    issued = dataclasses.replace(paper).values | {field_name: forged}
    reprint = print_page(draw_sealed(paper.edition, issued, document=number, issued=_day(), key=KEY).pdf)
    field = paper.edition.field(field_name)
    pitch = (comb_pitch(field) or (0, 0.0))[1]
    cell = Box(field.box.x + place * pitch + 0.5, field.box.y + 0.5, pitch - 1.0, field.box.height - 1.0)
    image = paper.sheet.image.copy()
    image[paper.sheet.area(cell)] = reprint.image[reprint.area(cell)]
    return dataclasses.replace(paper, sheet=Sheet(image)), forged


def _day() -> date:
    return date(2026, 12, 1)


def verdict(result: PageResult, field_name: str) -> str:
    """What the reader said of one field: its state, or that it gave none."""
    if result.identity is None or field_name not in result.fields:
        return "unread"
    return result.fields[field_name].state


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forged", type=int, default=100)
    parser.add_argument("--honest", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    context = ReadingContext(KEYS)
    caught: dict[str, int] = {}
    for place in range(options.forged):
        random = np.random.default_rng((options.seed, 1, place))
        paper = random_paper(random, unsigned=0.0)
        name = str(random.choice([target for target in TARGETS if target in paper.values]))
        forged, shown = forge_digit(paper, name, random)
        result = read_page(random_scan(forged, Severity.MODERATE, random), context)
        said = verdict(result, name)
        if said == "altered" and result.fields[name].seen != shown:
            said = "altered, seen otherwise"
        caught[said] = caught.get(said, 0) + 1
        if said != "altered":
            print("  forged", place, name, paper.values[name], shown, said)
    print(f"forged digits on {options.forged} moderate scans: {caught}")
    alarms: dict[str, int] = {}
    for place in range(options.honest):
        random = np.random.default_rng((options.seed, 2, place))
        paper = random_paper(random, unsigned=0.0)
        result = read_page(random_scan(paper, Severity.MODERATE, random), context)
        for name in TARGETS:
            if name in paper.values:
                said = verdict(result, name)
                alarms[said] = alarms.get(said, 0) + 1
                if said != "confirmed":
                    print("  honest", place, name, paper.values[name], said)
    print(f"honest numbers on {options.honest} moderate scans: {alarms}")


if __name__ == "__main__":
    main()
