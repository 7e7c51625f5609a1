"""``rebuild``: the regeneration core alone, on files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import click

from cli.language import say
from cli.output import Exit, fail, print_json, print_problems, read_bytes, write_bytes
from forms.problems import problem
from operations.papers import draw_result
from operations.parameter_files import parameters_in_force
from operations.settings import load_settings
from regeneration.adjustment import adjust
from regeneration.batch_file import novedades_of, read_batch
from regeneration.exchange import (
    assume_no_extras,
    parse_novedades,
    parse_sheet,
    rebuilt_as_json,
    sheet_as_json,
)
from regeneration.json_reading import ExchangeError, read_date
from regeneration.money import format_money
from regeneration.novedades import Novedad
from regeneration.parameters import Parameters
from regeneration.rebuilding import Outcome, rebuild
from regeneration.sheets import Sheet, SheetState
from regeneration.tabulation import sheet_as_csv
from regeneration.valuation import totals_of

_BEFORE_JSON: Final = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
"""What may come before JSON: the marks of UTF-8 and of UTF-16 with which editors save it, and space."""


@click.command("rebuild", help=say("Regenera una planilla desde archivos.", "Rebuild a sheet from files."))
@click.option(
    "--sheet",
    "sheet_file",
    required=True,
    type=click.Path(path_type=Path),
    help=say("Planilla (JSON).", "Sheet (JSON)."),
)
@click.option(
    "--novedades",
    "novedad_file",
    required=True,
    type=click.Path(path_type=Path),
    help=say(
        "Novedades: JSON, o el archivo batch del IESS.", "Novedades: JSON, or the institute's batch file."
    ),
)
@click.option(
    "--on",
    "day",
    required=True,
    help=say("Día de la solicitud (AAAA-MM-DD).", "Day of the request (YYYY-MM-DD)."),
)
@click.option("--json", "as_json", is_flag=True, help=say("Un documento JSON.", "One JSON document."))
@click.option("--pdf", type=click.Path(path_type=Path), help=say("Comparación en PDF.", "Comparison as PDF."))
@click.option(
    "--csv",
    "table",
    type=click.Path(path_type=Path),
    help=say("Planilla regenerada en CSV.", "Rebuilt sheet as CSV."),
)
def rebuild_command(
    sheet_file: Path, novedad_file: Path, day: str, as_json: bool, pdf: Path | None, table: Path | None
) -> None:
    try:
        on = read_date(day)
    except ValueError:
        fail(Exit.USAGE, problem("DATE_INVALID", value=day), english=f"{day!r} is not a date YYYY-MM-DD.")
    try:
        sheet = parse_sheet(read_bytes(sheet_file))
        novedades = _read_novedades(read_bytes(novedad_file), sheet, on)
    except ExchangeError as error:
        fail(Exit.UNREADABLE, problem("EXCHANGE_INVALID", reason=error))
    parameters = parameters_in_force(load_settings())
    sheet, assumed = assume_no_extras(sheet, novedades)
    rebuilt = rebuild(sheet, novedades, parameters, on)
    rebuilt = replace(rebuilt, problems=(*rebuilt.problems, *assumed))
    if pdf is not None and rebuilt.outcome is not Outcome.REFUSED:
        write_bytes(pdf, draw_result(rebuilt, on, parameters))
    if table is not None and rebuilt.outcome is not Outcome.REFUSED:
        write_bytes(table, sheet_as_csv(rebuilt.sheet))
    owed = _adjust_paid(sheet, novedades, parameters, on)
    if as_json:
        more = {} if owed is None else {"adjustment": sheet_as_json(owed)}
        print_json({**rebuilt_as_json(rebuilt), **more})
    else:
        click.echo(say(rebuilt.outcome.label, rebuilt.outcome.value))
        for change in rebuilt.changes:
            click.echo(f"  {change.id_number}  {change.why}")
        for foot in rebuilt.foot_changes:
            click.echo(f"  {foot.why}")
        print_problems(rebuilt.problems)
        if owed is not None:
            total = format_money(totals_of(owed).total)
            click.echo(say(f"  Ajuste que correspondería: USD {total}.", f"  Adjustment due: USD {total}."))
    raise SystemExit(Exit.DONE if rebuilt.outcome is Outcome.REBUILT else Exit.NO)


def _adjust_paid(
    sheet: Sheet, novedades: tuple[Novedad, ...], parameters: Parameters, on: date
) -> Sheet | None:
    """What would still be owed beside a sheet that is paid and so not rebuilt; nothing for any other."""
    if sheet.state is not SheetState.PAID:
        return None
    return adjust(sheet, novedades, parameters, on, f"{sheet.number}-A").sheet


def _read_novedades(data: bytes, sheet: Sheet, on: date) -> tuple[Novedad, ...]:
    """Novedades of either format. A batch file with a wrong line is not applied in part: every fault of
    it is told at once and the command ends.
    """
    if data.lstrip(_BEFORE_JSON)[:1] in {b"[", b"{"}:
        return parse_novedades(data)
    novedades, problems = novedades_of(read_batch(data), sheet, on)
    if problems:
        fail(Exit.UNREADABLE, *problems)
    return novedades
