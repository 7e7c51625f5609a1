"""Teach the second look (``intake/second_look.npz``): does a cell show the sign that it should?

    python -m bench.training.second_look [--pages 1600] [--minutes 40] [--pool FOLDER]

Run by an interpreter that has PyTorch besides what the reader needs (``pip install torch``): it is no part of
the locked packages, since nothing but this program uses it. Pages come from a seed; with ``--pool`` they are
kept there and not made again. The model's bytes depend on how many steps the minutes allowed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch.nn import functional

import intake.second_look
from bench.training.pen_marks import CELL, PER_MM, pen_marks
from bench.training.sign_cells import BY_HAND, HONEST, UNCLEAR, SignCells, cells_of_page, unpacked
from bench.training.torch_network import Shape, finished, new_learner
from intake.network import Floats
from intake.second_look import COLUMNS, LEARNT, ROWS
from intake.threads import use_one_thread

MODEL: Final = Path(intake.second_look.__file__).with_name("second_look.npz")
SEED: Final = 555_000
_HELD_BACK: Final = 12
"""Every twelfth page teaches nothing: the bounds in ``intake.judgement`` are set on them."""
_BATCH: Final = 256
_RATE: Final = 1.5e-3
_NEVER_FORGOTTEN: Final = 0.02
"""Least chance of a pair to be drawn again, beside the share of it that the network got wrong."""
_MARKED: Final = {"plain": 0.0, "marked": 0.2}
"""Chance of an honest sign to get a fresh mark of a pen, for each of the two networks."""
_MARKS: Final = 40_000
_SHOWS: Final = 0.12
"""Mm² of ink more than the sign's own that make a mark one."""
_LEAST_SURE: Final = 0.3
"""The most that a sign written over counts as hard: of some the pen hit next to nothing."""
_SHAPES: Final = (Shape(24, 4, 2, False), Shape(48, 4, 2, False), Shape(96, 3, 1, True))
_HIDDEN: Final = 128
_DROPPED: Final = 0.15


def teach(pages: list[SignCells], minutes: float, marked: float, seed: int = 0) -> Any:
    """A network that learnt for so many minutes; ``marked`` is the share of honest signs with a mark on.

    Half of each batch is drawn from all pairs of a cell and a sign, half from those that it was wrong about.
    """
    torch.manual_seed(seed)
    seen, own, other = (
        torch.from_numpy(np.concatenate([getattr(page, part) for page in pages]))
        for part in ("seen", "own", "other")
    )
    state = torch.from_numpy(np.concatenate([page.state for page in pages]))
    # Twice the cells: first each with its own sign, then each with another.
    clear = (state != UNCLEAR).repeat(2).float()
    right = torch.cat(((state == HONEST).float(), torch.zeros(len(state))))
    most = torch.cat((torch.where(state == BY_HAND, _LEAST_SURE, 1.0), torch.ones(len(state))))
    hardness = clear.clone()
    honest = (state == HONEST).repeat(2) & (torch.arange(2 * len(state)) < len(state))
    marks = torch.from_numpy(pen_marks(_MARKS, seed))
    learner = new_learner(_SHAPES, (2, ROWS, COLUMNS), _HIDDEN, 1, _DROPPED)
    adam = torch.optim.AdamW(learner.parameters(), lr=_RATE, weight_decay=1e-4)
    began, steps = time.monotonic(), 0
    while (done := (time.monotonic() - began) / (60 * minutes)) < 1:
        for group in adam.param_groups:
            group["lr"] = _RATE * min(1, steps / 300) * (0.5 * (1 + np.cos(np.pi * done)) + 0.01)
        usual = torch.multinomial(clear, _BATCH // 2)
        hard = torch.multinomial(hardness, _BATCH - len(usual))
        pair = torch.cat((usual, hard))
        cell = pair % len(state)
        shown = torch.where((pair < len(state))[:, None, None], own[cell], other[cell])
        ink, expected = (_unpacked(cells) for cells in (seen[cell], shown))
        penned = _lay_marks(ink, marks, honest[pair] & (torch.rand(len(pair)) < marked))
        meant = torch.where(penned, 0.0, right[pair])
        odds = learner(_varied(ink, expected))[:, 0]
        loss = functional.binary_cross_entropy_with_logits(odds, meant)
        adam.zero_grad()
        loss.backward()
        adam.step()
        error = (torch.sigmoid(odds.detach()) - meant).abs()
        harder = torch.minimum(error, most[pair]) + _NEVER_FORGOTTEN
        hardness[pair[~penned]] = harder[~penned]
        steps += 1
        if steps % 1000 == 0:
            print(f"{steps} steps, {done:.0%} of the time, loss {loss.item():.4f}", flush=True)
    learner.eval()
    return learner


def _unpacked(cells: Any) -> Any:
    return cells.float() / 120 - 0.4


def _lay_marks(ink: Any, marks: Any, chosen: Any) -> Any:
    """A mark over each cell chosen; says in which it shows, for on a sign's own strokes it may not."""
    pen = marks[torch.randint(len(marks), (int(chosen.sum()),))].float() / 255
    more = pen * (1 - ink[chosen].clamp(0, 1))
    ink[chosen] += more
    shows = chosen.clone()
    shows[chosen] = more[:, :, CELL].sum((1, 2)) / PER_MM**2 >= _SHOWS
    return shows


def _varied(ink: Any, expected: Any) -> Any:
    """Pairs as the network takes them, the scan's ink a sample aside, stronger or weaker, with more noise."""
    quarter = len(ink) // 4
    for part in range(4):
        down, right = (int(step) for step in torch.randint(-1, 2, (2,)))
        place = slice(part * quarter, (part + 1) * quarter)
        ink[place] = torch.roll(ink[place], (down, right), (1, 2))
    each = (len(ink), 1, 1)
    ink = ink * torch.empty(each).uniform_(0.85, 1.15)
    ink = ink + torch.randn_like(ink) * torch.empty(each).uniform_(0, 0.06)
    return torch.stack((ink, expected), 1).contiguous(memory_format=torch.channels_last)


def odds_of(learner: Any, page: SignCells) -> tuple[Floats, Floats]:
    """Log odds of a page's cells with their own signs and with others."""
    with torch.no_grad():
        own, other = (
            learner(torch.from_numpy(np.stack([unpacked(page.seen), unpacked(shown)], axis=1))).numpy()[:, 0]
            for shown in (page.own, page.other)
        )
    return own, other


def report(learner: Any, pages: list[SignCells]) -> None:
    """For some bounds: honest cells and pages that stay below, forged and overwritten cells that pass."""
    told = [(page, *odds_of(learner, page)) for page in pages]
    for title, names in (("harsh", {"harsh, mixed"}), ("extreme", {"extreme, mixed"}), ("other", None)):
        chosen = [one for one in told if (one[0].kind in names if names else "mixed" not in one[0].kind)]
        if not chosen:
            continue
        honest = [own[page.state == HONEST] for page, own, _ in chosen]
        forged = np.concatenate([other for _, _, other in chosen])
        by_hand = np.concatenate([own[page.state == BY_HAND] for page, own, _ in chosen])
        for bound in (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0):
            whole = np.mean([(odds >= bound).all() for odds in honest])
            lost = np.mean(np.concatenate(honest) < bound)
            passed, written = np.mean(forged >= bound), np.mean(by_hand >= bound)
            print(
                f"{title} {bound}: honest cells lost {lost:.5f}, whole pages {whole:.3f}, "
                f"others passed {passed:.5f}, overwritten passed {written:.4f}"
            )


def make_pool(folder: Path, count: int, processes: int = 2) -> list[tuple[int, SignCells]]:
    """The pages of the seed by their number, those in ``folder`` as they were kept there."""
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        made = pool.imap_unordered(partial(_kept_page, folder), range(count), chunksize=8)
        return sorted(((place, page) for place, page in made if page is not None), key=lambda pair: pair[0])


def _kept_page(folder: Path, place: int) -> tuple[int, SignCells | None]:
    use_one_thread()
    file = folder / f"{place:05d}.npz"
    untold = file.with_suffix(".untold")
    if untold.exists():
        return place, None
    if not file.exists():
        page = cells_of_page(SEED, place)
        if page is None:
            untold.touch()
            return place, None
        arrays: dict[str, Any] = {name: np.asarray(getattr(page, name)) for name in SignCells.__slots__}
        np.savez(file, **arrays)
        return place, page
    with np.load(file) as kept:
        return place, SignCells(
            *(kept[name] for name in ("seen", "own", "other", "state")),
            *(str(kept[name]) for name in ("text", "others", "kind")),
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1600)
    parser.add_argument("--minutes", type=float, default=40.0)
    parser.add_argument("--pool", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        kept = options.pool or Path(folder)
        kept.mkdir(parents=True, exist_ok=True)
        pages = make_pool(kept, options.pages)
    taught, held_back = (
        [page for place, page in pages if bool(place % _HELD_BACK) is taught] for taught in (True, False)
    )
    model: dict[str, Any] = {}
    for name in LEARNT:
        print(f"the network {name}")
        learner = teach(taught, options.minutes, _MARKED[name])
        report(learner, held_back)
        model |= {f"{name}_{part}": array for part, array in finished(learner, _SHAPES).items()}
    np.savez_compressed(MODEL, **model)
    print(f"written: {MODEL.name}, {MODEL.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
