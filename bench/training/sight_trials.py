"""What the second look at signature boxes says of boxes that it did not learn from, by kind.

    python -m bench.training.sight_trials FILE

counts what a file of boxes, kept by ``bench.training.signatures``, comes to with the model that is there.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.material import EDITIONS
from bench.training.signature_boxes import Boxes, ink_of
from intake.network import Network
from intake.signature_sight import Sight, area_of, chances_of, network_in, printed_ink, reconsidered

Chances = NDArray[np.float64]
_BATCH: Final = 64
_WRONG: Final = 0.002
"""Share of the boxes that a bound lets pass which may be wrong."""


def chances_in(network: Network, boxes: Boxes) -> Chances:
    """The chance of each of ``SIGHTS``, for every box."""
    prints = np.stack(
        [printed_ink(edition, 1, area_of(edition.signature_fields[0].box)) for edition in EDITIONS]
    )
    parts = []
    for start in range(0, len(boxes.labels), _BATCH):
        some = slice(start, start + _BATCH)
        pictures = np.stack((ink_of(boxes.seen[some]), prints[boxes.editions[some]]), axis=-1)
        parts.append(chances_of(network, pictures))
    return np.concatenate(parts)


def bounds_of(boxes: Boxes, chances: Chances) -> tuple[float, float]:
    """The least chances of a name, and of nothing on a scan with greys, from which at most a small share of
    the boxes that the rules doubted is wrong.
    """
    asked = (boxes.states == "doubtful") & (boxes.labels >= 0)
    grey = asked & ~boxes.two_levels
    return (
        _bound(chances[asked, 1], boxes.labels[asked] == 1),
        _bound(chances[grey, 0], boxes.labels[grey] == 0),
    )


def _bound(chances: Chances, right: NDArray[np.bool_]) -> float:
    order = np.argsort(-chances)
    wrong = np.cumsum(~right[order])
    allowed = np.flatnonzero(wrong <= _WRONG * np.arange(1, len(order) + 1))
    return float(chances[order[allowed[-1]]]) if len(allowed) else 1.0


def print_outcomes(title: str, boxes: Boxes, chances: Chances) -> None:
    """For each kind the boxes of fair and of poor scans, their states by the rules and after a second look,
    as though any absence were provable on scans with greys.
    """
    print(f"{title}: kind, boxes, present/doubtful/absent by the rules and after a second look")
    for scans, chosen in (("fair", ~boxes.poor), ("poor", boxes.poor)):
        for kind in sorted(set(boxes.kinds.tolist())):
            _print_kind(f"{scans} {kind}", (boxes.kinds == kind) & chosen, boxes, chances)


def _print_kind(title: str, own: NDArray[np.bool_], boxes: Boxes, chances: Chances) -> None:
    before = boxes.states[own].tolist()
    after = [
        reconsidered(state, Sight(name, nothing), provable=not levels, poor=poor)
        for state, (nothing, name, _), levels, poor in zip(
            before, chances[own], boxes.two_levels[own], boxes.poor[own], strict=True
        )
    ]
    counts = [
        "/".join(str(states.count(state)) for state in ("present", "doubtful", "absent"))
        for states in (before, after)
    ]
    print(f"  {title:27} {len(before):6} {counts[0]:>16} {counts[1]:>16}")


def main() -> None:
    with np.load(Path(sys.argv[1]), allow_pickle=False) as file:
        boxes = Boxes(**{name: file[name] for name in file.files})
    model = Path(__file__).resolve().parents[2] / "intake" / "signature_sight.npz"
    chances = chances_in(network_in(model.read_bytes()), boxes)
    print(f"bounds for a share of {_WRONG} wrong: {bounds_of(boxes, chances)}")
    print_outcomes(sys.argv[1], boxes, chances)


if __name__ == "__main__":
    main()
