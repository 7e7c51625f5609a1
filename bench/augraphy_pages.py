"""Every PNG of a folder through augraphy's default pipeline, seeded, as JPEG beside it.

Runs in ``.venv-bench``, where augraphy is, so it imports nothing of this project:

    .venv-bench/bin/python bench/augraphy_pages.py FOLDER SEED
"""

import random
import sys
from pathlib import Path

import cv2  # type: ignore[import-not-found,unused-ignore]
import matplotlib.font_manager  # type: ignore[import-not-found,unused-ignore]  # noqa: F401 - augraphy forgets to
import numpy as np
from augraphy import default_augraphy_pipeline  # type: ignore[import-not-found,unused-ignore]


def treat(folder: Path, seed: int) -> None:
    for place, path in enumerate(sorted(folder.glob("*.png"))):
        random.seed(seed + place)
        np.random.seed(seed + place)
        page = default_augraphy_pipeline()(cv2.imread(str(path)))
        cv2.imwrite(str(path.with_suffix(".jpg")), page, [cv2.IMWRITE_JPEG_QUALITY, 85])


if __name__ == "__main__":
    treat(Path(sys.argv[1]), int(sys.argv[2]))
