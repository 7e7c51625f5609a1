"""Letters that go over to another page: one document, each value on the page where it stands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from bench.letter_facts import Facts, random_facts
from bench.letter_manners.blocks import Block, Manner, heading, p
from bench.letter_material import letter_from
from forms.geometry import A4_HEIGHT, A4_WIDTH, Box
from forms.problems import problem
from generators.paper.files import encode
from generators.paper.ink import sign
from generators.paper.scanning import Scanner, scan
from generators.paper.sheets import Grey, print_page
from intake.batch import read_batch, read_file
from intake.letters.extraction import canonical
from intake.letters.reading import SIGNATURE
from intake.letters.several_pages import letter_of_pages
from intake.letters.text import LetterText
from intake.limits import Limits
from intake.pages import PageResult, ReadingContext
from intake.readings import DocumentReading, SignatureReading

SIGN = Block("sign")


def begins(f: Facts) -> list[Block]:
    return [
        *heading(f),
        p(f"La empresa {f['business_name']}, RUC {f['ruc']}, sucursal {f['branch']}, solicita a ustedes:"),
        p(f"Que se regenere {f.sheet} del mes de {f.month}, {f.reason}, y que la planilla quede como"),
    ]


def ends(f: Facts) -> list[Block]:
    return [
        p("corresponde según los avisos ya registrados en el sistema."),
        p(f"Para cualquier novedad: {f['email']}, teléfono {f['phone']}, dirección {f['address']}."),
        p("Atentamente,", gap=2),
        SIGN,
        p(f["representative_name"], gap=0),
        p(f"{f.id_label} {f['representative_id']}", gap=0),
        p("Representante legal"),
    ]


def ends_with_ruc(f: Facts) -> list[Block]:
    return [*ends(f), p(f"RUC {f['ruc']}")]


def one_sentence(f: Facts) -> list[Block]:
    return [*begins(f)[:-1], p(f"Que se regenere {f.sheet} del mes de {f.month}, {f.reason}.")]


def whole(f: Facts) -> list[Block]:
    return [*begins(f)[:-1], p(f"Que se regenere {f.sheet} del mes de {f.month}, {f.reason}."), *ends(f)[1:]]


def workers(f: Facts) -> list[Block]:
    names = ("Jorge Luis Andi Grefa", "Rosa Elena Tapuy Shiguango", "Darwin Patricio Loor Vera")
    return [p("ANEXO"), p("Trabajadores a los que se refiere"), *(p(f"{name}, 30 días") for name in names)]


def one_of_two(f: Facts) -> list[Block]:
    return [
        *begins(f)[:-1],
        p(f"Que se regenere {f.sheet} del mes de {f.month}, {f.reason}."),
        p("Pág. 1 de 2"),
    ]


def two_of_two(f: Facts) -> list[Block]:
    return [p("Pág. 2 de 2"), *ends(f)[1:2], SIGN, p(f["representative_name"], gap=0), p("Gerente")]


def facts(seed: int = 4) -> Facts:
    return random_facts(np.random.default_rng(seed))


def page(manner: Manner, told: Facts) -> Grey:
    letter = letter_from(told, manner, "LiberationSans-Regular")
    random = np.random.default_rng(5)
    sheet = print_page(letter.pdf)
    if manner is not workers and manner not in (begins, one_of_two, one_sentence):
        sheet = sign(sheet, letter.signature, random)
    return scan(sheet, Scanner(dpi=200, rotation_deg=0.4, blur_px=0.35), random)


def documents(*pages: Grey) -> Sequence[DocumentReading]:
    files = [(f"{place}.jpg", encode([image], "jpeg", 200)) for place, image in enumerate(pages)]
    return read_batch(files, ReadingContext()).documents


def test_a_sentence_that_runs_over_joins_two_photographs() -> None:
    told = facts()
    (document,) = documents(page(begins, told), page(ends, told))
    assert (document.route, [each.file for each in document.pages]) == ("letter", ["0.jpg", "1.jpg"])
    places = {name: found.page for name, found in document.fields.items() if found.value}
    assert {name: places[name] for name in ("ruc", "branch", "email", "representative_id")} == {
        "ruc": 1,
        "branch": 1,
        "email": 2,
        "representative_id": 2,
    }
    for name in ("ruc", "email", "phone", "representative_id", "representative_name"):
        assert canonical(document.fields[name].value) == canonical(told[name]), name
    for found in document.fields.values():
        assert Box(0, 0, A4_WIDTH, A4_HEIGHT).contains(Box(*found.box_mm))
    signature = document.signatures["representative_signature"]
    assert (signature.state, signature.page) == ("present", 2)


def test_a_file_of_two_pages_is_one_letter() -> None:
    told = facts(6)
    data = encode([page(begins, told), page(ends, told)], "pdf", 200)
    (document,) = read_batch([("carta.pdf", data)], ReadingContext()).documents
    assert [each.page for each in document.pages] == [1, 2]
    assert canonical(document.fields["email"].value) == canonical(told["email"])


def test_counted_pages_belong_together() -> None:
    told = facts(8)
    (document,) = documents(page(one_of_two, told), page(two_of_two, told))
    assert document.fields["email"].page == 2
    assert "1 de 2" not in document.fields["petition"].value


def test_what_comes_after_leave_was_taken_is_an_annex() -> None:
    told = facts()
    letter, annex = documents(page(whole, told), page(workers, told))
    assert (letter.route, annex.route) == ("letter", "annex")
    assert not annex.signatures


@pytest.mark.parametrize("first", [begins, whole])
def test_letters_of_two_employers_are_two(first: Manner) -> None:
    one, other = facts(4), facts(9)
    assert [each.route for each in documents(page(first, one), page(whole, other))] == ["letter", "letter"]


def test_a_letter_is_not_taken_for_a_page_of_ours_that_lost_its_number() -> None:
    """Such a page is read a second time, beside all that was issued last."""
    data = encode([page(whole, facts())], "jpeg", 200)
    _, pages = read_file("carta.jpg", data, ReadingContext(), Limits())
    assert [each.result.unnamed for each in pages] == [False]


@pytest.mark.parametrize(("first", "second"), [(begins, ends), (one_of_two, two_of_two)])
def test_pages_that_came_in_another_order_are_one_letter_and_the_clerk_is_told(
    first: Manner, second: Manner
) -> None:
    told = facts()
    (document,) = documents(page(second, told), page(first, told))
    assert [each.file for each in document.pages] == ["1.jpg", "0.jpg"]
    (warning,) = (found for found in document.problems if found.code == "PAGES_REORDERED")
    assert "la página 1 de «1.jpg»" in warning.message
    assert (document.fields["ruc"].page, document.fields["email"].page) == (1, 2)
    assert document.signatures["representative_signature"].page == 2


def test_pages_in_their_order_are_not_told_to_have_been_moved() -> None:
    told = facts()
    (document,) = documents(page(begins, told), page(ends, told))
    assert "PAGES_REORDERED" not in {found.code for found in document.problems}


def test_pages_of_two_employers_are_not_joined_backwards() -> None:
    one, other = facts(4), facts(9)
    found = documents(page(ends_with_ruc, one), page(begins, other))
    assert len(found) == 2


def test_a_page_that_ends_a_sentence_is_not_joined_to_the_one_before_on_a_guess() -> None:
    told = facts()
    found = documents(page(ends, told), page(one_sentence, told))
    assert len(found) == 2
    assert all(each.code != "PAGES_REORDERED" for document in found for each in document.problems)


def damaged(data: bytes) -> bytes:
    start = round(0.9 * len(data))
    return data[:start] + bytes(2048) + data[start + 2048 :]


@pytest.mark.parametrize("faulty", [0, 1])
def test_of_a_letter_of_which_one_page_is_damaged_nothing_is_sure(faulty: int) -> None:
    told = facts()
    files = [encode([image], "jpeg", 200) for image in (page(begins, told), page(ends, told))]
    files[faulty] = damaged(files[faulty])
    (document,) = read_batch(
        [("1.jpg", files[0]), ("2.jpg", files[1])],
        ReadingContext(),
    ).documents
    assert len(document.pages) == 2
    assert {found.state for found in document.fields.values()} == {"doubtful"}
    assert {found.state for found in document.signatures.values()} == {"doubtful"}
    asked = [found.field for found in document.problems if found.code == "FIELD_DOUBTFUL"]
    assert sorted(map(str, asked)) == sorted(document.fields)


@pytest.mark.parametrize("alone", [True, False])
def test_what_a_letter_lacks_may_be_in_the_part_that_did_not_arrive(alone: bool) -> None:
    told = facts()
    last = encode([page(whole if alone else ends, told)], "jpeg", 200)
    # The letter's end, the name and the signature with it, never came.
    files = [] if alone else [("1.jpg", encode([page(begins, told)], "jpeg", 200))]
    (document,) = read_batch(
        [*files, ("2.jpg", last[: round((0.45 if alone else 0.3) * len(last))])], ReadingContext()
    ).documents
    assert len(document.pages) == len(files) + 1
    assert document.signatures["representative_signature"].state == "doubtful"
    assert "missing" not in {found.state for found in document.fields.values()}
    codes = [found.code for found in document.problems]
    assert not {"SIGNATURE_ABSENT", "FIELD_MISSING"} & set(codes)
    assert codes.count("SIGNATURE_DOUBTFUL") == 1


def test_what_was_drawn_over_one_page_of_a_letter_is_told_of_the_letter() -> None:
    pages = [
        PageResult(
            None,
            signatures={SIGNATURE: SignatureReading("doubtful", 0.5, number, (20.0, 200.0, 60.0, 20.0))},
            problems=told,
            written=LetterText(()),
        )
        for number, told in enumerate([(problem("PAGE_DRAWN_OVER", page=1),), ()], start=1)
    ]
    assert "PAGE_DRAWN_OVER" in {found.code for found in letter_of_pages(pages).problems}
