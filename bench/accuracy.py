"""How well scans are read: exact values, signature states, and above all no wrong value accepted.

python -m bench.accuracy [--easy 200] [--all 500] [--seed 1]
"""

from __future__ import annotations

import argparse
import time
from collections import Counter

import numpy as np

from bench.material import KEYS, random_paper, random_scan
from generators.paper.severity import Severity
from intake.pages import PageResult, ReadingContext, read_page


def examine(result: PageResult, values: dict[str, str], signed: bool) -> Counter[str]:
    """What of one page was right, doubtful and wrong."""
    tally: Counter[str] = Counter(pages=1)
    if result.identity is None:
        tally["unidentified"] += 1
        return tally
    right = all(found.value == values.get(name, "") for name, found in result.fields.items())
    complete = set(values) <= set(result.fields)
    tally["exact"] += right and complete
    for name, found in result.fields.items():
        tally["values"] += 1
        wrong = found.value != values.get(name, "")
        tally[found.state] += 1
        tally["wrong accepted"] += wrong and found.state in {"confirmed", "read"}
        tally["wrong asked"] += wrong and found.state == "doubtful"
    for found_signature in result.signatures.values():
        tally[f"signature {found_signature.state}"] += 1
        truth = "present" if signed else "absent"
        tally["signature right"] += found_signature.state == truth
        tally["signature wrong"] += found_signature.state not in {truth, "doubtful"}
    return tally


def run(severities: list[Severity], count: int, seed: int, verbose: bool = False) -> Counter[str]:
    """Read ``count`` fresh scans of the given severities in turn."""
    context = ReadingContext(KEYS)
    total: Counter[str] = Counter()
    for place in range(count):
        random = np.random.default_rng((seed, place))
        severity = severities[place % len(severities)]
        paper = random_paper(random)
        image = random_scan(paper, severity, random)
        began = time.process_time()
        result = read_page(image, context)
        total["cpu ms"] += round(1000 * (time.process_time() - began))
        tally = examine(result, paper.values, paper.signed)
        total += tally
        if verbose and (
            not tally["exact"] or tally["signature wrong"] or tally["wrong accepted"] or tally["altered"]
        ):
            odd = {n: (f.state, f.value, f.seen) for n, f in result.fields.items() if f.state != "confirmed"}
            print(place, severity.value, image.shape, dict(tally), odd, [p.code for p in result.problems][:3])
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--easy", type=int, default=200)
    parser.add_argument("--all", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    easy = run([Severity.CLEAN, Severity.MODERATE], options.easy, options.seed, options.verbose)
    print(f"clean to moderate: {dict(easy)}")
    print(f"  exact pages {easy['exact']}/{easy['pages']}, altered {easy['altered']}")
    print(f"  signature right {easy['signature right']}/{easy['pages']}, wrong {easy['signature wrong']}")
    print(f"  wrong accepted {easy['wrong accepted']}, doubtful {easy['doubtful']}/{easy['values']} values")
    every = run(list(Severity), options.all, options.seed + 1, options.verbose)
    print(f"any severity: {dict(every)}")
    print(f"  wrong accepted {every['wrong accepted']} of {every['values']} values on {every['pages']} scans")
    print(f"  no page of ours recognised on {every['unidentified']} scans")


if __name__ == "__main__":
    main()
