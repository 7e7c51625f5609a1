"""The institute's batch file: read with an error for each line, written back equal, applied to a sheet."""

from __future__ import annotations

import locale
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regeneration.batch_file import BatchFile, BatchRecord, novedades_of, read_batch, write_batch
from regeneration.batch_layout import NO_DAY, TAILS, columns_of
from regeneration.novedades import EXIT_CAUSES, NovedadType
from regeneration.rebuilding import Outcome
from tests.regeneration_samples import ANA, BLANCA, CARLOS, make_line, make_sheet, run

HEAD = "1790010937001;0001;2026;09"
ENTRY = f"{HEAD};ENT;{CARLOS};20260916;20260920;1;R;01;06;VENDEDOR;1401234567890;700.00;P"
EXIT = f"{HEAD};SAL;{BLANCA};20260915;V;00000000"
NEW_WAGE = f"{HEAD};MSU;{ANA};600.00"
VARIATION = f"{HEAD};INS;{ANA};35.50;O"
REGISTERED = date(2026, 10, 2)


def read(*lines: str) -> BatchFile:
    return read_batch("".join(f"{line}\r\n" for line in lines).encode("ascii"))


def told(batch: BatchFile) -> list[str]:
    return [found.message for found in batch.problems]


def test_every_type_of_record_is_read_and_written_back_byte_for_byte() -> None:
    data = "".join(f"{line}\r\n" for line in (ENTRY, EXIT, NEW_WAGE, VARIATION)).encode()
    batch = read_batch(data)
    assert not batch.problems
    assert [record.type.value for record in batch.records] == ["ENT", "SAL", "MSU", "INS"]
    assert write_batch(batch.records) == data


def test_a_file_rebuilds_its_sheet() -> None:
    sheet = make_sheet(make_line(), make_line(BLANCA))
    novedades, problems = novedades_of(read(ENTRY, EXIT, NEW_WAGE, VARIATION), sheet, REGISTERED)
    assert not problems
    rebuilt = run(sheet, *novedades)
    assert rebuilt.outcome is Outcome.REBUILT
    # 600.00 + 35.50 of extras; 550.00 × 15/30; 700.00 × 15/30
    assert [line.wage for line in rebuilt.sheet.lines] == [
        Decimal("635.50"),
        Decimal("275.00"),
        Decimal("350.00"),
    ]


def test_a_new_wage_in_the_month_of_entry_holds_from_the_entry() -> None:
    lines = (ENTRY, f"{HEAD};MSU;{CARLOS};800.00")
    novedades, _ = novedades_of(read(*lines), make_sheet(), REGISTERED)
    assert {each.effective for each in novedades} == {date(2026, 9, 16)}
    (line,) = run(make_sheet(), *novedades).sheet.lines
    assert line.wage == Decimal("400.00")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{HEAD};MSU;{ANA};600,00", "lleva coma"),
        (f"{HEAD};MSU;{ANA};600", "punto y dos decimales"),
        (f"{HEAD};MSU;{ANA};-600.00", "negativo"),
        (f"{HEAD};MSU;{ANA}", "tiene 7 columnas y este tiene 6"),
        (f"{HEAD};MSU;{ANA};600.00;", "tiene 7 columnas y este tiene 8"),
        (f"{HEAD};INS;{ANA};35.50;X", "no es uno de: O"),
        (f"{HEAD};XXX;{ANA};600.00", "no es uno de: ENT, SAL, MSU, INS"),
        (f"{HEAD};MSU;17123456;600.00", "10 caracteres"),
        ("1790010937000;0001;2026;09;MSU;1712345675;600.00", "no es un RUC"),
        ("1790010937001;1;2026;09;MSU;1712345675;600.00", "sucursal"),
        ("1790010937001;0001;2026;13;MSU;1712345675;600.00", "mes de 01 a 12"),
        (f"{HEAD};SAL;{ANA};20260931;V;00000000", "no es una fecha"),
        (f"{HEAD};SAL;{ANA};20260915;Z;00000000", "no es uno de: T"),
        (f"{HEAD};SAL;{ANA};20260915;V;", "fecha de fallecimiento"),
        (f"{HEAD};SAL;{ANA};20260915;F;00000000", "va con la causa F"),
        (f"{HEAD};SAL;{ANA};20260915;V;20260915", "va con la causa F"),
        ("una carta cualquiera", "faltan las primeras"),
        ("", "está vacía: bórrela"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_column_and_the_rest_is_read(line: str, said: str) -> None:
    batch = read(NEW_WAGE, line, EXIT)
    assert [each.number for each in batch.lines] == [1, 3]
    assert any(said in message for message in told(batch)), told(batch)
    assert all(message.startswith("Línea 2 ") for message in told(batch))


def test_several_faults_of_a_line_are_all_told() -> None:
    batch = read(f"17900109370;9;2026;09;MSU;{ANA};1,5")
    assert [found.field for found in batch.problems] == ["ruc", "branch", "wage"]


@pytest.mark.parametrize("data", [b"", b"\r\n", b"\n"])
def test_an_empty_file_is_said_to_be_empty(data: bytes) -> None:
    assert "está vacío" in told(read_batch(data))[0]


@pytest.mark.parametrize("mark", ["ñ", "\ufeff", "á"])
def test_a_sign_that_is_not_ascii_is_told_with_its_place(mark: str) -> None:
    batch = read_batch(f"{ENTRY.replace('VENDEDOR', f'VENDEDOR{mark}')}\r\n".encode())
    assert "no es ASCII" in told(batch)[0]
    assert not batch.lines


def test_a_person_twice_in_one_type_is_refused_at_the_second_line() -> None:
    batch = read(NEW_WAGE, VARIATION, NEW_WAGE)
    assert [each.number for each in batch.lines] == [1, 2]
    assert "repite el registro de la línea 1" in told(batch)[0]


def test_lines_of_another_sheet_and_unknown_hours_are_not_applied() -> None:
    other = NEW_WAGE.replace(";0001;", ";0002;")
    part_time = ENTRY.replace(";1;R;", ";2;R;")
    novedades, problems = novedades_of(read(other, part_time), make_sheet(make_line()), REGISTERED)
    assert not novedades
    assert "es de otra planilla" in problems[0].message
    assert "jornada" in problems[1].message


def test_death_is_written_with_its_date() -> None:
    batch = read(f"{HEAD};SAL;{ANA};20260915;F;20260914")
    assert not batch.problems
    assert batch.records[0].values["died"] == "20260914"


def test_accents_are_folded_on_writing_and_a_separator_is_refused() -> None:
    record = read(ENTRY).records[0]
    accented = BatchRecord(record.type, {**record.values, "position": "Ingeniería de diseño"})
    assert b";Ingenieria de diseno;" in write_batch([accented])
    for bad in ("uno;dos", "uno\rdos", "漢字"):
        with pytest.raises(ValueError, match="cargo"):
            write_batch([BatchRecord(record.type, {**record.values, "position": bad})])


def test_the_decimal_comma_of_a_locale_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    comma = {"decimal_point": ",", "thousands_sep": "."}
    monkeypatch.setattr(locale, "localeconv", lambda: comma)
    data = f"{NEW_WAGE}\r\n".encode()
    assert write_batch(read_batch(data).records) == data


digits = st.text("0123456789", min_size=10, max_size=10)
amounts = st.integers(0, 10**10).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")
days = st.dates(date(1980, 1, 1), date(2040, 12, 31)).map(lambda day: day.strftime("%Y%m%d"))
texts = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789.,-/", min_size=1, max_size=64).filter(str.strip)
OF_COLUMN = {
    "entered": days,
    "registered": days,
    "left": days,
    "workday": st.just("1"),
    "insurance": st.sampled_from("RM"),
    "employer_type": st.just("01"),
    "relation": st.sampled_from(["06", "53", "109"]),
    "position": texts,
    "activity": st.text("0123456789", min_size=13, max_size=13),
    "wage": amounts,
    "amount": amounts,
    "pay_origin": st.sampled_from("PE"),
    "died": st.just(NO_DAY),
}


@st.composite
def records(draw: st.DrawFn) -> BatchRecord:
    kind = draw(st.sampled_from(list(TAILS)))
    values = dict(
        zip(("ruc", "branch", "year", "month", "type"), [*HEAD.split(";"), kind.value], strict=True)
    )
    values["id_number"] = draw(digits)
    for column in TAILS[kind]:
        if column.name == "cause":
            values["cause"] = draw(
                st.sampled_from(sorted(set(EXIT_CAUSES) - {"F"}))
                if kind is NovedadType.EXIT
                else st.just("O")
            )
        else:
            values[column.name] = draw(OF_COLUMN[column.name])
    return BatchRecord(kind, values)


@given(
    st.lists(records(), min_size=1, max_size=8, unique_by=lambda each: (each.type, each.values["id_number"]))
)
def test_what_is_written_is_read_back_equal(given_: list[BatchRecord]) -> None:
    batch = read_batch(write_batch(given_))
    assert not batch.problems
    assert list(batch.records) == given_


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_told(data: bytes) -> None:
    batch = read_batch(data)
    assert batch.lines or batch.problems
    for line in batch.lines:
        assert set(line.record.values) == {column.name for column in columns_of(line.record.type)}
