"""Is one forged value caught? A digit of the RUC or of the person's number is changed in one of the ways of
``bench.forging``, or running text is, and the paper is scanned. A scan whose document the reader cannot name
counts as unread.

    python -m bench.alteration [--forged 100] [--text 100] [--honest 200] [--seed 7] [--severity moderate]
"""

from __future__ import annotations

import argparse
from collections import Counter

import numpy as np

from bench.forging import (
    FORGERS,
    TEXT_FORGERS,
    Forger,
    add_sign,
    fade_word,
    forge_text,
    free_space,
    insert_word,
    room_after,
    write_in_free_space,
)
from bench.material import Paper, knowing, random_paper, random_scan
from generators.paper.severity import Severity
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


def verdict(result: PageResult, field_name: str) -> str:
    """What the reader said of one field: its state, or that it gave none."""
    if result.identity is None or field_name not in result.fields:
        return "unread"
    return result.fields[field_name].state


def _can_forge(paper: Paper, name: str, forge: Forger) -> bool:
    """Whether a value of a paper has what a forger needs."""
    value = paper.values[name]
    if forge is add_sign:
        return room_after(paper, name) is not None
    if forge is write_in_free_space:
        return free_space(paper, name) is not None
    if forge is insert_word:
        return " " in value.strip()
    # A foreigner's code may have no digit to forge.
    return forge in {forge_text, fade_word} or any(sign.isdigit() for sign in value)


def measure_forgeries(
    count: int, seed: tuple[int, int], targets: tuple[str, ...], forge: Forger, severity: Severity
) -> Counter[str]:
    """What the reader says of ``count`` forged values, each on a fresh paper; what it missed is printed."""
    said_of = Counter[str]()
    for place in range(count):
        random = np.random.default_rng((*seed, place))
        paper = random_paper(random, unsigned=0.0)
        there = {name for name in targets if name in paper.values and _can_forge(paper, name, forge)}
        if not there:
            continue
        name = str(random.choice(sorted(there)))
        forged, shown = forge(paper, name, random)
        result = read_page(random_scan(forged, severity, random), knowing(paper))
        said = verdict(result, name)
        if said == "altered" and shown and result.fields[name].seen != shown:
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
    for place, (way, forge) in enumerate(FORGERS.items()):
        digits = measure_forgeries(options.forged, (options.seed, 1 + 10 * place), TARGETS, forge, severity)
        print(f"digits {way} on {options.forged} {severity.value} scans: {dict(digits)}")
    texts = measure_forgeries(options.text, (options.seed, 3), PROSE_TARGETS, forge_text, severity)
    print(f"forged letters on {options.text} {severity.value} scans: {dict(texts)}")
    for place, (way, forge) in enumerate(TEXT_FORGERS.items()):
        changed = measure_forgeries(
            options.text, (options.seed, 4 + 10 * place), PROSE_TARGETS, forge, severity
        )
        print(f"texts, {way}, on {options.text} {severity.value} scans: {dict(changed)}")
    alarms = measure_alarms(options.honest, (options.seed, 2), severity)
    print(f"honest numbers on {options.honest} {severity.value} scans: {dict(alarms)}")


if __name__ == "__main__":
    main()
