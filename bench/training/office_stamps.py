"""Stamps, seals and lines of type as offices leave them in signature boxes, drawn by chance.

Each takes a sheet, a box on it and chance, and gives the sheet with it.
"""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np

from forms.geometry import Box
from generators.paper.ink import Random, lay_ink, stamp
from generators.paper.sheets import Sheet

_WORDS: Final = (
    *("RECIBIDO", "GERENCIA", "COPIA", "CONTABILIDAD", "PAGADO", "SECRETARIA", "REVISADO", "ARCHIVO"),
    *("RUC 1790012345001", "TELF. 2 550 120", "QUITO - ECUADOR", "REPRESENTANTE LEGAL", "12 MAR 2026"),
    *("COMERCIAL ANDINA", "GERENTE GENERAL", "CIA. LTDA.", "RECURSOS HUMANOS", "FOLIO 00123"),
)
_FACES: Final = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
    cv2.FONT_HERSHEY_PLAIN,
)
Layer = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


def framed_stamp(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    return stamp(sheet, somewhere(box, rng), rng, str(rng.choice(_WORDS[:8])))


def office_stamp(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """One to four lines of words, in a frame, a ring, an oval or nothing, pressed unevenly and turned."""
    layer = _lines(sheet.px_per_mm, rng)
    rows, columns = layer.shape
    room, thick = round(2.5 * sheet.px_per_mm), max(1, round(float(rng.uniform(0.3, 0.8)) * sheet.px_per_mm))
    layer = np.pad(layer, room + thick)
    shape = int(rng.integers(4))
    middle = layer.shape[1] // 2, layer.shape[0] // 2
    if shape == 0:
        cv2.rectangle(layer, (thick, thick), (layer.shape[1] - thick, layer.shape[0] - thick), 255, thick)
    elif shape == 1:
        layer = np.pad(layer, ((rows // 2 + room,) * 2, (columns // 4 + room,) * 2))
        middle = layer.shape[1] // 2, layer.shape[0] // 2
        cv2.ellipse(layer, middle, (middle[0] - thick, middle[1] - thick), 0, 0, 360, 255, thick)
    elif shape == 2:
        side = max(layer.shape) + 2 * room
        layer = np.pad(layer, [((side - own) // 2,) * 2 for own in layer.shape])
        middle = layer.shape[1] // 2, layer.shape[0] // 2
        for inset in (0, 2 * room):
            cv2.circle(layer, middle, min(middle) - thick - inset, 255, thick, cv2.LINE_AA)
    return _press(sheet, somewhere(box, rng), layer, rng)


def date_stamp(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """Bands of words around a large date, as an office's numbering machine prints it."""
    per_mm = sheet.px_per_mm
    layer = np.zeros((round(24 * per_mm), round(44 * per_mm)), np.uint8)
    month = rng.choice(("ENE", "MAR", "JUN", "SEP", "NOV", "DIC"))
    day = f"{rng.integers(1, 29):02d} {month} {rng.integers(2024, 2028)}"
    for said, high, low in (
        (str(rng.choice(_WORDS)), 3.0, 7.0),
        (day, 4.5, 14.5),
        (str(rng.choice(_WORDS)), 3.0, 21.5),
    ):
        size, thick = high * per_mm / 22, max(1, round(float(rng.uniform(0.25, 0.6)) * per_mm))
        (natural, _), _ = cv2.getTextSize(said, 0, size, thick)
        start = max(0, (layer.shape[1] - natural) // 2), round(low * per_mm)
        cv2.putText(layer, said, start, int(rng.choice(_FACES)), size, 255, thick, cv2.LINE_AA)
    for y in (8.5, 16.5) if rng.random() < 0.6 else ():
        cv2.line(
            layer,
            (0, round(y * per_mm)),
            (layer.shape[1], round(y * per_mm)),
            255,
            max(1, round(0.3 * per_mm)),
        )
    return _press(sheet, somewhere(box, rng), layer, rng)


def notary_seal(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """A round seal with a many-pointed star and radial ticks in it."""
    per_mm = sheet.px_per_mm
    side = round(float(rng.uniform(26, 40)) * per_mm)
    layer, middle, radius = np.zeros((side, side), np.uint8), side // 2, side // 2 - 4
    thick = max(1, round(0.35 * per_mm))
    for share in (1.0, 0.72):
        cv2.circle(layer, (middle, middle), round(radius * share), 255, thick, cv2.LINE_AA)
    turns = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    for turn in turns:
        ends = [
            (round(middle + radius * share * np.cos(turn)), round(middle + radius * share * np.sin(turn)))
            for share in (0.78, 0.93)
        ]
        cv2.line(layer, ends[0], ends[1], 255, thick, cv2.LINE_AA)
    reach = np.where(np.arange(16) % 2, 0.25, 0.62) * radius
    star = np.column_stack((np.cos(turns[::3]), np.sin(turns[::3]))) * reach[:, None] + middle
    cv2.polylines(layer, [star.astype(np.int32)], True, 255, thick, cv2.LINE_AA)
    return _press(sheet, somewhere(box, rng), layer, rng)


def ringed_lettering(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """A company's round seal: letters that follow the ring, and a word across it."""
    per_mm = sheet.px_per_mm
    side = round(float(rng.uniform(28, 38)) * per_mm)
    layer, middle = np.zeros((side, side), np.uint8), side / 2
    thick, size = max(1, round(0.3 * per_mm)), 0.1 * per_mm
    for share in (0.97, 0.66):
        cv2.circle(layer, (side // 2, side // 2), round(middle * share), 255, thick, cv2.LINE_AA)
    said = " * ".join(rng.choice(_WORDS, 2).tolist())
    for place, letter in enumerate(said):
        turn = 360 * place / len(said)
        tile = np.zeros_like(layer)
        start = round(middle - 1.2 * per_mm), round(middle * 0.3)
        cv2.putText(tile, letter, start, 0, size, 255, thick, cv2.LINE_AA)
        matrix = cv2.getRotationMatrix2D((middle, middle), -turn, 1)
        layer = np.maximum(layer, cv2.warpAffine(tile, matrix, (side, side)))
    word = str(rng.choice(_WORDS))[:9]
    cv2.putText(layer, word, (round(middle * 0.45), side // 2), 0, size * 1.2, 255, thick, cv2.LINE_AA)
    return _press(sheet, somewhere(box, rng), layer, rng)


def typed_lines(sheet: Sheet, box: Box, rng: Random) -> Sheet:
    """A line or three of type, as black as print or as pale as a worn ribbon."""
    layer = _lines(sheet.px_per_mm, rng)
    loose = [
        max(side - own / sheet.px_per_mm, 0.0)
        for side, own in zip((box.width, box.height), layer.shape[::-1], strict=True)
    ]
    corner = box.x + loose[0] * float(rng.uniform(0, 1)), box.y + loose[1] * float(rng.uniform(0, 1))
    return lay_ink(sheet, (layer / 255).astype(np.float32), corner, float(rng.choice((24, 24, 60, 110))))


def somewhere(box: Box, rng: Random) -> tuple[float, float]:
    """A place, in mm, in or near the middle of a box."""
    return (
        box.x + box.width * float(rng.uniform(0.15, 0.85)),
        box.y + box.height * float(rng.uniform(0.1, 0.9)),
    )


def _lines(per_mm: float, rng: Random) -> Layer:
    """Lines of words in one face, 2.5 to 5 mm high, as white on black."""
    face, high = int(rng.choice(_FACES)), float(rng.uniform(2.0, 5.0)) * per_mm
    rows = []
    for text in rng.choice(_WORDS, int(rng.integers(1, 4))).tolist():
        said = str(text) if rng.random() < 0.6 else str(text).title()
        (_, natural), _ = cv2.getTextSize(said, face, 1.0, 1)
        size, thick = high / natural, max(1, round(float(rng.uniform(0.08, 0.2)) * high))
        (wide, tall), base = cv2.getTextSize(said, face, size, thick)
        row = np.zeros((tall + base + 4, wide + 4), np.uint8)
        cv2.putText(row, said, (2, tall + 2), face, size, 255, thick, cv2.LINE_AA)
        rows.append(row)
    widest = min(max(row.shape[1] for row in rows), round(75 * per_mm))
    fitted = [_widened(row[:, :widest], widest) for row in rows]
    return np.concatenate(fitted)


def _widened(row: Layer, columns: int) -> Layer:
    loose = columns - row.shape[1]
    return np.pad(row, ((0, 0), (loose // 2, loose - loose // 2)))


def _press(sheet: Sheet, centre: tuple[float, float], layer: Layer, rng: Random) -> Sheet:
    """A rubber with that face pressed on the sheet, turned by up to 25°."""
    side = math.ceil(math.hypot(*layer.shape)) + 4
    square = np.zeros((side, side), np.uint8)
    top, left = (side - layer.shape[0]) // 2, (side - layer.shape[1]) // 2
    square[top : top + layer.shape[0], left : left + layer.shape[1]] = layer
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), float(rng.uniform(-25, 25)), 1)
    cover = cv2.warpAffine(square, turn, (side, side)).astype(np.float32) / 255
    low = float(rng.uniform(0.1, 0.8))
    pressed = cv2.resize(
        rng.uniform(low, 1.15, (6, 6)).astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC
    )
    grain = cv2.resize(rng.normal(0.85, 0.3, (side // 3 + 1, side // 3 + 1)).astype(np.float32), (side, side))
    corner = centre[0] - side / 2 / sheet.px_per_mm, centre[1] - side / 2 / sheet.px_per_mm
    return lay_ink(sheet, cover * np.clip(pressed * grain, 0, 1), corner, float(rng.uniform(30, 140)))
