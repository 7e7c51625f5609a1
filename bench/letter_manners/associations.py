"""Letters of associations, offices and branches, by somebody who had not seen the reader."""

from __future__ import annotations

from typing import Final

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT

from bench.letter_facts import MONTHS, WEEKDAYS, Facts
from bench.letter_manners.blocks import Block, Manner, id_line, p, row

_DAYS_TEXT: Final = (
    "un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte veintiún veintidós veintitrés veinticuatro veinticinco veintiséis "
    "veintisiete veintiocho veintinueve treinta treinta_y_un"
)
_DAYS: Final = tuple(day.replace("_", " ") for day in _DAYS_TEXT.split())
_YEARS: Final = {2025: "veinticinco", 2026: "veintiséis", 2027: "veintisiete", 2028: "veintiocho"}


def _hyphened(f: Facts) -> str:
    """The number as the cédula prints it, its check digit after a hyphen; a foreigner's code has none."""
    number = f["representative_id"]
    return number if f.is_foreign else f"{number[:-1]}-{number[-1]}"


def _closed_phone(f: Facts) -> str:
    """``02 234 5678`` as (02) 234-5678."""
    area, *rest = f["phone"].split(" ")
    return f"({area}) {'-'.join(rest)}"


def restaurant_owner(f: Facts) -> list[Block]:
    """Warm and hurried; the datum comes where it comes to mind."""
    month = MONTHS[f.day.month - 1]
    title = "Código de identificación para extranjeros No." if f.is_foreign else "CI"
    return [
        p(f"{f['place']}, {month} {f.day.day} del {f.day.year}", gap=7),
        p("Señores", gap=0),
        p("IESS", gap=0),
        p("Departamento de Afiliación y Cobertura", gap=0),
        p("Presente", gap=5),
        p("Reciban un cordial saludo de quienes hacemos el Restaurante Marisquería “El Rincón Manabita”."),
        p(
            f"Mi nombre es {f['representative_name']}, {title} {f['representative_id']}, soy propietario y "
            f"representante legal del restaurante, que en el SRI consta como {f['business_name']} con RUC "
            f"{f['ruc']}. Tenemos dos locales pero el problema es solo con la sucursal {f['branch']}, "
            f"que es la que funciona en {f['address']} y donde trabajan 9 personas entre cocina y salón.",
            TA_JUSTIFY,
        ),
        p(
            f"Por esta razón, y después de haberme acercado ya dos veces a la ventanilla 7, {f.ask}. El "
            f"valor que nos sale a pagar en el sistema es de $ 1.284,63 y no corresponde a lo que en "
            f"realidad debemos.",
            TA_JUSTIFY,
        ),
        p(
            f"Cualquier cosa por favor llamar al {f['phone']} de martes a domingo desde las 10h00, o "
            f"escribir al correo {f['email']} que lo revisa mi hija Gabriela.",
            TA_JUSTIFY,
        ),
        p("Agradezco de antemano su pronta ayuda.", gap=4),
        p("Saludos cordiales,", gap=2),
        Block("sign", gap=1),
        p(f["representative_name"], gap=0),
        p("Propietario", gap=0),
        p("Marisquería El Rincón Manabita", gap=0),
    ]


def security_guards(f: Facts) -> list[Block]:
    """A numbered office letter with a printed foot; the manager is a retired officer."""
    rank = f.pick("Crnl. (SP)", "Tcrn. (SP)", "Mayo. (SP)")
    label = "Código de identificación (extranjeros)" if f.is_foreign else "C.C."
    return [
        p(f["business_name"].upper(), TA_CENTER, strong=True, gap=0),
        p("VIGILANCIA FIJA · CUSTODIAS · MONITOREO ELECTRÓNICO", TA_CENTER, gap=0),
        p("Permiso de Operación MDG No. 2019-0473 – Res. SCVS-INC-DNASD-2018-00008127", TA_CENTER, gap=6),
        p(f"OFICIO No. {f.day.timetuple().tm_yday + 112:04d}-GG-RRHH-{f.day.year}", TA_RIGHT, gap=0),
        p(f"{f['place']}, {f.day.day:02d} de {MONTHS[f.day.month - 1]} del {f.day.year}", TA_RIGHT, gap=5),
        row("PARA:", "Director(a) Provincial del Instituto Ecuatoriano de Seguridad Social"),
        row("DE:", f"{rank} {f['representative_name']}, GERENTE GENERAL"),
        row("ASUNTO:", "Regeneración de planilla / personal operativo"),
        p("De mi consideración:", gap=3),
        p(
            f"En atención a lo dispuesto en el Art. 73 de la Ley de Seguridad Social, y una vez revisada la "
            f"nómina del personal de guardias asignado a la sucursal {f['branch']} de mi representada "
            f"(R.U.C. {f['ruc'][:10]}-{f['ruc'][10:]}), a usted muy comedidamente {f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            "Me permito indicar que la empresa cuenta con 184 agentes de seguridad en turnos de 24 horas, y "
            "que la mora generada impide participar en los procesos de contratación del SERCOP, entre ellos "
            "el SIE-EEQ-021.",
            TA_JUSTIFY,
        ),
        p(
            f"Notificaciones que me correspondan las recibiré en las oficinas administrativas de la "
            f"compañía, {f['address']}, teléfono {_closed_phone(f)} ext. 103, o al e-mail: {f['email']}.",
            TA_JUSTIFY,
        ),
        p("Particular que pongo en su conocimiento para los fines pertinentes.", gap=4),
        p("Atentamente,", gap=0),
        p("“LEALTAD, VALOR Y DISCIPLINA”", strong=True, gap=2),
        Block("sign", gap=1),
        p(f"{rank} {f['representative_name']}", gap=0),
        p(f"{label} {f['representative_id']}", gap=0),
        p("GERENTE GENERAL – REPRESENTANTE LEGAL", strong=True, gap=3),
        p("c.c. Archivo / Contabilidad", gap=5),
        p("Central de emergencias las 24 horas: 1800 737 328", TA_CENTER, gap=0),
    ]


def sports_club_president(f: Facts) -> list[Block]:
    """The president of a club, ceremonious, with the secretary's name beside his."""
    who = (
        f"código de identificación para extranjeros número {f['representative_id']}"
        if f.is_foreign
        else f"cédula de ciudadanía número {_hyphened(f)}"
    )
    return [
        p("CLUB DEPORTIVO ESPECIALIZADO FORMATIVO “12 DE NOVIEMBRE”", TA_CENTER, strong=True, gap=0),
        p("Fundado el 8 de julio de 1954 – Acuerdo Ministerial 1127", TA_CENTER, gap=0),
        p("Filial de la Asociación de Fútbol Profesional", TA_CENTER, gap=6),
        p(f"{f['place']}, a {f.long_day}", TA_RIGHT, gap=5),
        p("Señor Doctor", gap=0),
        p("Director Provincial del IESS", gap=0),
        p("Ciudad.", gap=5),
        p("De nuestra especial consideración:"),
        p(
            "Reciba un cordial y deportivo saludo a nombre del Directorio, del cuerpo técnico, de los "
            "señores jugadores y de toda la hinchada de nuestra querida institución, a la vez que le "
            "deseamos éxitos en las delicadas funciones a usted encomendadas.",
            TA_JUSTIFY,
        ),
        p(
            f"El motivo de la presente, señor Director, es el siguiente: la planilla de jugadores y "
            f"empleados del Club se registra a nombre de {f['business_name']}, sociedad que lo administra, "
            f"con Registro Único de Contribuyentes {f['ruc']}, código de sucursal {f['branch']}. En tal "
            f"virtud, yo, {f['representative_name']}, con {who}, en mi calidad de Presidente y representante "
            f"legal elegido en la Asamblea General del 14 de enero de 2025 para el período 2025–2029, "
            f"{f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            f"Nuestra sede social está ubicada en {f['address']}, de esta ciudad de {f['place']}; el "
            f"teléfono de Secretaría es el {f['phone']} y el correo electrónico {f['email']}.",
            TA_JUSTIFY,
        ),
        p(
            "Seguros de contar con su favorable acogida, le anticipamos nuestro sincero agradecimiento.",
            TA_JUSTIFY,
            gap=4,
        ),
        p("Por el deporte de la provincia,", gap=2),
        Block("sign", gap=1),
        p(f"Sr. {f['representative_name']}", gap=0),
        p("PRESIDENTE", strong=True, gap=4),
        p("Lo certifico: Lcdo. Wilson Arturo Caicedo Bone, SECRETARIO", gap=0),
    ]


def notary_office(f: Facts) -> list[Block]:
    """Deed-like: all in one breath, dates in words and capitals for names."""
    day = "al primer día" if f.day.day == 1 else f"a los {_DAYS[f.day.day - 1]} días"
    who = (
        f"código de identificación para extranjeros número {f['representative_id']}"
        if f.is_foreign
        else f"cédula de ciudadanía número {f['representative_id']}"
    )
    ruc = f["ruc"]
    return [
        p("SEÑOR DIRECTOR PROVINCIAL DEL INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL.-", strong=True, gap=5),
        p(
            f"{f['representative_name'].upper()}, de estado civil casado, de profesión abogado, con {who}, "
            f"con domicilio en el cantón {f['place']}, por los derechos que represento de "
            f"{f['business_name'].upper()}, en mi calidad de Gerente General y como tal su representante "
            f"legal, según consta del nombramiento inscrito en el Registro Mercantil el tres de junio de dos "
            f"mil veinticuatro bajo el número 5481, que en copia certificada por la Notaría Vigésima Sexta "
            f"acompaño como documento habilitante, ante usted comparezco y digo:",
            TA_JUSTIFY,
        ),
        p(
            f"PRIMERO.- Mi representada se encuentra inscrita como empleador con el RUC número {ruc}, y "
            f"mantiene abierta la sucursal signada con el número {f['branch']}, en la que labora el personal "
            f"de la oficina notarial: dos matrizadores, una recepcionista y un auxiliar de archivo.",
            TA_JUSTIFY,
        ),
        p(
            f"SEGUNDO.- Con el antecedente expuesto, amparado en el artículo 66, numeral 23, de la "
            f"Constitución de la República, {f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            f"TERCERO.- Las notificaciones que me correspondan las recibiré en el correo electrónico "
            f"{f['email']} y en mi despacho, situado en {f['address']}, primer piso, oficina 102, teléfono "
            f"{f['phone']}.",
            TA_JUSTIFY,
        ),
        p(
            f"Dígnese atenderme. Firmo en {f['place']}, {day} del mes de "
            f"{MONTHS[f.day.month - 1]} del año dos mil {_YEARS[f.day.year]}.-",
            TA_JUSTIFY,
            gap=4,
        ),
        Block("sign", gap=1),
        p(f"f) {f['representative_name'].upper()}", gap=0),
        p("Mat. 17-2009-418 F.A.", gap=0),
    ]


def ngo_director(f: Facts) -> list[Block]:
    """An executive director used to writing to donors; the data in the foot of the sheet."""
    director = f.pick("Directora Ejecutiva", "Director Ejecutivo")
    return [
        p(f"{f['place']}, {WEEKDAYS[f.day.weekday()]} {f.long_day}", gap=1),
        p(f"Carta Nro. DE-{f.day.month * 7 + 3:03d}-{f.day:%y}", gap=6),
        p("Magíster", gap=0),
        p("Ximena Alexandra Bustamante Robalino", strong=True, gap=0),
        p("Directora Provincial", gap=0),
        p("INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL", gap=0),
        p("En su despacho", gap=5),
        p("Ref.: Proyecto “Raíces Vivas” / aportes del equipo de campo", strong=True),
        p("Estimada Magíster Bustamante:"),
        p(
            f"{f['business_name']} trabaja desde hace 17 años con niñas, niños y adolescentes de 42 "
            f"comunidades de Cotopaxi, Chimborazo y Bolívar, con el apoyo de la cooperación alemana y de la "
            f"Unión Europea (convenio NDICI-LA/2023/448-117).",
            TA_JUSTIFY,
        ),
        p(
            f"Al preparar la auditoría anual advertimos una inconsistencia en nuestras obligaciones con el "
            f"IESS. Por ello, como {director} y representante legal de la organización, {f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            "Para facilitar la gestión adjunto: a) copia de mi documento de identidad; b) copia del RUC; "
            "c) rol de pagos; y d) registro de directiva emitido por el MIES. Nuestra administradora, Lorena "
            "Tipán, puede ampliar cualquier información que su equipo requiera.",
            TA_JUSTIFY,
        ),
        p("Con un abrazo solidario y nuestro agradecimiento por el servicio que prestan,", gap=2),
        Block("sign", gap=1),
        p(f["representative_name"], strong=True, gap=0),
        p(id_line(f), gap=0),
        p(director, gap=7),
        p(f"{f['business_name']} | RUC {f['ruc']} | Sucursal IESS: {f['branch']}", TA_CENTER, gap=0),
        p(f"{f['address']} | T: {f['phone']} | {f['email']}", TA_CENTER, gap=0),
        p("www.raicesvivas.example | Síguenos en redes: @raicesvivas.ec", TA_CENTER, gap=0),
    ]


def otavalo_workshop(f: Facts) -> list[Block]:
    """Typed by a nephew: long, humble, few full stops, the number of identity under the name."""
    label = "Código de identificación de extranjero:" if f.is_foreign else f.pick("C.I.", "C.I:", "Cédula #")
    return [
        p(f"{f['place']} {f.day.day} de {MONTHS[f.day.month - 1].capitalize()} de {f.day.year}", gap=6),
        p("Señor.", gap=0),
        p("DIRECTOR DEL SEGURO SOCIAL (IESS)", gap=0),
        p("Presente.", gap=5),
        p("De mis consideraciones.-"),
        p(
            f"Yo {f['representative_name']} Representante Legal del taller de tejidos y ponchos "
            f"{f['business_name']}, con RUC # {f['ruc']} Sucursal # {f['branch']}, me dirijo a usted de la "
            f"manera más comedida y respetuosa para saludarle y desearle éxitos en sus funciones, y a la vez "
            f"manifestarle lo siguiente:",
            TA_JUSTIFY,
        ),
        p(
            f"Que nosotros somos artesanos calificados oriundos de Peguche, cantón Otavalo, y por "
            f"desconocimiento del sistema se nos pasó el error, por lo que {f.ask}, ya que necesitamos estar "
            f"al día para el crédito en la Cooperativa y para la feria de la Plaza de los Ponchos.",
            TA_JUSTIFY,
        ),
        p(
            "Por la favorable atención que se digne dar a la presente le antelo mis más sinceros "
            "agradecimientos. Dios le pague.",
            TA_JUSTIFY,
            gap=4,
        ),
        p("Atentamente.", gap=2),
        Block("sign", gap=0),
        p("." * 48, gap=0),
        p(f"Sr(a). {f['representative_name']}", gap=0),
        p(f"{label} {_hyphened(f)}", gap=0),
        p(f"Dir: {f['address']}", gap=0),
        p("Referencia: casa de dos pisos color verde, junto a la tienda de hilos", gap=0),
        p(f"Telf: {f['phone'].replace(' ', '')}", gap=0),
        p(f"Correo: {f['email']}", gap=0),
    ]


def foreign_branch(f: Facts) -> list[Block]:
    """The attorney of a foreign investor: a reference block, short paragraphs, translated phrases."""
    kind = "Código de identificación para extranjeros" if f.is_foreign else "Cédula de identidad ecuatoriana"
    return [
        p(f["business_name"], strong=True, gap=0),
        p("A member of Norvik Holding B.V., Rotterdam", gap=0),
        p(f["address"], gap=0),
        p(f"{f['place']}, Ecuador", gap=0),
        p(f"Tel. {_closed_phone(f)}", gap=0),
        p(f["email"], gap=6),
        p(f"{f.day:%d.%m.%Y}" if f.day.day > 12 else f.long_day, gap=6),
        p("Instituto Ecuatoriano de Seguridad Social", gap=0),
        p("Dirección Provincial", gap=0),
        p("Att.: Coordinación de Afiliación, Cobertura y Gestión de la Información", gap=5),
        p(f"Nuestra referencia: ECU/HR/{f.day:%Y}/018", gap=0),
        p(f"Empleador: RUC {f['ruc']}, código de sucursal en IESS {f['branch']}", gap=5),
        p("Estimados señores:"),
        p(
            f"Con referencia al asunto arriba indicado, {f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            "Nuestra casa matriz cierra sus estados financieros el 31 de diciembre y los auditores externos "
            "(Deloitte, Quito) exigen que el pasivo con la seguridad social esté conciliado. Agradeceré por "
            "tanto una respuesta dentro de 10 días laborables.",
            TA_JUSTIFY,
        ),
        p(
            "Actúo con el poder general otorgado ante el notario Dr. J. van der Meer el 5 de septiembre de "
            "2023, apostillado con el No. 23-118204 e inscrito en el Ecuador.",
            TA_JUSTIFY,
        ),
        p("Quedo a su disposición para cualquier aclaración.", gap=4),
        p("Muy atentamente,", gap=2),
        Block("sign", gap=1),
        p(f["representative_name"], gap=0),
        p("Apoderado General / Country Manager", gap=0),
        p(f"{kind} {f['representative_id']}", gap=0),
    ]


def university_talent(f: Facts) -> list[Block]:
    """An official letter as a document system prints it, drafted by the office of human talent."""
    initials = "".join(word[0] for word in f["representative_name"].split())
    role = f.pick("RECTOR", "RECTORA", "VICERRECTOR ADMINISTRATIVO")
    label = "código de identificación para extranjeros Nro." if f.is_foreign else "cédula de ciudadanía Nro."
    return [
        p(f"Oficio Nro. UTA-DTH-{f.day.year}-{f.day.timetuple().tm_yday * 3 + 41:04d}-O", TA_RIGHT, gap=1),
        p(f"{f['place']}, {f.day.day:02d} de {MONTHS[f.day.month - 1]} de {f.day.year}", TA_RIGHT, gap=5),
        p(
            "Asunto: Solicitud de regeneración de planilla del personal académico ocasional",
            strong=True,
            gap=4,
        ),
        p("Señor Magíster", gap=0),
        p("Édison Fabricio Lozada Terán", gap=0),
        p("Director Provincial", strong=True, gap=0),
        p("INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL", strong=True, gap=0),
        p("En su Despacho", gap=4),
        p("De mi consideración:"),
        p(
            f"En alcance al Memorando Nro. UTA-DF-{f.day.year}-0219-M, suscrito por la Ing. Paola Cristina "
            f"Arcos Villacís, Directora Financiera, y por cuanto la Dirección de Talento Humano ha "
            f"verificado la información de 612 servidores, en mi calidad de máxima autoridad y representante "
            f"legal, con {label} {f['representative_id']}, {f.ask}.",
            TA_JUSTIFY,
        ),
        p("Para el efecto se detallan los datos de la institución empleadora:", gap=2),
        row("Institución / Razón social", f["business_name"].upper()),
        row("Nro. RUC", f["ruc"]),
        row("Código de sucursal", f["branch"]),
        row("Dirección del campus", f["address"]),
        row("Teléfono institucional", f"{_closed_phone(f)} ext. 2140"),
        row("Correo institucional", f["email"]),
        p("Con sentimientos de distinguida consideración.", gap=3),
        p("Atentamente,", gap=2),
        Block("sign", gap=1),
        p(f"Dr. {f['representative_name']}, PhD.", gap=0),
        p(role, strong=True, gap=4),
        p("Anexos: rol_pagos_corregido.pdf, accion_personal_0884.pdf", gap=0),
        p("Copia: Sra. Mgs. Narcisa de Jesús Freire Ocaña, Directora de Talento Humano", gap=0),
        p(f"{initials.upper()}/nf/jc", gap=0),
    ]


ASSOCIATIONS: Final[tuple[Manner, ...]] = (
    restaurant_owner,
    security_guards,
    sports_club_president,
    notary_office,
    ngo_director,
    otavalo_workshop,
    foreign_branch,
    university_talent,
)
