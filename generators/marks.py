"""The corner marks: four ArUco codes of the dictionary 4×4_50, as modules of 6 × 6 (border included)."""

from __future__ import annotations

from typing import Final

MARK_MODULES: Final = 6
"""Modules on a side: four of code and one of black border on each side."""

MARK_ROWS: Final[dict[int, tuple[str, ...]]] = {
    11: ("111111", "111101", "111101", "101011", "110001", "111111"),
    23: ("111111", "100101", "100101", "101111", "111011", "111111"),
    31: ("111111", "110101", "110001", "101001", "111011", "111111"),
    47: ("111111", "110111", "101001", "110011", "110111", "111111"),
}
"""Mark number → its rows from the top, ``1`` for black."""
