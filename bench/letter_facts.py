"""What the letters of employers tell: values of made-up people and companies, in their writers' spellings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from bench.material import cedula, company_ruc
from forms.model import Values

Random = np.random.Generator

_MONTHS_TEXT: Final = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
)
MONTHS: Final = tuple(_MONTHS_TEXT.split())
WEEKDAYS: Final = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_GIVEN_TEXT: Final = (
    "María José Luis Ángel Lucía Óscar Andrés Belén Édgar Zoila Rosa Juan Carmen Jorge Ana Pedro Elena"
)
_GIVEN: Final = tuple(_GIVEN_TEXT.split())
_FAMILY_TEXT: Final = (
    "Guamán Quishpe Chimbo Yépez Muñoz Cárdenas Zambrano Ibarra Güiza Peñafiel Toapanta Pérez Vera Mora Lema"
)
_FAMILY: Final = tuple(_FAMILY_TEXT.split())
_COMPANIES: Final = (
    "Comercial {} S.A.",
    "Industrias {} Cía. Ltda.",
    "Servicios Integrales {} S.A.S.",
    "Textiles {} & Asociados C.L.",
    "Constructora {} S.A.",
    "Agrícola {} E.P.",
    "Importadora del Pacífico {} C.A.",
    "Transportes {} Hermanos Cía. Ltda.",
)
_ROADS: Final = (
    "Av. 10 de Agosto",
    "Calle Bolívar",
    "Av. Amazonas",
    "Gran Colombia",
    "Av. de las Américas",
    "Sucre",
)
_SIDE: Final = ("Bogotá", "Olmedo", "Rocafuerte", "La Niña", "Guayas", "9 de Octubre")
_CITIES: Final = ("Quito", "Guayaquil", "Cuenca", "Ambato", "Santo Domingo de los Tsáchilas", "Loja", "Manta")
_REASONS: Final = (
    "por cuanto el aviso de salida de {worker}, con cédula {worker_id}, se registró con la fecha equivocada",
    "debido a que no constó el aviso de entrada de {worker}, portador de la cédula {worker_id}",
    "ya que el sueldo de {worker} (C.C. {worker_id}) fue registrado con un error de digitación",
    "porque se omitió registrar horas extras de varios trabajadores en el sistema de Historia Laboral",
)
SHEETS: Final = {
    "contributions": "aportes",
    "adjustment": "ajuste",
    "reserve-fund": "fondos de reserva",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a letter tells, in the spellings that its writer uses."""

    values: Values
    random: Random
    day: date
    reason: str

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    @property
    def month(self) -> str:
        """The month of the sheet in words."""
        year, number = self.values["period"].split("-")
        return f"{MONTHS[int(number) - 1]} {'de' if self.day.day % 2 else 'del'} {year}"

    @property
    def long_day(self) -> str:
        return f"{self.day.day} de {MONTHS[self.day.month - 1]} de {self.day.year}"

    @property
    def sheet(self) -> str:
        return SHEETS[self.values["sheet_type"]]

    @property
    def id_label(self) -> str:
        if self.values["representative_id_kind"] == "foreigner-code":
            return "código de identificación para extranjeros"
        return self.pick("C.C.", "C.I.", "cédula de ciudadanía", "cédula de identidad N.º", "cédula No.")

    @property
    def is_foreign(self) -> bool:
        """Whether the representative has a foreigner's code and no cédula."""
        return self.values["representative_id_kind"] == "foreigner-code"

    @property
    def month_of_day(self) -> str:
        """The month of the letter's day in words."""
        return MONTHS[self.day.month - 1]

    def pick(self, *choices: str) -> str:
        return str(self.random.choice(choices))

    @property
    def ask(self) -> str:
        """The sentence that asks."""
        number = f" N.º {self['sheet_number']}" if "sheet_number" in self.values else ""
        return (
            f"solicito la regeneración de la planilla de {self.sheet}{number} correspondiente al mes de "
            f"{self.month}, {self.reason}"
        )


def random_facts(random: Random) -> Facts:
    """Fresh values of one request; every person and company is made up."""
    day = date(2026, 1, 5) + timedelta(days=int(random.integers(700)))
    before = date(day.year, day.month, 1) - timedelta(days=int(random.integers(1, 90)))
    foreigner = random.random() < 0.12
    ident = "".join(random.choice(list("0123456789"), 10)) if foreigner else cedula(random)
    given = random.choice(_GIVEN, 2, replace=False)
    values: Values = {
        "place": str(random.choice(_CITIES)),
        "date": day.isoformat(),
        "ruc": company_ruc(random),
        "branch": f"{random.integers(1, 40):04d}",
        "business_name": str(random.choice(_COMPANIES)).format(str(random.choice(_FAMILY))),
        "representative_name": " ".join([*map(str, given), *map(str, random.choice(_FAMILY, 2))]),
        "representative_id_kind": "foreigner-code" if foreigner else "cedula",
        "representative_id": ident,
        "period": f"{before:%Y-%m}",
        "sheet_type": str(random.choice(("contributions", "contributions", "adjustment"))),
        "email": f"contabilidad{random.integers(999)}@empresa-{random.integers(99)}.example",
        "phone": f"0{random.integers(2, 8)} {random.integers(200, 400)} {random.integers(1000, 9999)}",
        "address": f"{random.choice(_ROADS)} N{random.integers(9, 99)}-{random.integers(9, 999)} y "
        f"{random.choice(_SIDE)}",
    }
    if random.random() < 0.4:
        values["sheet_number"] = f"{before:%Y-%m}-{random.integers(10**6):06d}"
    worker = f"{random.choice(_GIVEN)} {random.choice(_FAMILY)}"
    reason = str(random.choice(_REASONS)).format(worker=worker, worker_id=cedula(random))
    return Facts(values, random, day, reason)
