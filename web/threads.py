"""Where handlers run: many threads for pages, and a few of their own for what a stranger makes us compute."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from litestar.concurrency import set_asyncio_executor

T = TypeVar("T")

_PAGES: Final = ThreadPoolExecutor(24, thread_name_prefix="page")
"""Pages wait for the database rather than for the processor, so they may be more than it has cores. The
interpreter's own pool has four more than cores, and each upload of a clerk may hold one for minutes.
"""


def use_page_threads() -> None:
    """Have every handler run among the threads of pages; before the service's loop begins."""
    set_asyncio_executor(_PAGES)


class VisitorThreads:
    """Places for work that anybody may ask for and that takes seconds and hundreds of megabytes.

    Whoever finds no place is told so at once and nobody queues: a queue of strangers is what would keep
    everybody else waiting.
    """

    def __init__(self, places: int) -> None:
        self._free = threading.Semaphore(places)
        self._threads = ThreadPoolExecutor(places, thread_name_prefix="visitor")

    def begin(self, work: Callable[[], T]) -> Future[T] | None:
        """The work under way, or nothing when every place is taken. A place is free again when its work has
        ended, whether or not somebody still waits for it.
        """
        if not self._free.acquire(blocking=False):
            return None
        try:
            begun = self._threads.submit(work)
        except BaseException:
            self._free.release()
            raise
        begun.add_done_callback(lambda _: self._free.release())
        return begun
