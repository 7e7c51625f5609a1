"""One thread in each process that reads. Pages are small and are read side by side in many processes: threads
of the libraries under a page would only wait for each other, at twice the processor time.
"""

from __future__ import annotations

from functools import cache

import cv2
from threadpoolctl import threadpool_limits


@cache
def use_one_thread() -> None:
    """Keep OpenCV and the linear algebra under numpy to the caller's own thread; children inherit it."""
    cv2.setNumThreads(1)
    threadpool_limits(1, user_api="blas")
