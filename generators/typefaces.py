"""The faces that paper is set in: IBM Plex (SIL OFL 1.1, beside the files), embedded in every PDF."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from importlib.resources import as_file, files
from threading import RLock
from typing import Final, ParamSpec, TypeVar

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from forms.model import Face

VALUE_FACE: Final = "PlexMono"
"""Face of every value: one width, a dotted zero, and digits that are hard to take for one another."""

_FILES: Final = {
    "Plex": "IBMPlexSans-Regular.ttf",
    "Plex-Strong": "IBMPlexSans-SemiBold.ttf",
    "Plex-Slanted": "IBMPlexSans-Italic.ttf",
    VALUE_FACE: "IBMPlexMono-Medium.ttf",
}
_NAMES: Final = {Face.PLAIN: "Plex", Face.STRONG: "Plex-Strong", Face.SLANTED: "Plex-Slanted"}


_DRAWING: Final = RLock()

_Given = ParamSpec("_Given")
_Drawn = TypeVar("_Drawn")


def drawn_alone(draw: Callable[_Given, _Drawn]) -> Callable[_Given, _Drawn]:
    """The function, run by one thread at a time: what reportlab knows of its faces it changes while it draws,
    and threads that began together got other bytes or an ``IndexError``.
    """

    @wraps(draw)
    def draw_alone(*args: _Given.args, **kwargs: _Given.kwargs) -> _Drawn:
        with _DRAWING:
            return draw(*args, **kwargs)

    return draw_alone


@drawn_alone
@cache
def register_faces() -> None:
    """Make the faces known to reportlab; done once in a process."""
    for name, file in _FILES.items():
        with as_file(files("generators") / "fonts" / file) as path:
            pdfmetrics.registerFont(TTFont(name, str(path)))


def face_name(face: Face) -> str:
    """The name under which reportlab knows a face of the fixed wording."""
    register_faces()
    return _NAMES[face]


@cache
def face_signs(face: Face) -> frozenset[int]:
    """The code points that a face of the fixed wording can show."""
    register_faces()
    return frozenset(pdfmetrics.getFont(_NAMES[face]).face.charToGlyph)


def value_face_file() -> bytes:
    """The whole font file of the value face, for a form that a viewer types into."""
    return (files("generators") / "fonts" / _FILES[VALUE_FACE]).read_bytes()
