"""Invented people and an invented employer, so that the whole journey can be tried at once.

No real person or company: numbers have right check digits and belong to nobody in particular.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from operations.house import House
from operations.register import sheet_row
from operations.users import User, UserRole, record_user
from regeneration.exchange import novedades_as_json, sheet_from_json
from regeneration.months import Month
from regeneration.novedades import Novedad, NovedadType
from regeneration.parameters import Parameters
from regeneration.sheets import Sheet, SheetState
from regeneration.valuation import Rates, find_rates, reserve_fund_sheet, value_sheet
from storage.schema import EmployerRow, NovedadRow, ReceiptRow, RepresentativeRow, UserRow

PASSWORD: Final = "ventanilla-demo"
"""Password of every demonstration user; they exist only where ``--demo`` asked for them."""

RUC: Final = "1799999990001"
BRANCH: Final = "0001"
BUSINESS_NAME: Final = "COMERCIAL ANDINA DE ALIMENTOS ÑUSTA CÍA. LTDA."
REPRESENTATIVE: Final = ("1712345675", "María Fernanda Guamán Quishpe")
NEWCOMER: Final = ("0100000017", "Rosa Elena Chimbo Andi")

PUBLIC_RUC: Final = "1768999990001"
FOREIGN_RUC: Final = "1791999991001"
FOREIGNER: Final = ("E000451278", "Anneke van der Berg")

_STAFF: Final = (
    ("1710034065", "Luis Alberto Toapanta Yépez", "700.00", "accumulated"),
    ("0960000016", "Andrés Felipe Rivas", "550.00", "none"),
    ("2400000010", "Belén Sofía Cárdenas Muñoz", "1234.56", "accumulated"),
)


@dataclass(frozen=True, slots=True)
class _Employer:
    """An employer that has done nothing yet: its receipts live and no novedad is registered."""

    ruc: str
    business_name: str
    short_name: str
    representative: tuple[str, str, str]
    regime: str
    serial: int

    @property
    def user(self) -> str:
        return f"{self.ruc}/{BRANCH}"


_BEGINNERS: Final = (
    _Employer(
        PUBLIC_RUC,
        "EMPRESA PÚBLICA DE AGUA DEL VALLE DE LOS CHILLOS EP",
        "Agua del Valle EP",
        ("cedula", "0960000016", "Andrés Felipe Rivas"),
        "public",
        223,
    ),
    _Employer(
        FOREIGN_RUC,
        "FLORES DEL COTOPAXI VAN DER BERG S.A.",
        "Flores del Cotopaxi",
        ("foreigner-code", *FOREIGNER),
        "private",
        323,
    ),
)
_USERS: Final = (
    (f"{RUC}/{BRANCH}", "Comercial Andina", UserRole.EMPLOYER),
    *((each.user, each.short_name, UserRole.EMPLOYER) for each in _BEGINNERS),
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
    month = month_before(house.today())
    with house.database.transaction() as session:
        if session.scalar(select(func.count()).select_from(UserRow)):
            return
        _add_employer(session)
        add_month(house, session, month, serial=123)
        for beginner in _BEGINNERS:
            _add_beginner(house, session, month, beginner)
        for user in _users(house.settings.office):
            record_user(house, session, user, PASSWORD)


def _users(office: str) -> Iterator[User]:
    for name, display_name, role in _USERS:
        if role is UserRole.EMPLOYER:
            ruc, branch = name.split("/")
            yield User(name, display_name, role, ruc, branch)
        else:
            yield User(name, display_name, role, office=office)


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


def _add_beginner(house: House, session: Session, month: Month, employer: _Employer) -> None:
    """An employer whose journey begins in the portal."""
    session.add(
        EmployerRow(
            ruc=employer.ruc,
            business_name=employer.business_name,
            branches=[BRANCH],
            email="nomina@empleador.example",
            phone="02 294 3100",
            address="Av. Ilaló S4-120 y Río Pita, Sangolquí",
        )
    )
    session.flush()
    kind, number, name = employer.representative
    session.add(
        RepresentativeRow(
            ruc=employer.ruc, id_kind=kind, id_number=number, name=name, since="2024-03-01", until=None
        )
    )
    shape = _sheet(month, employer.serial, employer.ruc, employer.regime)
    sheet = replace(_valued(shape, house.parameters), state=SheetState.WITH_RECEIPT)
    fund = reserve_fund_sheet(sheet, house.parameters, f"{month}-{employer.serial + 1:06d}")
    made = [(sheet, "AP")] + (
        [(replace(fund, state=SheetState.WITH_RECEIPT), "FR")] if isinstance(fund, Sheet) else []
    )
    for each, kind in made:
        session.add(sheet_row(each))
        session.flush()
        session.add(
            ReceiptRow(number=f"{employer.serial}-{kind}", sheet_number=each.number, state="generated")
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


def _sheet(month: Month, serial: int, ruc: str = RUC, regime: str = "private") -> Sheet:
    lines: list[dict[str, Any]] = [
        {
            "id_number": number,
            "name": name,
            "relation": "06",
            "wage": wage,
            "days": 30,
            "part_time_hours": None,
            "reserve_fund": fund,
            "variation": "0.00",
        }
        for number, name, wage, fund in _STAFF
    ]
    return sheet_from_json(
        {
            "ruc": ruc,
            "branch": BRANCH,
            "period": str(month),
            "type": "contributions",
            "number": f"{month}-{serial:06d}",
            "regime": regime,
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
