"""Letters of trades and services, by somebody who had not seen the reader."""

from __future__ import annotations

from typing import Final

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT

from bench.letter_facts import Facts
from bench.letter_manners.blocks import Block, Manner, p, row

_LINE = "_" * 30


def _doc(f: Facts, cedula: str, foreign: str = "código de identificación de extranjero") -> str:
    """The identity number after its name: the writer's word for a cédula, or the one for a foreigner."""
    label = foreign if f.is_foreign else cedula
    return f"{label} {f['representative_id']}"


def dental(f: Facts) -> list[Block]:
    """A dental practice: a letterhead with address and telephones, then a greeting and one paragraph."""
    return [
        p(f["business_name"].upper(), TA_CENTER, strong=True, gap=0),
        p("Odontología general - Ortodoncia - Implantes - Rayos X", TA_CENTER, gap=0),
        p(f"{f['address']}  |  Telf. {f['phone']}  |  Citas WhatsApp 098 412 7730", TA_CENTER, gap=9),
        p(f"{f['place']}, {f.day.day} de {f.month_of_day} del {f.day.year}", TA_RIGHT, gap=7),
        p("Señores", gap=0),
        p("INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL", strong=True, gap=0),
        p("Ciudad", gap=6),
        p("De mis consideraciones:", gap=4),
        p(
            "Reciban un cordial saludo de quienes hacemos el centro odontológico. Mi nombre es "
            f"{f['representative_name']}, con {f.id_label} {f['representative_id']}, y en mi calidad de "
            f"representante legal de {f['business_name']}, con RUC {f['ruc']}, sucursal {f['branch']}, "
            f"muy comedidamente {f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            "Hago este pedido a fin de cancelar los valores que corresponden hasta el día 15 y no caer en "
            "mora patronal, ya que una de mis asistentes tiene en trámite un préstamo quirografario en el "
            "BIESS.",
            TA_JUSTIFY,
        ),
        p(
            f"Cualquier novedad favor comunicarla al correo {f['email']} o al teléfono del consultorio, de "
            "lunes a viernes de 9h00 a 13h00 y de 15h00 a 19h00.",
            TA_JUSTIFY,
        ),
        p("Por la favorable atención que se sirvan dar a la presente, anticipo mis agradecimientos.", gap=6),
        p("Atentamente,", gap=2),
        Block("sign", gap=1),
        p(f"Od. {f['representative_name']}", gap=0),
        p("GERENTE", gap=0),
        p("Reg. MSP Libro 7 Folio 112 N.º 334", gap=0),
    ]


def banana_producer(f: Facts) -> list[Block]:
    """A banana producer of the coast: month before day, # before numbers, p. Company over the signature."""
    document = _doc(f, "cédula de ciudadanía #", "código de extranjero #")
    return [
        p(f["business_name"], strong=True, gap=0),
        p("PRODUCTORES DE BANANO - CÓDIGO MAG 07-1182", gap=8),
        p(f"{f['place']}, {f.month_of_day.capitalize()} {f.day.day} del {f.day.year}", gap=7),
        p("Señor Ingeniero", gap=0),
        p("DIRECTOR PROVINCIAL DEL INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL", gap=0),
        p("En su despacho.-", gap=6),
        p("De mi consideración:", gap=4),
        p(
            f"{f['representative_name'].upper()}, con {document}, "
            f"por los derechos que represento de la compañía {f['business_name']}, RUC # {f['ruc']}, "
            f"sucursal # {f['branch']}, dedicada al cultivo y venta de banano en caja, con 64 hectáreas en "
            f"el sitio La Iberia, cantón El Guabo, ante usted comparezco respetuosamente y {f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            "Como es de su conocimiento, en el sector bananero el personal de cosecha labora por jornadas y "
            "los pagos se los realiza por semana (de la 01 a la 52), lo que ocasiona que en ocasiones se "
            "presenten este tipo de inconvenientes al momento de subir las novedades.",
            TA_JUSTIFY,
        ),
        p(
            f"Las notificaciones que me correspondan las recibiré en nuestras oficinas de {f['address']}, "
            f"teléfono # {f['phone']}, correo electrónico {f['email']}.",
            TA_JUSTIFY,
        ),
        p("Seguro de contar con su pronta y favorable respuesta, quedo de usted muy agradecido.", gap=5),
        p("Muy atentamente,", gap=1),
        p(f"p. {f['business_name']}", gap=1),
        Block("sign", gap=0),
        p(_LINE, gap=0),
        p(f["representative_name"].upper(), gap=0),
        p("GERENTE GENERAL", gap=0),
        p(_doc(f, "C.I. #", "Cód. #"), gap=0),
    ]


def bakery(f: Facts) -> list[Block]:
    """A bakery: plain words, few commas, the data one under the other without ornament."""
    return [
        p(f"{f['place']} {f.day.day} de {f.month_of_day} {f.day.year}", gap=7),
        p("Señores", gap=0),
        p("IESS", gap=0),
        p("Presente", gap=6),
        p(
            f"Yo {f['representative_name']} representante de la panadería y pastelería La Espiga Dorada que "
            f"en el RUC consta como {f['business_name']} me dirijo a ustedes para saludarles y a la vez "
            f"{f.ask}."
        ),
        p(
            "Nosotros ya nos acercamos a la ventanilla 4 la semana pasada con turno B-056 y nos indicaron "
            "que teníamos que hacer la solicitud por escrito porque por la página no se puede."
        ),
        p("Los datos son los siguientes:", gap=2),
        p(f"Ruc {f['ruc']}", gap=0),
        p(f"Sucursal {f['branch']}", gap=0),
        p(_doc(f, "Cédula", "Código de extranjero"), gap=0),
        p(f"Dirección {f['address']}", gap=0),
        p("Referencia a media cuadra del mercado, casa de dos pisos color amarillo", gap=0),
        p(f"Teléfono {f['phone']}", gap=0),
        p(f"Correo {f['email']}", gap=4),
        p("Adjunto copia de cédula y papeleta de votación y copia del RUC.", gap=4),
        p("Por la atención les quedo muy agradecido", gap=4),
        p("Atentamente", gap=1),
        Block("sign", gap=0),
        p(_LINE, gap=0),
        p(f"Sr/a. {f['representative_name']}", gap=0),
        p(_doc(f, "CI:", "Código:"), gap=0),
    ]


def parish_council(f: Facts) -> list[Block]:
    """A parish council: an oficio with its number and subject, the law cited, and a footer."""
    number = f"{f.day.timetuple().tm_yday:03d}"
    return [
        p("GOBIERNO AUTÓNOMO DESCENTRALIZADO PARROQUIAL RURAL DE SAN LUIS", TA_CENTER, strong=True, gap=0),
        p("Administración 2023 - 2027", TA_CENTER, gap=7),
        p(f"Oficio Nro. {number}-GADPRSL-P-{f.day.year}", TA_RIGHT, gap=0),
        p(f"{f['place']}, a {f.day.day:02d} de {f.month_of_day} de {f.day.year}", TA_RIGHT, gap=5),
        p(f"ASUNTO: Regeneración de planilla de {f.sheet}", gap=6),
        p("Magíster", gap=0),
        p("DIRECTOR PROVINCIAL DEL IESS", strong=True, gap=0),
        p("En su despacho", gap=5),
        p("De mi consideración:", gap=4),
        p(
            "Con un atento y cordial saludo me dirijo a usted, deseándole éxitos en las funciones que muy "
            "acertadamente desempeña en beneficio de la colectividad.",
            TA_JUSTIFY,
        ),
        p(
            "En calidad de representante legal, y de conformidad con lo que establece el Art. 70, literal "
            "a), del COOTAD, me permito indicar que en los registros patronales constamos con la razón "
            f"social {f['business_name']}, RUC Nro. {f['ruc']}, código de sucursal {f['branch']}. Con este "
            f"antecedente, {f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            "Para los fines pertinentes se adjunta la acción de personal Nro. 012 y el rol de pagos en tres "
            "fojas útiles.",
            TA_JUSTIFY,
        ),
        p("Con sentimientos de distinguida consideración y estima.", gap=5),
        p("Atentamente,", gap=1),
        Block("sign", gap=1),
        p(f"Tnlgo. {f['representative_name']}", gap=0),
        p(_doc(f, "C.C.", "Código de identificación:"), gap=0),
        p("PRESIDENTE DEL GAD PARROQUIAL RURAL DE SAN LUIS", strong=True, gap=4),
        p("Elaborado por: Lcda. Maribel Tene, Secretaria Tesorera", gap=0),
        p("C.c.: Archivo", gap=5),
        p(f"Dirección: {f['address']}    Telefax: {f['phone']}", TA_CENTER, gap=0),
        p(f"E-mail: {f['email']}    www.gadsanluis.gob.ec", TA_CENTER, gap=0),
    ]


def call_centre(f: Facts) -> list[Block]:
    """A call centre: a reference line, a table of data, a contact of the payroll team."""
    kind = "Código de identificación (extranjero)" if f.is_foreign else "Cédula de identidad"
    return [
        p(f"{f['place']}, {f.day.day:02d} de {f.month_of_day} de {f.day.year}", gap=1),
        p(f"TH-NOM-{f.day.year}-0{f.day.month:02d}7", gap=6),
        p("Señores", gap=0),
        p("Instituto Ecuatoriano de Seguridad Social - IESS", strong=True, gap=0),
        p("Coordinación Provincial de Afiliación y Cobertura", gap=0),
        p("Presente.-", gap=5),
        p(f"Ref.: Regeneración planilla de {f.sheet} {f.month}", strong=True, gap=5),
        p("Estimados señores:", gap=3),
        p(
            f"Por medio de la presente, en mi calidad de representante legal, {f.ask}. Los datos del "
            "empleador se detallan a continuación:",
            TA_JUSTIFY,
        ),
        row("Razón social", f["business_name"]),
        row("Número de RUC", f["ruc"]),
        row("Sucursal IESS", f["branch"]),
        row("Actividad", "N8220.00 Centros de llamadas"),
        row("N.º de afiliados", "312"),
        row("Representante legal", f["representative_name"]),
        row(kind, f["representative_id"]),
        row("Domicilio", f["address"]),
        row("PBX", f["phone"]),
        row("Correo electrónico", f["email"]),
        p("", gap=2),
        p(
            "Para coordinar cualquier requerimiento adicional, agradecemos contactar a Karla Viteri, "
            "Coordinadora de Nómina, extensión 2214 o celular 099 583 1046.",
            TA_JUSTIFY,
        ),
        p("Agradecemos de antemano su gestión.", gap=4),
        p("Saludos cordiales,", gap=1),
        Block("sign", gap=1),
        p("Firmado electrónicamente por:", gap=0),
        p(f["representative_name"].upper(), gap=0),
        p("Representante Legal", gap=0),
    ]


def gymnasium(f: Facts) -> list[Block]:
    """A gymnasium: headed like an internal memorandum, the date in figures."""
    return [
        p("SOLICITUD", TA_CENTER, strong=True, gap=6),
        p(f"LUGAR: {f['place']}", gap=0),
        p(f"FECHA: {f.day:%d/%m/%Y}", gap=0),
        p("PARA: IESS - Afiliación y Control Técnico", gap=0),
        p(f"DE: {f['representative_name']} - {f['business_name']} (Power House Gym)", gap=0),
        p(f"ASUNTO: Regenerar planilla de {f.sheet}", gap=6),
        p("Buenos días:", gap=3),
        p(
            "Somos un gimnasio con 9 colaboradores afiliados entre instructores, recepción y limpieza. "
            f"Nuestro RUC es el {f['ruc']} y el número de sucursal en el IESS es {f['branch']}. Como "
            f"representante legal {f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            'Hemos intentado corregirlo desde la clave de empleador y el sistema nos da el mensaje "La '
            'planilla ya se encuentra generada". También llamamos al 140 y nos dieron el ticket 884213, sin '
            "respuesta hasta hoy.",
            TA_JUSTIFY,
        ),
        p(
            f"Estamos ubicados en {f['address']}, atendemos de 5:30 a 22:00. Nos pueden contactar al "
            f"{f['phone']} o por mail a {f['email']}.",
            TA_JUSTIFY,
        ),
        p("Quedamos pendientes de su respuesta. Muchas gracias.", gap=6),
        Block("sign", gap=0),
        p("f) " + _LINE, gap=0),
        p(f["representative_name"], gap=0),
        p(_doc(f, f.pick("C.I.", "Ced.", "CC"), "Código de identificación"), gap=0),
        p("Representante legal", gap=0),
    ]


def publisher(f: Facts) -> list[Block]:
    """A publishing house: careful prose; the place and the date come last, before the signature."""
    document = _doc(f, "cédula de identidad número", "código de identificación de extranjero número")
    return [
        p(f["business_name"], TA_RIGHT, strong=True, gap=0),
        p("Ediciones y distribución de libros", TA_RIGHT, gap=0),
        p(f"RUC {f['ruc']}", TA_RIGHT, gap=9),
        p("Señor Director Provincial", gap=0),
        p("Instituto Ecuatoriano de Seguridad Social", gap=0),
        p("Presente", gap=6),
        p("Señor Director:", gap=4),
        p(
            f"Quien suscribe, {f['representative_name']}, con {document}, comparece en nombre de la casa "
            f"editorial {f['business_name']}, de la que es gerente y representante legal, con domicilio en "
            f"{f['address']}, de esta ciudad, y expone:",
            TA_JUSTIFY,
        ),
        p(
            "Que nuestra empresa, fundada en 1987 e inscrita en la Cámara Ecuatoriana del Libro con el "
            f"número 143, figura ante el Instituto como empleador en la sucursal {f['branch']}; y que ha "
            "cumplido siempre puntualmente con sus obligaciones patronales.",
            TA_JUSTIFY,
        ),
        p(f"Por lo expuesto, en forma respetuosa, {f.ask}.", TA_JUSTIFY),
        p(
            f"Recibiré su contestación en el correo electrónico {f['email']}; asimismo, puede usted "
            f"llamarnos al {f['phone']}.",
            TA_JUSTIFY,
        ),
        p(
            f"En {f['place']}, a los {f.day.day} días del mes de {f.month_of_day} de {f.day.year}."
            if f.day.day > 1
            else f"En {f['place']}, al primer día (1) del mes de {f.month_of_day} de {f.day.year}.",
            gap=4,
        ),
        p("Hago propicia la ocasión para expresarle mi consideración más distinguida.", gap=2),
        Block("sign", gap=1),
        p(f["representative_name"], gap=0),
        p("Gerente", gap=0),
    ]


def cleaning_services(f: Facts) -> list[Block]:
    """A cleaning company: numbered parts as its lawyer writes them, and somebody authorized to call."""
    helper = f.pick("Blanca Ortega Suárez", "Mónica Tipán Caiza", "Wilson Alvarado Pin")
    helper_id = f.pick("1710345065", "0704128735", "0912345675")
    return [
        p(f"{f['place']}, {f.day.day:02d} de {f.month_of_day.capitalize()} de {f.day.year}", TA_RIGHT, gap=5),
        p("SEÑOR DIRECTOR PROVINCIAL DEL INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL", strong=True, gap=5),
        p("1. COMPARECIENTE", strong=True, gap=1),
        p(
            f"{f['representative_name']}, de estado civil casado/a, mayor de edad, con {f.id_label} "
            f"{f['representative_id']}, en mi calidad de Gerente General y como tal representante legal de "
            f"{f['business_name']}, según nombramiento inscrito en el Registro Mercantil el 14 de mayo de "
            f"2024 con el número 6218, empleador con RUC No. {f['ruc']}, sucursal No. {f['branch']}.",
            TA_JUSTIFY,
        ),
        p("2. ANTECEDENTES", strong=True, gap=1),
        p(
            "Mi representada presta servicios complementarios de limpieza a varias instituciones, entre "
            "ellas el Hospital General Docente, mediante contrato SIE-HGD-2025-031, para cuyo pago se exige "
            "el certificado de cumplimiento de obligaciones patronales.",
            TA_JUSTIFY,
        ),
        p("3. PETICIÓN", strong=True, gap=1),
        p(
            "Con los antecedentes expuestos y al amparo del Art. 66, numeral 23, de la Constitución de la "
            f"República, {f.ask}.",
            TA_JUSTIFY,
        ),
        p("4. AUTORIZACIÓN Y NOTIFICACIONES", strong=True, gap=1),
        p(
            f"Autorizo a {helper}, con C.C. {helper_id}, para que realice el seguimiento de este trámite. "
            f"Notificaciones: {f['address']}; teléfono convencional {f['phone']}; correo electrónico "
            f"{f['email']}.",
            TA_JUSTIFY,
        ),
        p("Por ser legal y justo mi pedido, espero ser atendido/a favorablemente.", gap=4),
        p("Atentamente,", gap=1),
        Block("sign", gap=0),
        p(_LINE, gap=0),
        p(f["representative_name"], gap=0),
        p("GERENTE GENERAL", gap=0),
        p(f["business_name"].upper(), gap=0),
    ]


def shrimp_farm(f: Facts) -> list[Block]:
    """A shrimp farm: its office and its ponds in the letterhead, the papers' numbers under the signature."""
    return [
        p(f["business_name"].upper(), TA_CENTER, strong=True, gap=0),
        p("CULTIVO Y EXPORTACIÓN DE CAMARÓN", TA_CENTER, gap=0),
        p(f"Oficina: {f['address']} * Telf.: {f['phone']}", TA_CENTER, gap=0),
        p("Camaronera: Isla Escalante, Golfo de Guayaquil * Acuerdo Min. 0287", TA_CENTER, gap=8),
        p(f"{f['place']}, {f.day.day} de {f.month_of_day.upper()} del {f.day.year}", gap=6),
        p("Sr(a). Abg.", gap=0),
        p("COORDINADOR PROVINCIAL DE AFILIACIÓN Y COBERTURA DEL TRABAJO", gap=0),
        p("IESS", gap=0),
        p("Ciudad.-", gap=5),
        p("De mis consideraciones.-", gap=4),
        p(
            f"Por medio de la presente yo, ING. {f['representative_name'].upper()}, Representante Legal de "
            f"la compañía {f['business_name'].upper()}, {f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            "Cabe indicar que el personal de campo (guardias, alimentadores y bomberos) permanece en la isla "
            "en turnos de 22 días de trabajo por 8 de descanso, y los reportes nos llegan con retraso, "
            "motivo por el cual no se detectó a tiempo el error.",
            TA_JUSTIFY,
        ),
        p(
            "Agradeciendo de antemano la atención que se sirva dar a la presente, me suscribo de usted.",
            gap=5,
        ),
        p("Atentamente,", gap=1),
        Block("sign", gap=0),
        p(_LINE, gap=0),
        p(f"ING. {f['representative_name'].upper()}", gap=0),
        p("REPRESENTANTE LEGAL", gap=0),
        p(_doc(f, "C.I.:", "CÓD. EXTRANJERO:"), gap=0),
        p(f"RUC: {f['ruc']}  SUC.: {f['branch']}", gap=0),
        p(f"MAIL: {f['email']}", gap=4),
        p("Adj.: Planilla impresa, aviso y rol de pago", gap=0),
    ]


def kindergarten(f: Facts) -> list[Block]:
    """A kindergarten (CDI): a warm greeting; the whole of the employer's data in a foot of data."""
    return [
        p('CENTRO DE DESARROLLO INFANTIL "MIS PRIMEROS PASOS"', TA_CENTER, strong=True, gap=0),
        p("Permiso de funcionamiento MIES N.º 0415-2024", TA_CENTER, gap=0),
        p('"Educar con amor es sembrar futuro"', TA_CENTER, gap=7),
        p(f"{f['place']}, {f.long_day}", TA_RIGHT, gap=6),
        p("Señor/a", gap=0),
        p("DIRECTOR/A PROVINCIAL DEL IESS", strong=True, gap=0),
        p("Presente", gap=5),
        p("De nuestra consideración:", gap=4),
        p(
            "Quienes conformamos la gran familia del Centro de Desarrollo Infantil le hacemos llegar un "
            "afectuoso saludo y le auguramos éxitos en sus delicadas funciones.",
            TA_JUSTIFY,
        ),
        p(
            f"El motivo de la presente es para dar a conocer que yo, {f['representative_name']}, en mi "
            f"condición de representante legal de {f['business_name']}, entidad que sostiene al CDI, "
            f"{f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            "Este inconveniente se presentó porque en esos días hubo cambio de contadora. Al momento tenemos "
            "7 educadoras y 82 niños y niñas de 1 a 3 años, y necesitamos estar al día para la renovación "
            "del convenio.",
            TA_JUSTIFY,
        ),
        p("Con la seguridad de contar con su valiosa ayuda, le anticipo mi sincero agradecimiento.", gap=5),
        p("Atentamente,", gap=1),
        Block("sign", gap=1),
        p(f"Lic. {f['representative_name']}, Mgs.", gap=0),
        p("DIRECCIÓN - REPRESENTANTE LEGAL", gap=5),
        p("DATOS DEL EMPLEADOR", strong=True, gap=1),
        p(f"RUC: {f['ruc']} / Sucursal: {f['branch']}", gap=0),
        p(_doc(f, "Cédula representante:", "Código de identificación representante (extranjero/a):"), gap=0),
        p(f"Dirección: {f['address']}", gap=0),
        p(f"Teléfono: {f['phone']} / Correo: {f['email']}", gap=0),
    ]


TRADES: Final[tuple[Manner, ...]] = (
    dental,
    banana_producer,
    bakery,
    parish_council,
    call_centre,
    gymnasium,
    publisher,
    cleaning_services,
    shrimp_farm,
    kindergarten,
)
