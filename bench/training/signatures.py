"""Teach the second look at signature boxes, find how sure it must be, and write its file: the same seed, the
same boxes, and on the same machine the same model.

Needs the public material (``VENTANILLA_TEST_DATA`` names its folder), half an hour of one core, and PyTorch,
which is in no lock file of this project, for nothing else needs it: ``pip install torch==2.13`` into a copy
of the environment, and there

    python -m bench.training.signatures [--pages 700] [--keep FOLDER]

``--keep`` stores the drawn boxes in a folder and takes them from there the next time.
"""

from __future__ import annotations

import argparse
import dataclasses
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

import intake.signature_sight
from bench.material import EDITIONS
from bench.training.sight_trials import bounds_of, chances_in, print_outcomes
from bench.training.signature_boxes import Boxes, Part, ink_of, make_boxes
from bench.training.torch_network import Shape, finished, new_learner
from intake.network import network_of
from intake.signature_sight import SIGHTS, area_of, printed_ink

MODEL: Final = Path(intake.signature_sight.__file__).with_name("signature_sight.npz")
SHAPES: Final = (
    Shape(16, 5, 3, False),
    Shape(24, 3, 2, False),
    Shape(40, 3, 1, True),
    Shape(48, 3, 1, True),
    Shape(56, 3, 2, False),
)
HIDDEN: Final = 32
_DROPPED: Final = 0.3
_BATCH: Final = 64
EPOCHS: Final = 8
_RATE: Final = 3e-3
_SEEDS: Final[dict[Part, int]] = {"training": 31, "calibration": 32, "test": 33}
_MOVES: Final = 8
"""Ways in which the pictures of one batch are moved."""


def pictures_of(boxes: Boxes, chosen: NDArray[np.int64]) -> Any:
    """The chosen boxes as a batch of seen and printed ink."""
    both = torch.stack((torch.from_numpy(ink_of(boxes.seen[chosen])), _prints()[boxes.editions[chosen]]), 1)
    return both.contiguous(memory_format=torch.channels_last)


@cache
def _prints() -> Any:
    """The print around the signature box of each edition."""
    grids = [(edition, area_of(edition.signature_fields[0].box)) for edition in EDITIONS]
    return torch.from_numpy(np.stack([printed_ink(edition, 1, grid) for edition, grid in grids]))


def varied(pictures: Any, rng: np.random.Generator) -> Any:
    """The batch mirrored, a mm aside, in another strength, with more noise: other views of the same boxes."""
    parts = []
    for part in pictures.chunk(_MOVES):
        right, down = (int(value) for value in rng.integers(-3, 4, 2))
        moved = torch.roll(part, (down, right), (2, 3))
        parts.append(moved.flip(3) if rng.random() < 0.5 else moved)
    both = torch.cat(parts)
    each = (len(both), 1, 1)
    strength = torch.from_numpy(rng.uniform(0.8, 1.2, each).astype(np.float32))
    noise = torch.from_numpy(rng.standard_normal(tuple(both[:, 0].shape), np.float32))
    noise *= torch.from_numpy(rng.uniform(0, 0.06, each).astype(np.float32))
    both[:, 0] = both[:, 0] * strength + noise
    return both


def teach(boxes: Boxes, epochs: int) -> dict[str, NDArray[Any]]:
    """The finished layers after that many passes over the boxes."""
    torch.manual_seed(5)
    torch.set_num_threads(1)
    rng = np.random.default_rng(6)
    learnt = np.flatnonzero(boxes.labels >= 0)
    labels = torch.from_numpy(boxes.labels)
    grid = area_of(EDITIONS[0].signature_fields[0].box)
    learner = new_learner(SHAPES, (2, grid.rows, grid.columns), HIDDEN, len(SIGHTS), _DROPPED)
    steps = len(learnt) // _BATCH
    optimiser = torch.optim.AdamW(learner.parameters(), lr=_RATE, weight_decay=1e-3)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=epochs * steps, pct_start=0.15)
    for epoch in range(epochs):
        order, losses = rng.permutation(learnt), []
        for start in range(0, steps * _BATCH, _BATCH):
            chosen = order[start : start + _BATCH]
            scores = learner(varied(pictures_of(boxes, chosen), rng))
            loss = torch.nn.functional.cross_entropy(scores, labels[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            rates.step()
            losses.append(float(loss.detach()))
        print(f"pass {epoch + 1} of {epochs}: loss {np.mean(losses):.4f}", flush=True)
    return finished(learner.eval(), SHAPES)


def kept_boxes(folder: Path | None, part: Part, pages: int) -> Boxes:
    """The boxes of a part, drawn anew or taken from where they were kept."""
    path = folder / f"{part}.npz" if folder else None
    if path and path.exists():
        with np.load(path, allow_pickle=False) as file:
            return Boxes(**{name: file[name] for name in file.files})
    boxes = make_boxes(part, pages, _SEEDS[part])
    if path:
        np.savez(
            path,
            allow_pickle=False,
            **{field.name: getattr(boxes, field.name) for field in dataclasses.fields(Boxes)},
        )
    return boxes


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=700)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--teach-only", action="store_true", help="leave out the calibration and the test")
    parser.add_argument("--out", type=Path, default=MODEL)
    options = parser.parse_args()
    # What is written is measured: half precision is part of the model.
    stored = teach(kept_boxes(options.keep, "training", options.pages), options.epochs)
    with options.out.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **stored)
    print(f"{options.out}: {options.out.stat().st_size} bytes")
    if options.teach_only:
        return
    network = network_of(stored)
    for part in ("calibration", "test"):
        boxes = kept_boxes(options.keep, part, options.pages * 3 // 10)
        chances = chances_in(network, boxes)
        if part == "calibration":
            print(f"bounds that it suggests (name, nothing): {bounds_of(boxes, chances)}")
        print_outcomes(part, boxes, chances)


if __name__ == "__main__":
    main()
