"""Is one forged sign caught? A digit of the RUC or of the person's number, or a letter or digit of running
text, is changed in one of the ways of ``bench.forging``, or a sign is added to a text, and the paper is
scanned. A scan whose document the reader cannot name counts as unread.

    python -m bench.alteration [--forged 100] [--text 100] [--honest 200] [--seed 7] [--severity moderate]
"""

from __future__ import annotations

import argparse
from collections import Counter

import numpy as np

from bench.forging import FORGERS, Forger, add_sign, forge_text, room_after
from bench.material import knowing, random_paper, random_scan
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
        there = paper.values.keys() if forge is forge_text else digits
        if forge is add_sign:
            there = {name for name in paper.values if room_after(paper, name) is not None}
        name = str(random.choice([target for target in targets if target in there]))
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
    added = measure_forgeries(options.text, (options.seed, 4), PROSE_TARGETS, add_sign, severity)
    print(f"signs added by pen to texts on {options.text} {severity.value} scans: {dict(added)}")
    alarms = measure_alarms(options.honest, (options.seed, 2), severity)
    print(f"honest numbers on {options.honest} {severity.value} scans: {dict(alarms)}")


if __name__ == "__main__":
    main()
