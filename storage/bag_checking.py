"""Whether a bag is valid by RFC 8493 and the drafts before it (from 0.93): declared, complete, unchanged."""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from forms.problems import Problem, problem
from storage.bag_reading import Bag, is_inside

_DECLARATION: Final = re.compile(
    r"BagIt-Version: (\d+)\.(\d+)\r?\n(?:Tag-File-Character-Encoding: (\S+)\s*)?"
)
_LINE: Final = re.compile(r"([0-9A-Fa-f]+)[ \t]+\*?(.+)")
_FETCH: Final = re.compile(r"\S+[ \t]+(?:\d+|-)[ \t]+(.+)")
_NAME: Final = re.compile(r"(tag)?manifest-([a-z0-9]+)\.txt")
_ALGORITHMS: Final = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
"""Digests that manifests may have, with the length of their hex."""
_TEXT: Final = 64 << 20
"""Bytes of a tag file that is read whole; a manifest of 200,000 files has some 30 MB."""


class _FaultError(ValueError):
    """One thing that makes a bag invalid."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.message)
        self.problem = found


@dataclass(frozen=True, slots=True)
class CheckedBag:
    """What a bag's own files say: its description, and the digest of each payload file by algorithm."""

    version: tuple[int, int]
    info: tuple[tuple[str, str], ...]
    payload: dict[str, dict[str, str]]
    fetched: tuple[str, ...]


@dataclass(slots=True)
class _Manifests:
    """Path → algorithm → digest, of the payload and of the tag files."""

    payload: dict[str, dict[str, str]] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    algorithms: set[str] = field(default_factory=set)


def check_bag(bag: Bag) -> CheckedBag | tuple[Problem, ...]:
    """Read all of a bag: what it says of itself, or everything that is wrong with it."""
    try:
        version, encoding = _read_declaration(bag)
        manifests = _read_manifests(bag, version, encoding)
        info = _read_info(bag, encoding)
        fetched = _read_fetch(bag, encoding)
    except _FaultError as fault:
        return (fault.problem,)
    problems = (
        *_completeness(bag, manifests, version, fetched),
        *_oxum_problems(bag, info),
        *_digest_problems(bag, manifests),
    )
    return problems or CheckedBag(version, info, manifests.payload, fetched)


def read_whole(bag: Bag, path: str) -> bytes:
    """A file of a bag that is small by its nature; raises :class:`OSError`."""
    if bag.sizes[path] > _TEXT:
        raise OSError(f"{path} is too large")
    return b"".join(bag.read(path))


def _read_text(bag: Bag, path: str, encoding: str) -> str:
    try:
        return read_whole(bag, path).decode(encoding)
    except (OSError, UnicodeError):
        raise _FaultError(
            problem("PACKAGE_MANIFEST", file=path, detail="su texto no se puede leer")
        ) from None


def _read_declaration(bag: Bag) -> tuple[tuple[int, int], str]:
    def refuse(detail: str) -> _FaultError:
        return _FaultError(problem("PACKAGE_NOT_BAGIT", detail=detail))

    if "bagit.txt" not in bag.sizes:
        raise refuse("no está")
    text = _read_text(bag, "bagit.txt", "utf-8")
    if text.startswith("\ufeff"):
        raise refuse("empieza con una marca de orden de bytes")
    declared = _DECLARATION.fullmatch(text)
    if declared is None or declared[3] is None:
        raise refuse("le falta la versión o la codificación")
    version = int(declared[1]), int(declared[2])
    if not (0, 93) <= version <= (1, 0):
        raise refuse(f"la versión {declared[1]}.{declared[2]} no se conoce")
    try:
        codecs.lookup(declared[3])
    except LookupError:
        raise refuse(f"la codificación {declared[3]} no se conoce") from None
    return version, declared[3]


def _read_manifests(bag: Bag, version: tuple[int, int], encoding: str) -> _Manifests:
    manifests = _Manifests()
    for name in bag.sizes:
        found = _NAME.fullmatch(name)
        if found is None:
            continue
        tag, algorithm = bool(found[1]), found[2]
        if algorithm not in _ALGORITHMS:
            detail = f"el algoritmo {algorithm} no se conoce"
            raise _FaultError(problem("PACKAGE_MANIFEST", file=name, detail=detail))
        if not tag:
            manifests.algorithms.add(algorithm)
        known = manifests.tags if tag else manifests.payload
        for digest, path in _manifest_lines(bag, name, version, encoding):
            if len(digest) != _ALGORITHMS[algorithm]:
                raise _FaultError(
                    problem("PACKAGE_MANIFEST", file=name, detail="una huella no tiene su largo")
                )
            if not is_inside(path) or path.startswith("data/") == tag:
                raise _FaultError(problem("PACKAGE_UNSAFE", file=path))
            if known.setdefault(path, {}).setdefault(algorithm, digest) != digest:
                detail = f"«{path}» está dos veces con huellas distintas"
                raise _FaultError(problem("PACKAGE_MANIFEST", file=name, detail=detail))
    if not manifests.algorithms:
        raise _FaultError(problem("PACKAGE_FILE_MISSING", file="manifest-sha256.txt"))
    return manifests


def _manifest_lines(
    bag: Bag, name: str, version: tuple[int, int], encoding: str
) -> Iterator[tuple[str, str]]:
    for line in re.split(r"\r\n|\n|\r", _read_text(bag, name, encoding)):
        if not line.strip():
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            raise _FaultError(
                problem("PACKAGE_MANIFEST", file=name, detail="una línea no tiene huella y ruta")
            )
        yield found[1].lower(), _present_path(bag, _decode_path(found[2], version))


def _decode_path(path: str, version: tuple[int, int]) -> str:
    """A manifest's path: leading «./» means nothing; only line ends, and since 1.0 «%», are escaped."""
    while path.startswith("./"):
        path = path[2:]
    path = re.sub("%0[Aa]", "\n", re.sub("%0[Dd]", "\r", path))
    return path.replace("%25", "%") if version >= (1, 0) else path


def _present_path(bag: Bag, path: str) -> str:
    """The same name in the other form of Unicode, when that is the one that is there."""
    if path in bag.sizes:
        return path
    forms = (unicodedata.normalize("NFC", path), unicodedata.normalize("NFD", path))
    return next((form for form in forms if form in bag.sizes), path)


def _read_info(bag: Bag, encoding: str) -> tuple[tuple[str, str], ...]:
    name = "bag-info.txt" if "bag-info.txt" in bag.sizes else "package-info.txt"
    if name not in bag.sizes:
        return ()
    joined = re.sub(r"\r?\n[ \t]+", " ", _read_text(bag, name, encoding))
    pairs = (line.partition(":") for line in joined.splitlines() if ":" in line)
    return tuple((label.strip(), value.strip()) for label, _, value in pairs)


def _read_fetch(bag: Bag, encoding: str) -> tuple[str, ...]:
    if "fetch.txt" not in bag.sizes:
        return ()
    paths = []
    for line in filter(str.strip, _read_text(bag, "fetch.txt", encoding).splitlines()):
        found = _FETCH.fullmatch(line)
        path = found[1].removeprefix("./") if found else line
        if found is None or not is_inside(path) or not path.startswith("data/"):
            raise _FaultError(problem("PACKAGE_UNSAFE", file=path))
        paths.append(path)
    return tuple(paths)


def _completeness(
    bag: Bag, manifests: _Manifests, version: tuple[int, int], fetched: tuple[str, ...]
) -> Iterator[Problem]:
    """Every file that is listed is there, and every payload file that is there is listed."""
    listed = {**manifests.payload, **manifests.tags, **dict.fromkeys(fetched)}
    yield from (problem("PACKAGE_FILE_MISSING", file=path) for path in listed if path not in bag.sizes)
    wanted = manifests.algorithms if version >= (1, 0) else set[str]()
    for path in bag.sizes:
        own = manifests.payload.get(path, {})
        if path.startswith("data/") and (not own or not wanted <= own.keys()):
            yield problem("PACKAGE_FILE_FOREIGN", file=path)


def _oxum_problems(bag: Bag, info: tuple[tuple[str, str], ...]) -> Iterator[Problem]:
    sizes = [size for path, size in bag.sizes.items() if path.startswith("data/")]
    found = f"{sum(sizes)}.{len(sizes)}"
    for label, said in info:
        if label.lower() == "payload-oxum" and said != found:
            yield problem("PACKAGE_SIZE", said=said, found=found)


def _digest_problems(bag: Bag, manifests: _Manifests) -> Iterator[Problem]:
    for path, said in (*manifests.payload.items(), *manifests.tags.items()):
        if path not in bag.sizes:
            continue
        digests = {name: hashlib.new(name, usedforsecurity=False) for name in said}
        try:
            for piece in bag.read(path):
                for digest in digests.values():
                    digest.update(piece)
        except OSError:
            yield problem("PACKAGE_FILE_CHANGED", file=path)
            continue
        if any(digest.hexdigest() != said[name] for name, digest in digests.items()):
            yield problem("PACKAGE_FILE_CHANGED", file=path)
