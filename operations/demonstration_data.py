"""Invented people and an invented employer, so that the whole journey can be tried at once.

No real person or company: numbers have right check digits and belong to nobody in particular.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from operations.house import House
from operations.register import sheet_row
from operations.users import UserRole, add_user
from regeneration.exchange import novedades_as_json, sheet_from_json
from regeneration.months import Month
from regeneration.novedades import Novedad, NovedadType
from regeneration.parameters import Parameters
from regeneration.sheets import Sheet
from regeneration.valuation import Rates, find_rates, reserve_fund_sheet, value_sheet
from storage.schema import EmployerRow, NovedadRow, ReceiptRow, RepresentativeRow, UserRow

PASSWORD: Final = "ventanilla-demo"
"""Password of every demonstration user; they exist only where ``--demo`` asked for them."""

RUC: Final = "1799999990001"
BRANCH: Final = "0001"
BUSINESS_NAME: Final = "COMERCIAL ANDINA DE ALIMENTOS ÑUSTA CÍA. LTDA."
REPRESENTATIVE: Final = ("1712345675", "María Fernanda Guamán Quishpe")
NEWCOMER: Final = ("0100000017", "Rosa Elena Chimbo Andi")

_STAFF: Final = (
    ("1710034065", "Luis Alberto Toapanta Yépez", "700.00", "accumulated"),
    ("0960000016", "Andrés Felipe Rivas", "550.00", "none"),
    ("2400000010", "Belén Sofía Cárdenas Muñoz", "1234.56", "accumulated"),
)
_USERS: Final = (
    (f"{RUC}/{BRANCH}", "Comercial Andina", UserRole.EMPLOYER),
    ("ventanilla", "Carmen Ibarra (ventanilla)", UserRole.CLERK),
    ("supervision", "Óscar Peñafiel (supervisión)", UserRole.SUPERVISOR),
    ("archivo", "Lucía Zambrano (archivo)", UserRole.ARCHIVIST),
)


def month_before(on: date) -> Month:
    """The month whose sheet is due: the one before ``on``."""
    last = on.replace(day=1) - timedelta(days=1)
    return Month(last.year, last.month)


def seed_demonstration(house: House) -> None:
    """Put the demonstration's users and one employer month into the register, unless they are there."""
    with house.database.transaction() as session:
        empty = session.scalar(select(func.count()).select_from(UserRow)) == 0
    if not empty:
        return
    for name, display_name, role in _USERS:
        employer = role is UserRole.EMPLOYER
        add_user(
            house,
            name,
            display_name,
            role,
            PASSWORD,
            ruc=RUC if employer else "",
            branch=BRANCH if employer else "",
        )
    with house.database.transaction() as session:
        _add_employer(session)
        add_month(house, session, month_before(house.today()), serial=123)


def _add_employer(session: Session) -> None:
    session.add(
        EmployerRow(
            ruc=RUC,
            business_name=BUSINESS_NAME,
            branches=[BRANCH, "0002"],
            email="contabilidad@andina-alimentos.example",
            phone="02 394 5666",
            address="Av. 10 de Agosto N23-45 y Bogotá, edificio Andina, piso 3, Quito",
        )
    )
    session.flush()
    number, name = REPRESENTATIVE
    session.add(
        RepresentativeRow(
            ruc=RUC, id_kind="cedula", id_number=number, name=name, since="2020-01-01", until=None
        )
    )


def add_month(house: House, session: Session, month: Month, serial: int) -> None:
    """A sheet that lacks one person's entry, with receipts and reserve-fund sheet annulled today."""
    sheet = _valued(_sheet(month, serial), house.parameters)
    fund = reserve_fund_sheet(sheet, house.parameters, f"{month}-{serial + 1:06d}")
    session.add(sheet_row(sheet))
    annulled = house.now()
    if isinstance(fund, Sheet):
        row = sheet_row(fund)
        row.state, row.annulled_at = "annulled", annulled
        row.body = row.body | {"state": "annulled"}
        session.add(row)
        session.flush()
        session.add(
            ReceiptRow(
                number=f"{serial}-FR", sheet_number=fund.number, state="annulled", annulled_at=annulled
            )
        )
    session.flush()
    session.add(
        ReceiptRow(number=f"{serial}-AP", sheet_number=sheet.number, state="annulled", annulled_at=annulled)
    )
    for body in novedades_as_json(_novedades(month, house.today())):
        session.add(NovedadRow(ruc=RUC, branch=BRANCH, period=str(month), body=body))


def _sheet(month: Month, serial: int) -> Sheet:
    lines: list[dict[str, Any]] = [
        {
            "id_number": number,
            "name": name,
            "relation": "06",
            "wage": wage,
            "days": 30,
            "part_time_hours": None,
            "reserve_fund": fund,
        }
        for number, name, wage, fund in _STAFF
    ]
    return sheet_from_json(
        {
            "ruc": RUC,
            "branch": BRANCH,
            "period": str(month),
            "type": "contributions",
            "number": f"{month}-{serial:06d}",
            "regime": "private",
            "state": "generated",
            "lines": lines,
        }
    )


def _valued(sheet: Sheet, parameters: Parameters) -> Sheet:
    rates = find_rates(sheet, parameters)
    match rates:
        case Rates():
            return value_sheet(sheet, rates)
        case missing:
            raise LookupError(f"the demonstration's month has no rates: {missing}")


def _novedades(month: Month, on: date) -> list[Novedad]:
    """What the employer forgot and registered today: an entry, an exit and a new wage."""
    number, name = NEWCOMER
    first, by = date(month.year, month.month, 1), f"{RUC}/{BRANCH}"
    return [
        Novedad(
            NovedadType.ENTRY,
            number,
            first.replace(day=20),
            on,
            name=name,
            wage=Decimal("482.00"),
            relation="06",
            id="N1",
            registered_by=by,
        ),
        Novedad(
            NovedadType.NEW_WAGE,
            _STAFF[1][0],
            first.replace(day=15),
            on,
            wage=Decimal("600.00"),
            id="N2",
            registered_by=by,
        ),
        Novedad(
            NovedadType.EXIT, _STAFF[2][0], first.replace(day=25), on, cause="V", id="N3", registered_by=by
        ),
    ]


def request_values(house: House) -> dict[str, str]:
    """What the demonstration's employer writes in its request."""
    month = month_before(house.today())
    number, name = REPRESENTATIVE
    return {
        "place": "Quito",
        "date": house.today().isoformat(),
        "ruc": RUC,
        "branch": BRANCH,
        "business_name": BUSINESS_NAME,
        "representative_name": name,
        "representative_id_kind": "cedula",
        "representative_id": number,
        "period": str(month),
        "sheet_type": "contributions",
        "sheet_number": f"{month}-000123",
        "petition": (
            f"El aviso de entrada de {NEWCOMER[1]}, con cédula {NEWCOMER[0]}, no se registró a tiempo; "
            "tampoco un nuevo sueldo y una salida del mismo mes. Hoy se registraron las tres novedades en el "
            "portal. Solicito que se regenere la planilla de aportes para que conste la información correcta."
        ),
        "email": "contabilidad@andina-alimentos.example",
        "phone": "02 394 5666",
        "address": "Av. 10 de Agosto N23-45 y Bogotá, edificio Andina, piso 3, Quito",
    }
