"""Teach the second look at signature boxes, find how sure it must be, and write its file: the same seed, the
same boxes, and on the same machine the same model.

Needs the public material (``VENTANILLA_TEST_DATA`` names its folder), an hour and a half of one core, and
PyTorch, which is in no lock file of this project, for nothing else needs it: ``pip install torch==2.13`` into
a copy of the environment, and there

    python -m bench.training.signatures [--keep FOLDER]

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
from bench.training.signature_boxes import Boxes, Lot, Part, fair, ink_of, joined, make_boxes, worn
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
EPOCHS: Final = 12
_RATE: Final = 3e-3
_LOTS: Final[dict[Part, tuple[Lot, ...]]] = {
    "training": (*(worn(seed, 400) for seed in range(41, 45)), *(fair(seed, 400) for seed in (45, 46))),
    "calibration": (worn(32, 130), fair(52, 130)),
    "test": (worn(33, 130), fair(53, 130)),
}
_MOVES: Final = 8
"""Ways in which the pictures of one batch are moved."""
_BARE: Final = 0.08
"""Printed ink below which there is none: what is seen there was added."""


def pictures_of(boxes: Boxes, chosen: NDArray[np.int64]) -> Any:
    """The chosen boxes as a batch of seen and printed ink."""
    both = torch.stack((torch.from_numpy(ink_of(boxes.seen[chosen])), _prints()[boxes.editions[chosen]]), 1)
    return both.contiguous(memory_format=torch.channels_last)


@cache
def _prints() -> Any:
    """The print around the signature box of each edition."""
    grids = [(edition, area_of(edition.signature_fields[0].box)) for edition in EDITIONS]
    return torch.from_numpy(np.stack([printed_ink(edition, 1, grid) for edition, grid in grids]))


def varied(pictures: Any, empty: Any, rng: np.random.Generator) -> Any:
    """The batch as other pens and scanners would show it: mirrored, a mm aside, over what lies in the
    ``empty`` boxes, fainter, with grain, streaks and uneven light.
    """
    count = len(pictures)
    seen, printed = pictures[:, 0].clone(), pictures[:, 1].clone()
    over = _chosen(count, 0.2, rng)
    seen = torch.where(over, torch.maximum(seen, empty), seen)
    faint = torch.where(_chosen(count, 0.3, rng), _uniform(count, 0.3, 1.0, rng), torch.ones(count, 1, 1))
    seen = torch.where(printed < _BARE, seen * faint, seen)
    parts = []
    for part in torch.stack((seen, printed), 1).chunk(_MOVES):
        right, down = (int(value) for value in rng.integers(-3, 4, 2))
        moved = torch.roll(part, (down, right), (2, 3))
        parts.append(moved.flip(3) if rng.random() < 0.5 else moved)
    both = torch.cat(parts)
    rows, columns = both.shape[2:]
    both[:, 0] = both[:, 0] * _uniform(count, 0.8, 1.2, rng) + _grain(count, rows, columns, rng)
    both[:, 0] += _streaks(count, rows, rng)[:, :, None] + _streaks(count, columns, rng)[:, None, :]
    slope = torch.linspace(-1, 1, columns) * _uniform(count, -0.1, 0.1, rng)
    both[:, 0] += torch.where(_chosen(count, 0.3, rng), slope, torch.zeros(()))
    both[:, 0].clamp_(-0.3, 1.3)
    return both


def _uniform(count: int, least: float, most: float, rng: np.random.Generator) -> Any:
    return torch.from_numpy(rng.uniform(least, most, (count, 1, 1)).astype(np.float32))


def _chosen(count: int, share: float, rng: np.random.Generator) -> Any:
    return torch.from_numpy(rng.random((count, 1, 1)) < share)


def _grain(count: int, rows: int, columns: int, rng: np.random.Generator) -> Any:
    """Noise of each picture, fine or in blotches."""
    noise = torch.from_numpy(rng.standard_normal((count, rows, columns), np.float32))
    size = int(rng.choice((1, 1, 3, 5)))
    if size > 1:
        noise = torch.nn.functional.avg_pool2d(noise[:, None], size, 1, size // 2)[:, 0] * size
    return noise * _uniform(count, 0, 0.09, rng)


def _streaks(count: int, length: int, rng: np.random.Generator) -> Any:
    """Lines of darkness or light across some of the pictures, as rollers and dust on the glass leave."""
    lines = rng.random((count, length)) < 0.03
    lines &= rng.random((count, 1)) < 0.2
    return torch.from_numpy((lines * rng.uniform(-0.3, 0.6, (count, length))).astype(np.float32))


def teach(boxes: Boxes, epochs: int) -> dict[str, NDArray[Any]]:
    """The finished layers after that many passes over the boxes."""
    torch.manual_seed(5)
    torch.set_num_threads(1)
    rng = np.random.default_rng(6)
    learnt = np.flatnonzero(boxes.labels >= 0)
    nothing = SIGHTS.index("nothing")
    empty = [
        np.flatnonzero((boxes.labels == nothing) & (boxes.editions == place))
        for place in range(len(EDITIONS))
    ]
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
            under = np.array([rng.choice(empty[edition]) for edition in boxes.editions[chosen]])
            scores = learner(varied(pictures_of(boxes, chosen), pictures_of(boxes, under)[:, 0], rng))
            loss = torch.nn.functional.cross_entropy(scores, labels[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            rates.step()
            losses.append(float(loss.detach()))
        print(f"pass {epoch + 1} of {epochs}: loss {np.mean(losses):.4f}", flush=True)
    return finished(learner.eval(), SHAPES)


def kept_boxes(folder: Path | None, part: Part) -> Boxes:
    """The boxes of a part, drawn anew or taken from where they were kept."""
    path = folder / f"{part}.npz" if folder else None
    if path and path.exists():
        with np.load(path, allow_pickle=False) as file:
            return Boxes(**{name: file[name] for name in file.files})
    boxes = joined([make_boxes(part, lot) for lot in _LOTS[part]])
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
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--teach-only", action="store_true", help="leave out the calibration and the test")
    parser.add_argument("--out", type=Path, default=MODEL)
    options = parser.parse_args()
    # What is written is measured: half precision is part of the model.
    stored = teach(kept_boxes(options.keep, "training"), options.epochs)
    with options.out.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **stored)
    print(f"{options.out}: {options.out.stat().st_size} bytes")
    if options.teach_only:
        return
    network = network_of(stored)
    for part in ("calibration", "test"):
        boxes = kept_boxes(options.keep, part)
        chances = chances_in(network, boxes)
        if part == "calibration":
            print(f"bounds that it suggests (name, nothing): {bounds_of(boxes, chances)}")
        print_outcomes(part, boxes, chances)


if __name__ == "__main__":
    main()
