"""R1 and R2: what was drawn is read back; damage leads to right values or to doubt, never to wrong ones."""

from __future__ import annotations

import dataclasses
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.accuracy import examine, run
from bench.forging import forge_digit
from bench.material import EDITIONS, KEY, KEYS, Paper, random_paper, random_scan, random_values
from forms.geometry import Box
from forms.layout import normalise_values
from forms.model import Edition
from forms.numbers import RANDOM_BYTES, number_from_entropy
from generators.pages import draw_sealed
from generators.paper import damage
from generators.paper.files import encode
from generators.paper.ink import sign, stamp
from generators.paper.scanning import Scanner, scan
from generators.paper.severity import Severity
from generators.paper.sheets import print_page, white_out
from intake.batch import read_batch
from intake.pages import ReadingContext, read_page
from intake.readings import decode_batch, encode_batch
from intake.strips import strips_of

CONTEXT = ReadingContext(KEYS)
NUMBER = number_from_entropy(bytes(range(RANDOM_BYTES)))

SCANNERS = {
    "flat": Scanner(dpi=200, blur_px=0.3, noise_sigma=2),
    "skew +5": Scanner(dpi=200, rotation_deg=5),
    "skew -5": Scanner(dpi=300, rotation_deg=-5),
    "upside down": Scanner(dpi=200, rotation_deg=180),
    "on its side": Scanner(dpi=200, rotation_deg=92),
    "perspective": Scanner(dpi=240, perspective=(0.01, 0.0, 0.0, 0.01, -0.01, 0.0, 0.0, -0.005)),
    "150 dpi": Scanner(dpi=150, rotation_deg=1.5),
    "jpeg q30": Scanner(dpi=200, jpeg_quality=30),
    "noise": Scanner(dpi=200, noise_sigma=11),
    "blur": Scanner(dpi=200, blur_px=1.0),
    "low contrast": Scanner(dpi=200, contrast=0.45, brightness=-20),
    "uneven light": Scanner(dpi=200, gradient=0.12),
    "1-bit": Scanner(dpi=200, bilevel="fixed"),
    "fax": Scanner(dpi=300, bilevel="fax"),
    "dark lid": Scanner(dpi=200, rotation_deg=3, margin_mm=8, lid=40),
}


def signed_paper(edition: Edition, seed: int = 1) -> Paper:
    return random_paper(np.random.default_rng(seed), edition, unsigned=0.0)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.form)
@pytest.mark.parametrize("name", SCANNERS)
def test_every_scanner_gives_every_value(edition: Edition, name: str) -> None:
    random = np.random.default_rng(4)
    paper = signed_paper(edition)
    result = read_page(scan(paper.sheet, SCANNERS[name], random), CONTEXT)
    assert {field: found.value for field, found in result.fields.items()} == paper.values
    assert not [field for field, found in result.fields.items() if found.state == "altered"]
    assert [found.state for found in result.signatures.values()] == ["present"]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32 - 1))
def test_round_trip_of_any_values(seed: int) -> None:
    random = np.random.default_rng(seed)
    edition = EDITIONS[seed % len(EDITIONS)]
    values = normalise_values(random_values(edition, random))
    pdf = draw_sealed(edition, values, document=NUMBER, issued=date(2026, 12, 1), key=KEY).pdf
    (document,) = read_batch([("form.pdf", pdf)], CONTEXT).documents
    assert {name: found.value for name, found in document.fields.items()} == values
    assert {found.state for found in document.fields.values()} == {"confirmed"}
    assert document.seal.state == "valid"
    assert document.document == NUMBER


@pytest.mark.parametrize("severity", list(Severity))
def test_no_wrong_value_is_accepted(severity: Severity) -> None:
    total = run([severity], 8, seed=11)
    assert total["pages"] == 8
    assert total["wrong accepted"] == 0
    if severity in {Severity.CLEAN, Severity.MODERATE}:
        assert total["exact"] == 8
        assert total["signature wrong"] == 0


def test_a_fold_through_the_values_is_no_alteration() -> None:
    paper = signed_paper(EDITIONS[0])
    for seed in range(4):
        random = np.random.default_rng(seed)
        sheet = damage.fold(paper.sheet, random, along="across")
        result = read_page(scan(sheet, Scanner(dpi=200), random), CONTEXT)
        assert not [name for name, found in result.fields.items() if found.state == "altered"]
        assert {name: found.value for name, found in result.fields.items()} == paper.values


@pytest.mark.parametrize("seed", range(4))
def test_a_stamp_over_a_number_hides_no_forged_digit(seed: int) -> None:
    paper = signed_paper(EDITIONS[0], seed)
    random = np.random.default_rng(seed)
    box = paper.edition.field("ruc").box
    honest = stamp(paper.sheet, (box.x + 30, box.y + 3), np.random.default_rng(seed))
    forged = stamp(forge_digit(paper, "ruc", random)[0].sheet, (box.x + 30, box.y + 3), random)
    result = read_page(scan(honest, Scanner(dpi=200), random), CONTEXT)
    assert result.fields["ruc"].value == paper.values["ruc"]
    assert result.fields["ruc"].state in {"confirmed", "doubtful"}
    assert result.fields["email"].state == "confirmed"
    result = read_page(scan(forged, Scanner(dpi=200), random), CONTEXT)
    assert result.fields["ruc"].state in {"doubtful", "altered"}


@pytest.mark.parametrize("seed", range(6))
def test_a_forged_digit_is_altered_with_what_is_seen(seed: int) -> None:
    random = np.random.default_rng(seed)
    paper = signed_paper(EDITIONS[0], seed)
    forged, shown = forge_digit(paper, "ruc", random)
    result = read_page(random_scan(forged, Severity.MODERATE, random), CONTEXT)
    found = result.fields["ruc"]
    assert (found.state, found.value, found.seen) == ("altered", paper.values["ruc"], shown)
    assert "FIELD_ALTERED" in {problem.code for problem in result.problems}


@pytest.mark.parametrize(("worn", "state"), [((), "altered"), ((0, 3, 8, 9, 13), "doubtful")])
def test_a_tilde_that_is_gone_was_taken_off_unless_whole_signs_are_gone_too(
    worn: tuple[int, ...], state: str
) -> None:
    edition, name = EDITIONS[0], "María Ñusta Guamán"
    values = signed_paper(edition).values
    sealed, bare = (
        print_page(
            draw_sealed(
                edition,
                {**values, "representative_name": shown},
                document=NUMBER,
                issued=date(2026, 12, 1),
                key=KEY,
            ).pdf
        )
        for shown in (name, name.replace("Ñ", "N"))
    )
    (strip,) = (strip for strip in strips_of(edition) if strip.field == "representative_name")
    pitch = strip.shape.pitch / strip.shape.per_mm
    image = sealed.image.copy()

    def area(place: int) -> tuple[slice, slice]:
        box = Box(strip.left + place * pitch, strip.top, pitch, strip.shape.height / strip.shape.per_mm)
        return sealed.area(box)

    image[area(name.index("Ñ"))] = bare.image[area(name.index("Ñ"))]
    for place in worn:  # toner that came off
        image[area(place)] = 255 - (255 - image[area(place)]) // 12
    scanned = scan(sealed.showing(image), Scanner(dpi=200), np.random.default_rng(0))
    assert read_page(scanned, CONTEXT).fields["representative_name"].state == state


@pytest.mark.parametrize(("radius", "states"), [(0.2, {"confirmed"}), (0.4, {"doubtful", "altered"})])
def test_dust_on_bare_paper_is_nothing_and_a_blot_is_asked_about(radius: float, states: set[str]) -> None:
    paper = signed_paper(EDITIONS[0])
    field = paper.edition.field("representative_name")
    (strip,) = (strip for strip in strips_of(paper.edition) if strip.field == field.name)
    pitch = strip.shape.pitch / strip.shape.per_mm
    place = len(paper.values[field.name]) + 8.5, field.box.y + field.box.height / 2
    centre = np.array([strip.left + place[0] * pitch, place[1]]) * paper.sheet.px_per_mm
    image = paper.sheet.image.copy()
    down, right = np.ogrid[: image.shape[0], : image.shape[1]]
    image[np.hypot(right - centre[0], down - centre[1]) < radius * paper.sheet.px_per_mm] = 20
    scanned = scan(paper.sheet.showing(image), Scanner(dpi=200, bilevel="fixed"), np.random.default_rng(0))
    assert read_page(scanned, CONTEXT).fields[field.name].state in states


def test_a_whited_out_value_is_not_confirmed() -> None:
    paper = signed_paper(EDITIONS[0])
    sheet = white_out(paper.sheet, paper.edition.field("period").box.grown(-0.5))
    result = read_page(scan(sheet, Scanner(dpi=200), np.random.default_rng(0)), CONTEXT)
    assert result.fields["period"].state in {"altered", "doubtful"}


def test_a_value_written_into_an_empty_field_is_noticed() -> None:
    paper = signed_paper(EDITIONS[0])
    values = {name: value for name, value in paper.values.items() if name != "sheet_number"}
    pdf = draw_sealed(paper.edition, values, document=NUMBER, issued=date(2026, 12, 1), key=KEY).pdf
    sheet = sign(print_page(pdf), paper.edition.field("sheet_number").box, np.random.default_rng(2))
    result = read_page(scan(sheet, Scanner(dpi=200), np.random.default_rng(0)), CONTEXT)
    assert result.fields["sheet_number"].state in {"altered", "doubtful"}


def test_an_unsigned_paper_has_no_signature() -> None:
    paper = random_paper(np.random.default_rng(5), EDITIONS[1], unsigned=1.0)
    result = read_page(scan(paper.sheet, Scanner(dpi=200), np.random.default_rng(0)), CONTEXT)
    assert [found.state for found in result.signatures.values()] == ["absent"]
    assert [problem.code for problem in result.problems] == ["SIGNATURE_ABSENT"]


def test_a_fold_or_a_ruled_line_is_no_signature() -> None:
    paper = random_paper(np.random.default_rng(6), EDITIONS[0], unsigned=1.0)
    box = paper.edition.signature_fields[0].box
    image = paper.sheet.image.copy()
    rows, columns = paper.sheet.area(box)
    image[(rows.start + rows.stop) // 2, columns] = 60
    image[(rows.start + rows.stop) // 2 + 1, columns] = 60
    sheet = dataclasses.replace(paper.sheet, image=image)
    result = read_page(scan(sheet, Scanner(dpi=200), np.random.default_rng(0)), CONTEXT)
    assert [found.state for found in result.signatures.values()] == ["absent"]


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_lost_marks_leave_the_values_readable(lost: int) -> None:
    paper = signed_paper(EDITIONS[0])
    sheet = paper.sheet
    for mark in paper.edition.frame.marks[:lost]:
        sheet = white_out(sheet, mark.grown(1))
    result = read_page(scan(sheet, Scanner(dpi=200, rotation_deg=2), np.random.default_rng(0)), CONTEXT)
    assert {name: found.value for name, found in result.fields.items()} == paper.values


def test_without_its_full_symbol_the_print_is_read_and_doubted() -> None:
    paper = signed_paper(EDITIONS[0])
    sheet = white_out(paper.sheet, paper.edition.frame.full_seal.grown(1))
    result = read_page(scan(sheet, Scanner(dpi=200), np.random.default_rng(0)), CONTEXT)
    assert {name: found.value for name, found in result.fields.items()} == paper.values
    assert {found.state for found in result.fields.values()} == {"doubtful"}
    assert {found.source for found in result.fields.values()} == {"print"}
    assert "SEAL_UNREADABLE" in {problem.code for problem in result.problems}


def test_both_forms_in_one_batch_in_any_order_and_rotation() -> None:
    random = np.random.default_rng(8)
    papers = [signed_paper(edition, 20 + place) for place, edition in enumerate(EDITIONS)]
    images = [
        scan(papers[1].sheet, Scanner(dpi=200, rotation_deg=270), random),
        scan(papers[0].sheet, Scanner(dpi=200, rotation_deg=182), random),
    ]
    batch = read_batch([("scan.tif", encode(images, "tiff", 200))], CONTEXT)
    assert decode_batch(encode_batch(batch)) == batch
    assert [document.form for document in batch.documents] == [EDITIONS[1].form, EDITIONS[0].form]
    for document, paper in zip(batch.documents, reversed(papers), strict=True):
        assert document.outcome == "read", document.problems
        assert {name: found.value for name, found in document.fields.items()} == paper.values


@pytest.mark.parametrize("kind", ["pdf", "tiff", "tiff-g4", "jpeg", "png"])
def test_every_file_format_is_read(kind: str) -> None:
    paper = signed_paper(EDITIONS[0])
    image = scan(paper.sheet, Scanner(dpi=200, rotation_deg=-1), np.random.default_rng(0))
    batch = read_batch([(f"scan.{kind}", encode([image], kind, 200))], CONTEXT)  # type: ignore[arg-type]
    (document,) = batch.documents
    assert batch.files[0].pages == 1
    assert {name: found.value for name, found in document.fields.items()} == paper.values


def test_the_same_page_twice_and_a_foreign_page_are_named() -> None:
    paper = signed_paper(EDITIONS[0])
    random = np.random.default_rng(0)
    image = scan(paper.sheet, Scanner(dpi=150), random)
    noise = np.asarray(random.integers(0, 255, (1200, 900)), np.uint8)
    blank = np.full((1200, 900), 250, np.uint8)
    batch = read_batch([("scan.tif", encode([image, noise, image, blank], "tiff", 150))], CONTEXT)
    assert [document.route for document in batch.documents] == ["sealed", "annex"]
    assert "PAGE_DUPLICATE" in {problem.code for problem in batch.documents[0].problems}
    assert [problem.code for problem in batch.files[0].problems] == ["PAGE_BLANK"]


def test_a_seal_of_another_key_is_refused() -> None:
    paper = signed_paper(EDITIONS[0])
    image = scan(paper.sheet, Scanner(dpi=200), np.random.default_rng(0))
    (document,) = read_batch([("scan.png", encode([image], "png", 200))], ReadingContext()).documents
    assert document.outcome == "refused"
    assert document.seal.state == "unknown-key"
    assert document.fields == {}


def test_examine_counts_a_wrong_value_that_was_accepted() -> None:
    """The yardstick of the benchmark itself can fail."""
    paper = signed_paper(EDITIONS[0])
    result = read_page(scan(paper.sheet, Scanner(dpi=200), np.random.default_rng(0)), CONTEXT)
    tally = examine(result, paper.values | {"ruc": "0000000000001"}, signed=False)
    assert tally["wrong accepted"] == 1
    assert tally["signature wrong"] == 1


def crowded(random: np.random.Generator, length: int) -> str:
    """Words of letters that no packing makes shorter."""
    signs = list("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789ÁÉÍÓÚÑáéíóúñ")
    text = ""
    while len(text) < length:
        text += "".join(random.choice(signs, int(random.integers(2, 9)))) + " "
    return text[:length].strip()


@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_values_too_long_for_the_symbol_are_read_off_the_print_and_proved_by_its_digest(dpi: int) -> None:
    random = np.random.default_rng(dpi)
    values = random_values(EDITIONS[0], random) | {
        "petition": crowded(random, 390),
        "business_name": crowded(random, 150),
        "representative_name": crowded(random, 80),
        "address": crowded(random, 76),
    }
    sealed = draw_sealed(EDITIONS[0], values, document=NUMBER, issued=date(2026, 12, 1), key=KEY)
    assert not sealed.values_in_seal
    image = scan(print_page(sealed.pdf), Scanner(dpi=dpi, rotation_deg=2), random)
    result = read_page(image, CONTEXT)
    assert {name: found.value for name, found in result.fields.items()} == normalise_values(values)
    assert {(found.state, found.source) for found in result.fields.values()} == {("confirmed", "print")}
