"""Peak memory, in MB, of a fresh process that reads one file and nothing else.

python -m bench.memory FILE KEY        (KEY: the Ed25519 public key of its seal, in hexadecimal)
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from forms.seal import KeyRing, key_id_of
from intake.limits import Limits
from intake.opening import open_file
from intake.pages import ReadingContext, read_page
from intake.threads import use_one_thread

STATUS: Final = Path("/proc/self/status")


def read_whole(path: Path, key: bytes) -> None:
    """Read every page of the file; a page without values is an error of the measurement."""
    use_one_thread()
    public = Ed25519PublicKey.from_public_bytes(key)
    context = ReadingContext(KeyRing({key_id_of(public): public}))
    for page in open_file(path.read_bytes(), path.name, Limits())[1]:
        if page.image is None or not read_page(page.image, context).fields:
            raise RuntimeError(f"{path} has a page that was not read")


def peak_megabytes() -> int:
    """The kernel's own count for this program; what getrusage tells includes the parent's before exec."""
    (line,) = [line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) // 1024


if __name__ == "__main__":
    read_whole(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
    print(peak_megabytes())
