"""The manners in which employers ask for the same.

``PLAIN`` was written beside the reader, all others by writers who had not seen it; each group was measured
before anything was tuned on it. ``docs/decisions/0018-letters-by-their-shapes.md`` tells what each showed.
"""

from typing import Final

from bench.letter_manners.associations import ASSOCIATIONS
from bench.letter_manners.blocks import Manner
from bench.letter_manners.companies import COMPANIES
from bench.letter_manners.held_back import HELD_BACK
from bench.letter_manners.owners import OWNERS
from bench.letter_manners.plain import PLAIN
from bench.letter_manners.trades import TRADES

MANNERS: Final[tuple[Manner, ...]] = (*PLAIN, *COMPANIES, *ASSOCIATIONS, *OWNERS, *TRADES)

__all__ = ["HELD_BACK", "MANNERS"]
