"""Signs written over by hand are asked about, worn ones settled, and the network's file is what it says."""

import dataclasses
from io import BytesIO

import numpy as np
import pytest

from bench.forging import FORGERS, TEXT_FORGERS, forge_digit, room_after, write_digit_over
from bench.material import EDITIONS, KEYS, Paper, knowing, random_paper, random_scan
from forms.model import Edition
from generators.paper.ink import Pen, random_pen, strike, write_over
from generators.paper.scanning import Bilevel, Scanner, scan
from generators.paper.severity import Severity
from intake.comparison import score_strips
from intake.identification import identify, locate
from intake.judgement import DEFAULT, judge_field, unsure_cells
from intake.known_values import lay_values, measures_of
from intake.network import arrays_in, load_arrays
from intake.pages import ReadingContext, read_page
from intake.second_look import (
    COLUMNS,
    LEARNT,
    ROWS,
    likeness,
    look_again,
    networks_in,
    paired_windows,
    windows,
)
from intake.strips import TEXT_CELL, strips_of

REQUEST = EDITIONS[0]


def fresh(seed: int, edition: Edition = REQUEST) -> tuple[Paper, np.random.Generator]:
    random = np.random.default_rng((2_611_27, seed))
    return random_paper(random, edition, unsigned=0.0), random


@pytest.mark.parametrize("way", [name for name in FORGERS if name != "printed over"])
@pytest.mark.parametrize("seed", range(3))
def test_a_digit_changed_by_hand_is_never_confirmed(way: str, seed: int) -> None:
    paper, random = fresh(seed)
    forged, _ = FORGERS[way](paper, "ruc", random)
    image = scan(forged.sheet, Scanner(dpi=200, rotation_deg=float(random.uniform(-2, 2))), random)
    result = read_page(image, knowing(paper))
    assert result.fields["ruc"].state in {"doubtful", "altered"}
    assert result.fields["ruc"].value == paper.values["ruc"]


@pytest.mark.parametrize("field", ["branch", "period", "representative_id"])
def test_a_number_written_over_as_a_whole_is_never_confirmed(field: str) -> None:
    paper, random = fresh(30)
    box, value = paper.edition.field(field).box, paper.values[field]
    digits = "".join("7" if sign.isdigit() else " " for sign in value)
    sheet = write_over(paper.sheet, box, digits, random, pen=Pen(0.35, 95), pitch=5.0)
    result = read_page(scan(sheet, Scanner(dpi=200), random), knowing(paper))
    assert result.fields[field].state != "confirmed"


def test_words_struck_out_are_asked_about() -> None:
    paper, random = fresh(10)
    box = paper.edition.field("business_name").box
    line = dataclasses.replace(box, x=box.x + 2, y=box.y + 1, width=22, height=3.5)
    sheet = strike(paper.sheet, line, random, random_pen(random))
    result = read_page(scan(sheet, Scanner(dpi=200), random), knowing(paper))
    assert result.fields["business_name"].state == "doubtful"
    assert ("FIELD_STRUCK_OUT", "business_name") in [(told.code, told.field) for told in result.problems]


@pytest.mark.parametrize("seed", range(4))
def test_an_honest_page_with_light_grain_asks_nothing(seed: int) -> None:
    paper, random = fresh(20 + seed)
    image = scan(paper.sheet, Scanner(dpi=200, noise_sigma=9.0, contrast=0.7, jpeg_quality=55), random)
    result = read_page(image, knowing(paper))
    assert {name: found.state for name, found in result.fields.items() if found.state != "confirmed"} == {}


@pytest.mark.parametrize("seed", range(6))
def test_a_digit_printed_over_is_not_confirmed_on_a_harsh_scan(seed: int) -> None:
    paper, random = fresh(40 + seed)
    forged, _ = forge_digit(paper, "ruc", random)
    result = read_page(random_scan(forged, Severity.HARSH, random), knowing(paper))
    if result.identity is not None and "ruc" in result.fields:
        assert result.fields["ruc"].state != "confirmed"


def measured(paper: Paper, image: np.ndarray) -> tuple[list, list]:
    """A page's measures, by the scores alone and with the second look."""
    located = locate(image)
    assert located is not None
    _, held = identify(located, KEYS)
    strips = [strip for strip in strips_of(paper.edition) if strip.page == 1]
    _, look, laid = lay_values(held, paper.edition, strips, paper.values)
    plain = score_strips(laid, look)
    return list(plain), list(look_again(plain, unsure_cells))


def test_the_second_look_settles_what_a_worn_scan_left_in_doubt() -> None:
    settled = kept = 0
    for seed in range(60, 66):
        paper, random = fresh(seed)
        image = scan(paper.sheet, Scanner(dpi=150, noise_sigma=16, blur_px=0.9, jpeg_quality=25), random)
        plain, again = measured(paper, image)
        for field in paper.edition.value_fields:
            value = paper.values.get(field.name, "")
            before = judge_field(field, value, measures_of(plain, field), "seal").reading.state
            after = judge_field(field, value, measures_of(again, field), "seal").reading.state
            settled += before == "doubtful" and after == "confirmed"
            kept += before == "confirmed" and after != "confirmed"
    assert settled > 0
    assert kept == 0


def test_only_what_is_unsure_is_looked_at_again() -> None:
    paper, random = fresh(80)
    plain, again = measured(paper, scan(paper.sheet, Scanner(dpi=300), random))
    asked = sum(int(unsure_cells(measure).sum()) for measure in plain)
    told = sum(int(np.isfinite(found.likeness).sum()) for found in again if found.likeness is not None)
    assert told == asked
    assert asked < 30


def test_windows_are_of_one_size_and_show_signs_equally_large() -> None:
    strips = strips_of(REQUEST)
    text = next(strip for strip in strips if strip.shape is TEXT_CELL)
    comb = next(strip for strip in strips if strip.field == "ruc")
    for strip in (text, comb):
        grid = strip.grid()
        ink = np.zeros((grid.rows, grid.columns), np.float32)
        ink[:, : strip.shape.width] = 1.0
        cells = windows(strip, ink)
        assert cells.shape == (strip.cells, ROWS, COLUMNS)
        assert cells[0].sum() > cells[-1].sum()


def test_what_stands_there_is_likelier_than_another_sign() -> None:
    paper, random = fresh(90)
    _, again = measured(paper, scan(paper.sheet, Scanner(dpi=200), random))
    ruc = next(measure for measure in again if measure.strip.field == "ruc")
    own = likeness(paired_windows(ruc.strip, ruc.seen, ruc.picture))
    moved = likeness(paired_windows(ruc.strip, np.roll(ruc.seen, ruc.strip.shape.pitch, axis=1), ruc.picture))
    digits = paper.values["ruc"]
    changed = [place for place in range(1, 13) if digits[place] != digits[place - 1]]
    assert own.min() > DEFAULT.alike
    assert moved[changed].max() < DEFAULT.alike


def test_the_model_is_small_and_holds_numbers_only() -> None:
    arrays = load_arrays("intake", "second_look.npz")
    pairs = np.zeros((2, ROWS, COLUMNS, 2), np.float32)
    assert [network.scores(pairs).shape for network in networks_in(arrays)] == [(2, 1)] * len(LEARNT)
    assert sum(array.nbytes for array in arrays.values()) < 1_500_000


def test_a_file_that_is_no_model_is_refused() -> None:
    arrays = dict(load_arrays("intake", "second_look.npz"))
    del arrays["marked_hidden_bias"]
    with pytest.raises(KeyError):
        networks_in(arrays)
    buffer = BytesIO()
    np.savez(buffer, hidden=np.array([object()], dtype=object))
    with pytest.raises(ValueError, match="pickle"):
        arrays_in(buffer.getvalue())


def test_readers_without_records_take_the_second_look_too() -> None:
    paper, random = fresh(95)
    forged, _ = write_digit_over(paper, "representative_id", random)
    result = read_page(scan(forged.sheet, Scanner(dpi=300), random), ReadingContext(KEYS))
    assert result.fields["representative_id"].state != "confirmed"


@pytest.mark.parametrize("sign", ["1", "y", "8"])
def test_a_sign_that_a_pen_adds_after_a_text_is_asked_about(sign: str) -> None:
    paper, random = fresh(96)
    cell = room_after(paper, "email")
    assert cell is not None
    sheet = write_over(paper.sheet, cell, sign, random, pen=Pen(0.35, 110))
    result = read_page(scan(sheet, Scanner(dpi=200), random), knowing(paper))
    assert result.fields["email"].state == "doubtful"


@pytest.mark.parametrize("dpi", [200, 300])
@pytest.mark.parametrize("way", ["words put in by pen", "words rubbed out", "lines written in free space"])
def test_a_text_changed_by_words_is_never_confirmed_on_a_sound_scan(way: str, dpi: int) -> None:
    """However sure the second look is of single cells: it learnt from strokes, not from words."""
    for seed in range(97, 102):
        paper, random = fresh(seed)
        forged, _ = TEXT_FORGERS[way](paper, "petition", random)
        result = read_page(scan(forged.sheet, Scanner(dpi=dpi, rotation_deg=0.7), random), knowing(paper))
        assert result.fields["petition"].state != "confirmed", (seed, paper.values["petition"])
        others = {found.state for name, found in result.fields.items() if name != "petition"}
        assert others == {"confirmed"}


def test_a_digit_of_half_strength_over_another_is_asked_about() -> None:
    paper, random = fresh(98)
    forged, _ = forge_digit(paper, "ruc", random)
    half = (paper.sheet.image.astype(np.uint16) + forged.sheet.image) // 2
    sheet = paper.sheet.showing(half.astype(np.uint8))
    result = read_page(scan(sheet, Scanner(dpi=200), random), knowing(paper))
    assert result.fields["ruc"].state != "confirmed"


@pytest.mark.parametrize(("bilevel", "least", "most"), [(None, -0.005, 0.01), ("fixed", 0.015, 0.2)])
def test_ragged_edges_of_print_are_told_from_ink_on_bare_paper(
    bilevel: Bilevel | None, least: float, most: float
) -> None:
    paper, random = fresh(41)
    image = scan(paper.sheet, Scanner(dpi=200, bilevel=bilevel, noise_sigma=10, contrast=0.6), random)
    located = locate(image)
    assert located is not None
    identity, held = identify(located, KEYS)
    assert identity is not None
    strips = [strip for strip in strips_of(REQUEST) if strip.page == 1]
    _, look, laid = lay_values(held, REQUEST, strips, paper.values)
    of_text = [measure for measure in score_strips(laid, look) if measure.strip.shape is TEXT_CELL]
    signs = np.array([sign != " " for measure in of_text for sign in measure.text])
    added = np.concatenate([measure.scores.added for measure in of_text])
    usual = np.concatenate([measure.usual for measure in of_text])
    assert len(set(usual[signs])) == len(set(usual[~signs])) == 1
    assert least < usual[signs][0] - usual[~signs][0] < most
    for kind in (signs, ~signs):
        assert np.median(added[kind]) == pytest.approx(usual[kind][0], abs=1e-6)
