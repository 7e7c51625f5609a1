"""Letters of owners and of who runs a place, by somebody who had not seen the reader."""

from __future__ import annotations

from typing import Final

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT

from bench.letter_facts import MONTHS, WEEKDAYS, Facts
from bench.letter_manners.blocks import Block, Manner, id_line, p, row

_WOMEN: Final = ("María", "Lucía", "Belén", "Zoila", "Rosa", "Carmen", "Ana", "Elena")


def _number(f: Facts, low: int, high: int) -> int:
    """Any number such as letters carry: of an office letter, of a licence, of workers."""
    return int(f.random.integers(low, high))


def _mobile(f: Facts) -> str:
    """Somebody else's mobile telephone."""
    return f"09{_number(f, 6, 10)}{_number(f, 1_000_000, 9_999_999)}"


def _ident(f: Facts, citizen: str, foreigner: str = "código de identificación de extranjero") -> str:
    """The identity number after the writer's own words for its kind."""
    label = foreigner if f.is_foreign else citizen
    return f"{label} {f['representative_id']}"


def _o(f: Facts) -> str:
    """The ending of the words that agree with the writer."""
    return "a" if f["representative_name"].split()[0] in _WOMEN else "o"


def _title(f: Facts) -> str:
    """Sr. or Sra."""
    return "Sra." if _o(f) == "a" else "Sr."


def _line(sign: str = "") -> Block:
    """The line on which one signs."""
    return p(f"{sign}______________________________", gap=0)


def pharmacy(f: Facts) -> list[Block]:
    """The owner of a pharmacy: a printed letterhead, then one person who tells all about herself."""
    shop = f.pick("FARMACIA SAN GREGORIO", "FARMACIA SU SALUD", "FARMACIA Y PERFUMERÍA EL CISNE")
    return [
        p(shop, TA_CENTER, strong=True, gap=0),
        p("Medicinas genéricas y de marca – Inyectología – Bazar", TA_CENTER, gap=0),
        p(f"{f['address']} – Telf. {f['phone']}", TA_CENTER, gap=0),
        p(f"{f['place']} – Ecuador", TA_CENTER, gap=8),
        p(f"{f['place']}, {MONTHS[f.day.month - 1]} {f.day.day:02d} de {f.day.year}", TA_RIGHT, gap=6),
        p("Señores", gap=0),
        p("INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL", gap=0),
        p("Presente.", gap=6),
        p("De mis consideraciones:", gap=4),
        p(
            f"Yo, {f['representative_name']}, con {_ident(f, 'cédula de ciudadanía Nº')}, de profesión "
            f"químic{_o(f)} farmacéutic{_o(f)}, propietari{_o(f)} y representante legal de "
            f"{f['business_name']}, con RUC Nº {f['ruc']}, sucursal {f['branch']}, me dirijo a ustedes para "
            f"saludarles y a la vez {f.ask}.",
            TA_JUSTIFY,
            gap=4,
        ),
        p(
            "La farmacia se encuentra al día en el pago de los aportes de sus "
            f"{_number(f, 2, 7)} empleados, por lo que no quisiera que por este particular se me "
            "genere mora patronal ni intereses.",
            TA_JUSTIFY,
            gap=4,
        ),
        p(f"Cualquier notificación la recibiré en el correo electrónico {f['email']}.", gap=4),
        p("Por la favorable atención que se sirvan dar a la presente, anticipo mis agradecimientos.", gap=5),
        p("Atentamente,", gap=2),
        Block("sign", gap=1),
        _line(),
        p(f"Q.F. {f['representative_name']}", gap=0),
        p(id_line(f), gap=0),
        p(f"PROPIETARI{_o(f).upper()}", gap=0),
    ]


def flower_farm(f: Facts) -> list[Block]:
    """A flower farm whose personnel department writes letters with a number and a subject."""
    farm = f.pick("Finca La Compañía", "Finca Santa Clara", "Finca Guachalá 2")
    return [
        p(f["business_name"].upper(), strong=True, gap=0),
        p("GROWERS & EXPORTERS OF FINE ROSES", gap=6),
        p(f"Oficio No. TH-{_number(f, 4, 180):03d}-{f.day.year}", TA_RIGHT, gap=0),
        p(f"{f['place']}, {f.day.day:02d} de {MONTHS[f.day.month - 1]} del {f.day.year}", TA_RIGHT, gap=6),
        p("Señor Ingeniero", gap=0),
        p("DIRECTOR PROVINCIAL DE PICHINCHA", strong=True, gap=0),
        p("INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL – IESS", gap=0),
        p("Presente.-", gap=5),
        p(f"ASUNTO: Regeneración de planilla, RUC {f['ruc']}", strong=True, gap=5),
        p("De nuestra consideración:", gap=4),
        p(
            f"{f['business_name']} es una empresa dedicada al cultivo y exportación de rosas, con "
            f"{_number(f, 60, 340)} trabajadores afiliados en la sucursal No. {f['branch']} ({farm}, "
            "parroquia Ayora, cantón Cayambe).",
            TA_JUSTIFY,
        ),
        p(
            "Por lo alto de la temporada de San Valentín y la rotación de personal de cultivo y poscosecha "
            f"se produjo una novedad que no fue advertida a tiempo. Con este antecedente {f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            "Autorizamos a nuestra Jefe de Talento Humano, Ing. Verónica Cachipuendo, celular "
            f"{_mobile(f)}, para que realice el seguimiento de este trámite en las ventanillas del IESS.",
            TA_JUSTIFY,
        ),
        p(
            f"Para notificaciones señalamos nuestras oficinas en {f['address']}, teléfono {f['phone']}, "
            f"y el e-mail {f['email']}.",
            TA_JUSTIFY,
        ),
        p("Seguros de contar con su gentil atención, nos suscribimos.", gap=5),
        p("Muy atentamente,", gap=2),
        Block("sign", gap=1),
        p(f"Ing. {f['representative_name']}", gap=0),
        p("REPRESENTANTE LEGAL", strong=True, gap=0),
        p(id_line(f), gap=5),
        p("Adj.: lo indicado", gap=0),
        p("vc/", gap=0),
    ]


def travel_agency(f: Facts) -> list[Block]:
    """A travel agency: short and friendly, with its contacts in a foot line."""
    year = _number(f, 1989, 2016)
    return [
        p(f["business_name"], strong=True, gap=0),
        p(f"Agencia de viajes dual – Registro MINTUR {_number(f, 10_000, 99_999)} – Desde {year}", gap=8),
        p(
            f"{f['place']}, {WEEKDAYS[f.day.weekday()]} {f.long_day}",
            gap=6,
        ),
        p("Señores", gap=0),
        p("IESS", strong=True, gap=0),
        p("Afiliación y Control Técnico", gap=0),
        p("Ciudad", gap=6),
        p("Estimados señores:", gap=4),
        p(
            f"Reciban un cordial saludo de quienes hacemos {f['business_name']} y nuestros mejores "
            f"deseos de éxito. Por medio de la presente {f.ask}.",
            TA_JUSTIFY,
            gap=4,
        ),
        p(
            f"Los datos para ubicar a la empresa en el sistema son: RUC {f['ruc']} - Sucursal {f['branch']}.",
            TA_JUSTIFY,
            gap=4,
        ),
        p(
            "Agradecemos que la planilla nueva se encuentre disponible antes del día 15, fecha máxima de "
            "pago, ya que el débito se realiza automáticamente de nuestra cuenta del Banco Pichincha.",
            TA_JUSTIFY,
            gap=4,
        ),
        p("Sin otro particular por el momento, quedo de ustedes.", gap=5),
        p("Saludos cordiales,", gap=2),
        Block("sign", gap=1),
        p(f["representative_name"], strong=True, gap=0),
        p(_ident(f, f.pick("C.I.", "CI:", "CC."), "Código de identificación (extranjeros):"), gap=0),
        p("Gerente", gap=12),
        p(f"{f['address']}  |  PBX: {f['phone']}  |  {f['email']}", TA_CENTER, gap=0),
        p(f"{f['place']} – Ecuador  |  Síguenos en Facebook e Instagram", TA_CENTER, gap=0),
    ]


def condominium(f: Facts) -> list[Block]:
    """The administrator of a housing estate, who explains how he came to his office."""
    estate = f.pick(
        "Conjunto Habitacional Los Arupos", "Condominio Torres del Bosque", "Edificio El Batán II"
    )
    return [
        p(f"{f['place']}, a {f.day.day} de {MONTHS[f.day.month - 1]} del {f.day.year}", gap=7),
        p("Señor(a)", gap=0),
        p("Director(a) Provincial del Instituto Ecuatoriano de Seguridad Social", gap=0),
        p("En su despacho.-", gap=6),
        p("De mi consideración:", gap=4),
        p(
            f"{f['representative_name'].upper()}, con {_ident(f, 'C.C. No.')}, en mi calidad de "
            f"{'Administradora' if _o(f) == 'a' else 'Administrador'} y como tal "
            f"representante legal, según consta en el acta de la Asamblea General "
            f"de Copropietarios de fecha {_number(f, 2, 28)} de marzo de {f.day.year - 1}, inscrita en "
            f"la Notaría {f.pick('Tercera', 'Décima Octava', 'Vigésima')} del cantón, comparezco y digo:",
            TA_JUSTIFY,
        ),
        p(
            f"El {estate}, de {_number(f, 18, 96)} copropietarios, mantiene bajo relación de dependencia a "
            f"dos guardias y un conserje, afiliados con la razón social {f['business_name']}, número de RUC "
            f"{f['ruc']}, código de sucursal {f['branch']}.",
            TA_JUSTIFY,
        ),
        p(
            f"La administración anterior no dejó las claves del portal, motivo por el cual recién ahora "
            f"{f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            f"El conjunto está ubicado en {f['address']}, garita de guardianía, teléfono "
            f"{f['phone']}. Recibiré notificaciones en la casilla electrónica {f['email']}.",
            TA_JUSTIFY,
        ),
        p("Adjunto copia de mi nombramiento y de mi documento de identidad.", TA_JUSTIFY),
        p("Por la atención que se digne dar a la presente, le anticipo mi agradecimiento.", gap=5),
        p("Atentamente,", gap=2),
        Block("sign", gap=1),
        _line(),
        p(f["representative_name"], gap=0),
        p("ADMINISTRADORA" if _o(f) == "a" else "ADMINISTRADOR", gap=0),
        p(estate.upper(), gap=0),
    ]


def software_firm(f: Facts) -> list[Block]:
    """A small software firm: a reference, a table of data, few words, an electronic signature."""
    code = f"{f.pick('ADM', 'FIN', 'RRHH')}-{f.day.year}-{_number(f, 1, 60):02d}"
    return [
        p(f"{f['place']}, {f['date']}", TA_RIGHT, gap=6),
        p("Instituto Ecuatoriano de Seguridad Social (IESS)", strong=True, gap=0),
        p("Dirección Provincial", gap=6),
        p(f"Ref.: {code} / Solicitud de regeneración de planilla", gap=5),
        p("Estimados,", gap=4),
        p(f"En representación de {f['business_name']}, {f.ask}.", gap=4),
        p("A continuación la información del empleador:", gap=3),
        row("Razón social", f["business_name"]),
        row("RUC", f["ruc"]),
        row("Sucursal IESS", f["branch"]),
        row("Representante legal", f["representative_name"]),
        row(
            "Código de identificación" if f.is_foreign else f.pick("Cédula", "No. de cédula", "CI"),
            f["representative_id"],
        ),
        row("Dirección", f"{f['address']}, {f['place']}"),
        row("Teléfono", f["phone"]),
        row("Correo", f["email"]),
        p("", gap=1),
        p(
            "La corrección ya fue ingresada en el sistema; únicamente falta que el valor se refleje en el "
            "comprobante de pago. Si requieren respaldos (rol de pagos, contrato, aviso de entrada) los "
            "podemos enviar en formato PDF.",
            gap=4,
        ),
        p("Gracias de antemano por su ayuda.", gap=4),
        p("Saludos,", gap=2),
        Block("sign", gap=1),
        p("Firmado electrónicamente por:", gap=0),
        p(f["representative_name"].upper(), strong=True, gap=0),
        p(f.pick("CEO / Representante Legal", "Gerente General", "Cofundador y Gerente General"), gap=0),
    ]


def workshop(f: Facts) -> list[Block]:
    """A mechanic who writes as he speaks, without many accents or commas, in a single go."""
    return [
        p(f"{f['place']} {f.day.day} de {MONTHS[f.day.month - 1].capitalize()} del {f.day.year}", gap=6),
        p("Sr.", gap=0),
        p("Director del Seguro Social", gap=0),
        p("Ciudad", gap=6),
        p("De mi consideracion", gap=4),
        p(
            f"Por medio de la presente yo {f['representative_name']} con numero de "
            f"{_ident(f, 'cedula', 'codigo de identificacion de extranjero')} representante de "
            f"{f['business_name']} con Ruc {f['ruc']} sucursal {f['branch']} que es un taller de mecanica "
            f"automotriz, enderezada y pintura ubicado en {f['address']} diagonal a la gasolinera, "
            f"muy comedidamente {f.ask}.",
            gap=4,
        ),
        p(
            "Tambien le hago conocer que ya me acerque a las ventanillas dos veces y me supieron manifestar "
            "que tengo que hacer este oficio. Yo no tengo contadora de planta y pago por el Banco del "
            "Barrio, por eso le pido que me ayude para no tener que pagar la multa.",
            gap=4,
        ),
        p(f"Mi telefono es el {f['phone']} y el correo {f['email']} para cualquier cosa.", gap=4),
        p("Por su atencion le quedo muy agradecido.", gap=5),
        p("Atentamente", gap=2),
        Block("sign", gap=1),
        _line("f. "),
        p(f"{_title(f)} {f['representative_name']}", gap=0),
        p(_ident(f, f.pick("C.I", "CI", "C.C"), "Cod. identificacion"), gap=0),
    ]


def fishing_company(f: Facts) -> list[Block]:
    """A tuna company: a manager's office letter with numbered points."""
    ship = f.pick("B/P DON JACINTO II", "B/P VIRGEN DE MONSERRATE", "B/P MARÍA AUXILIADORA")
    return [
        p(f["business_name"].upper(), TA_CENTER, strong=True, gap=0),
        p(f"R.U.C. {f['ruc']}", TA_CENTER, gap=0),
        p("Captura, procesamiento y exportación de atún", TA_CENTER, gap=7),
        p(f"{f['place']}, {MONTHS[f.day.month - 1].capitalize()} {f.day.day:02d} del {f.day.year}", gap=0),
        p(f"OF. GG-{_number(f, 3, 290):04d}-{f.day.year % 100}", gap=6),
        p("Abogado", gap=0),
        p("Carlos Intriago Mendoza", gap=0),
        p("DIRECTOR PROVINCIAL DEL IESS – MANABÍ", strong=True, gap=0),
        p("Portoviejo.-", gap=6),
        p("De mi consideración:", gap=4),
        p(
            f"{f['representative_name']}, con {_ident(f, 'cédula de identidad #')}, en mi calidad de Gerente "
            f"General y representante legal de la compañía {f['business_name']}, ante usted "
            "respetuosamente expongo:",
            TA_JUSTIFY,
        ),
        p(
            f"1. Que mi representada tiene registrado en la sucursal {f['branch']} al personal embarcado en "
            f"el {ship}, matrícula P-04-{_number(f, 100, 999):05d}, con puerto base en Manta.",
            TA_JUSTIFY,
        ),
        p(
            "2. Que durante la veda la tripulación permaneció en tierra, lo que originó novedades en los "
            "días laborados reportados al sistema.",
            TA_JUSTIFY,
        ),
        p(f"3. Que, por lo expuesto, {f.ask}.", TA_JUSTIFY),
        p(
            "Notificaciones que me correspondan las recibiré en las oficinas de la compañía, "
            f"{f['address']}, Edif. Vigía, piso {_number(f, 2, 9)}, o al correo electrónico {f['email']}; "
            f"teléfono {f['phone']} ext. {_number(f, 101, 140)}.",
            TA_JUSTIFY,
            gap=4,
        ),
        p("Atentamente,", gap=0),
        p(f"p. {f['business_name']}", gap=2),
        Block("sign", gap=1),
        p(f["representative_name"].upper(), gap=0),
        p("GERENTE GENERAL", gap=4),
        p("C.c.: Contabilidad, Archivo", gap=0),
    ]


def elderly_foundation(f: Facts) -> list[Block]:
    """A foundation for the elderly: warm greetings first, the data under the signature."""
    home = f.pick("Hogar de Ancianos Corazón de María", "Centro Gerontológico Años Dorados", "Hogar San José")
    return [
        p(home.upper(), TA_CENTER, strong=True, gap=0),
        p(
            f"Acuerdo Ministerial MIES No. {_number(f, 100, 9999):05d} del {_number(f, 2, 28)} de julio de "
            f"{_number(f, 1994, 2015)}",
            TA_CENTER,
            gap=7,
        ),
        p(f"{f['place']}, {f.long_day}", TA_RIGHT, gap=5),
        p("Señora Doctora", gap=0),
        p("DIRECTORA PROVINCIAL DEL IESS", gap=0),
        p("Presente.-", gap=5),
        p("De mis consideraciones:", gap=4),
        p(
            f"Reciba un atento y fraterno saludo de quienes formamos parte del {home}, institución sin fines "
            f"de lucro que acoge a {_number(f, 22, 85)} adultos mayores en situación de abandono, a la vez "
            "que le deseamos éxitos en las delicadas funciones que desempeña en beneficio de los afiliados.",
            TA_JUSTIFY,
        ),
        p(
            f"El motivo de la presente es para exponerle que, como representante legal de "
            f"{f['business_name']}, entidad que patrocina el Hogar y consta como empleador de sus "
            f"cuidadoras, {f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            "Nuestros recursos provienen de donaciones y del convenio con el MIES, por lo que el pago de "
            "intereses afectaría directamente a la atención de los abuelitos.",
            TA_JUSTIFY,
        ),
        p(f"Segur{_o(f)} de contar con su valiosa colaboración, expreso mi sincero agradecimiento.", gap=4),
        p("Dios le pague.", gap=4),
        p("Atentamente,", gap=2),
        Block("sign", gap=1),
        _line(),
        p(f["representative_name"], gap=0),
        p(id_line(f), gap=0),
        p("REPRESENTANTE LEGAL", gap=0),
        p(f"RUC: {f['ruc']}   Sucursal: {f['branch']}", gap=0),
        p(f"Dirección: {f['address']}", gap=0),
        p(f"Teléfono: {f['phone']}   Celular: {_mobile(f)}", gap=0),
        p(f"E-mail: {f['email']}", gap=0),
    ]


def municipal_company(f: Facts) -> list[Block]:
    """A public company of a municipality: the form of the state's document system."""
    number = f"EPM-GG-{f.day.year}-{_number(f, 12, 900):04d}-O"
    return [
        p(f"Oficio Nro. {number}", TA_RIGHT, strong=True, gap=2),
        p(
            f"{f['place']}, {f.day.day:02d} de {MONTHS[f.day.month - 1]} de {f.day.year}",
            TA_RIGHT,
            gap=6,
        ),
        p("Asunto: Solicitud de regeneración de planilla en el sistema de Historia Laboral", gap=6),
        p("Magíster", gap=0),
        p("Diana Carolina Salazar Ortiz", gap=0),
        p("Directora Provincial", strong=True, gap=0),
        p("INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL", strong=True, gap=0),
        p("En su Despacho", gap=6),
        p("De mi consideración:", gap=4),
        p(
            f"En atención al Memorando Nro. EPM-UATH-{f.day.year}-{_number(f, 10, 999):04d}-M, suscrito por "
            "el Responsable de la Unidad de Administración del Talento Humano, y de conformidad con lo "
            "dispuesto en el artículo 73 de la Ley de Seguridad Social, pongo en su conocimiento lo "
            "siguiente:",
            TA_JUSTIFY,
        ),
        p(
            f"{f['business_name']}, con RUC Nro. {f['ruc']} y registro patronal sucursal Nro. {f['branch']}, "
            "mantiene afiliados a sus servidores bajo el régimen de la LOSEP y a sus obreros bajo el Código "
            "del Trabajo.",
            TA_JUSTIFY,
        ),
        p(
            f"Con los antecedentes expuestos, yo, {f['representative_name']}, con "
            f"{_ident(f, 'cédula de ciudadanía Nro.', 'código de identificación Nro.')}, en mi calidad de "
            f"Gerente General, {f.ask}.",
            TA_JUSTIFY,
        ),
        p("Con sentimientos de distinguida consideración.", gap=4),
        p("Atentamente,", gap=2),
        Block("sign", gap=1),
        p("Documento firmado electrónicamente", gap=0),
        p(f"Mgs. {f['representative_name']}", gap=0),
        p("GERENTE GENERAL", strong=True, gap=5),
        p("Copia:", gap=0),
        p("Ingeniera Gabriela Alexandra Tipán Rojas, Directora Administrativa Financiera", gap=0),
        p("gt/ms", gap=6),
        p(
            f"Dirección: {f['address']}. Código postal: {_number(f, 10, 24)}0{_number(f, 100, 999)} / "
            f"{f['place']} - Ecuador. Teléfono: {f['phone']}. {f['email']}",
            TA_CENTER,
            gap=0,
        ),
    ]


def three_employees(f: Facts) -> list[Block]:
    """A person with three workers, who dates the letter where it ends and gives his data in a list."""
    return [
        p("SEÑOR DIRECTOR PROVINCIAL DEL INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL", strong=True, gap=6),
        p(
            f"{f['representative_name']}, ecuatorian{_o(f)}, mayor de edad, de estado civil "
            f"{f.pick('casad', 'solter', 'divorciad')}{_o(f)}, comerciante, domiciliad{_o(f)} en esta ciudad "
            f"de {f['place']}, a usted muy respetuosamente digo:"
            if f["representative_id_kind"] == "cedula"
            else f"{f['representative_name']}, de nacionalidad {f.pick('colombiana', 'peruana', 'cubana')}, "
            f"mayor de edad, comerciante, domiciliad{_o(f)} en esta ciudad de {f['place']}, a usted muy "
            "respetuosamente digo:",
            TA_JUSTIFY,
            gap=4,
        ),
        p(
            f"Tengo un pequeño negocio denominado {f['business_name']}, en el que trabajan tres personas, a "
            "quienes tengo afiliadas desde el primer día conforme manda la ley. Revisando la página del "
            f"IESS con un familiar me di cuenta del error, por lo que {f.ask}.",
            TA_JUSTIFY,
            gap=4,
        ),
        p("Para el efecto, detallo mis datos:", gap=3),
        p(f"- RUC: {f['ruc']}", gap=0),
        p(f"- Sucursal: {f['branch']}", gap=0),
        p(f"- {_ident(f, f.pick('Cédula:', 'Cédula Nº'), 'Código de identificación:')}", gap=0),
        p(
            f"- Domicilio: {f['address']}, casa de dos pisos color {f.pick('crema', 'verde', 'blanco')}",
            gap=0,
        ),
        p(f"- Teléfono convencional: {f['phone']}", gap=0),
        p(f"- Correo electrónico: {f['email']}", gap=4),
        p(
            "Acompaño copia de la cédula y del RUC."
            if f["representative_id_kind"] == "cedula"
            else "Acompaño copia del pasaporte y del RUC.",
            gap=4,
        ),
        p(f"Por ser legal mi petición, espero ser atendid{_o(f)} favorablemente.", gap=4),
        p(
            f"{f['place']}, a los {f.day.day} días del mes de {MONTHS[f.day.month - 1]} de {f.day.year}."
            if f.day.day > 1
            else f"{f['place']}, al primer día del mes de {MONTHS[f.day.month - 1]} de {f.day.year}.",
            gap=4,
        ),
        p("Muy atentamente,", gap=2),
        Block("sign", gap=1),
        _line("f) "),
        p(f["representative_name"], gap=0),
        p("EMPLEADORA" if _o(f) == "a" else "EMPLEADOR", gap=0),
    ]


OWNERS: Final[tuple[Manner, ...]] = (
    pharmacy,
    flower_farm,
    travel_agency,
    condominium,
    software_firm,
    workshop,
    fishing_company,
    elderly_foundation,
    municipal_company,
    three_employees,
)
