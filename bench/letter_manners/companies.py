"""Letters of companies, by people who had not seen the reader."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT

from bench.letter_facts import MONTHS, WEEKDAYS, Facts
from bench.letter_manners.blocks import Block, Manner, p, row
from bench.material import cedula


def shop_accountant(f: Facts) -> list[Block]:
    """An accountant who puts the employer in the reference and the rest in abbreviated rows."""
    foreign = f.is_foreign
    return [
        p(f"{f['place']}, {f.day.day:02d} de {MONTHS[f.day.month - 1]} del {f.day.year}", TA_RIGHT, gap=6),
        p("Señores", gap=0),
        p("INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL - IESS", strong=True, gap=0),
        p("Coordinación de Afiliación y Cobertura", gap=0),
        p("Presente", gap=5),
        p(f"Ref.: {f['business_name']} - RUC {f['ruc']} (Suc. {f['branch']})", gap=5),
        p("Estimados:"),
        p(
            f"Con un cordial saludo me dirijo a ustedes y, en vista de que la planilla consta como pendiente "
            f"de pago y no puede corregirse desde la clave patronal, {f.ask}.",
            TA_JUSTIFY,
        ),
        p("Para el trámite detallo lo siguiente:"),
        row("R. Legal", f["representative_name"].upper()),
        row("Código extranjero No." if foreign else "Ced. No.", f["representative_id"]),
        row("Dir. del local", f["address"]),
        row("Telf./Cel.", f["phone"]),
        row("Mail", f["email"]),
        p("", gap=1),
        p("Adjunto copia del RUC y del nombramiento. Quedo atento a su pronta respuesta.", TA_JUSTIFY, gap=5),
        p("Saludos cordiales,", gap=2),
        Block("sign", gap=1),
        p(f["representative_name"].upper(), gap=0),
        p(f"GERENTE DE {f['business_name'].upper()}", gap=4),
        p("Elaborado por: Contabilidad", gap=0),
    ]


def company_lawyer(f: Facts) -> list[Block]:
    """A writ in chapters, with the date at its end and the name of the lawyer next to the signer's."""
    foreign = f.is_foreign
    kind = "código de identificación para extranjeros" if foreign else "cédula de ciudadanía"
    return [
        p("SEÑOR DIRECTOR PROVINCIAL DEL INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL", strong=True, gap=5),
        p("I. COMPARECIENTE", strong=True, gap=1),
        p(
            f"{f['business_name'].upper()} (en adelante, “la Compañía”), titular del Registro Único de "
            f"Contribuyentes {f['ruc']}, por intermedio de su Gerente General y representante legal, "
            f"{f['representative_name']}, conforme consta del nombramiento inscrito que se acompaña, "
            f"comparece ante su autoridad. El compareciente se identifica con {kind} número "
            f"{f['representative_id']}.",
            TA_JUSTIFY,
        ),
        p("II. ANTECEDENTES", strong=True, gap=1),
        p(
            f"La Compañía es empleadora registrada en el IESS y mantiene en mora patronal la planilla que "
            f"más adelante se singulariza, generada en la sucursal {f['branch']}, cuyos valores no "
            f"corresponden a la realidad de la relación laboral.",
            TA_JUSTIFY,
        ),
        p("III. FUNDAMENTOS DE DERECHO", strong=True, gap=1),
        p(
            "Artículo 66, numeral 23, de la Constitución de la República; artículo 73 de la Ley de Seguridad "
            "Social; y demás normativa interna aplicable.",
            TA_JUSTIFY,
        ),
        p("IV. PETICIÓN", strong=True, gap=1),
        p(
            f"Con los antecedentes expuestos y al amparo de las normas invocadas, {f.ask}.",
            TA_JUSTIFY,
        ),
        p("V. NOTIFICACIONES", strong=True, gap=1),
        p(
            f"Las que me correspondan las recibiré en la casilla electrónica {f['email']} y en las oficinas "
            f"de la Compañía, situadas en {f['address']} (teléfono {f['phone']}).",
            TA_JUSTIFY,
        ),
        p(f"Suscribo en {f['place']}, el {f.long_day}, junto con mi abogado patrocinador.", gap=3),
        Block("sign", gap=1),
        p(f["representative_name"], gap=0),
        p(f"p. {f['business_name']}", gap=3),
        p("Ab. Hernán Salgado Rivadeneira", gap=0),
        p("Mat. Foro de Abogados 17-2011-482", gap=0),
    ]


def school_secretary(f: Facts) -> list[Block]:
    """A numbered official letter under a school's head, typed by the secretary for the one who signs."""
    title = f.pick("Mgs.", "MSc.", "Lic.")
    foreign = f.is_foreign
    kind = "código de extranjero Nro." if foreign else f.pick("C.I. Nro.", "cédula Nro.")
    return [
        p("UNIDAD EDUCATIVA PARTICULAR", TA_CENTER, gap=0),
        p(f"Entidad promotora: {f['business_name']}", TA_CENTER, strong=True, gap=0),
        p(f["address"], TA_CENTER, gap=0),
        p(f"{f['place']} - Ecuador", TA_CENTER, gap=6),
        p(f"Oficio Nro. UEP-SG-{f.day.year}-0{f.pick('47', '18', '63')}", TA_RIGHT, gap=0),
        p(
            f"{f['place']}, {f.day.day:02d} de {MONTHS[f.day.month - 1]} de {f.day.year}",
            TA_RIGHT,
            gap=5,
        ),
        p("ASUNTO: Regeneración de planilla del personal docente y administrativo", gap=5),
        p("Economista", gap=0),
        p("DIRECTOR/A PROVINCIAL", gap=0),
        p("INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL", gap=0),
        p("En su despacho", gap=5),
        p(
            "Reciba un atento y cordial saludo de quienes conformamos esta comunidad educativa, deseándole "
            "éxitos en sus funciones.",
            TA_JUSTIFY,
        ),
        p(
            f"El motivo del presente es el siguiente: como representante legal de la institución, inscrita "
            f"en el SRI con el RUC Nro. {f['ruc']} y en el IESS con el código de sucursal {f['branch']}, muy "
            f"comedidamente {f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            f"Para cualquier novedad favor comunicarse con Secretaría, de 07h00 a 14h30, al {f['phone']}, o "
            f"escribir a {f['email']}.",
            TA_JUSTIFY,
        ),
        p("Seguros de contar con su valiosa colaboración, le expresamos nuestra gratitud.", gap=5),
        p("Atentamente,", TA_CENTER, gap=2),
        Block("sign", gap=1),
        p(f"{title} {f['representative_name']}", gap=0),
        p(f"{kind} {f['representative_id']}", gap=0),
        p("RECTORADO - REPRESENTACIÓN LEGAL", strong=True, gap=4),
        p("C.c.: Archivo, Colecturía", gap=0),
    ]


def informal(f: Facts) -> list[Block]:
    """Somebody who tells it as one would at the counter, and dates it at the end."""
    foreign = f.is_foreign
    whose = "mi código de extranjero es" if foreign else f.pick("mi cédula es la", "mi número de cédula es")
    return [
        p(f.pick("Buenos días señores del Seguro Social,", "Buenas tardes, señores IESS."), gap=4),
        p(
            f"Me llamo {f['representative_name']}, {whose} {f['representative_id']} y soy dueño y "
            f"representante legal de {f['business_name']}, el RUC del negocio es {f['ruc']} y en la página "
            f"del IESS entramos con la sucursal {f['branch']}.",
        ),
        p(
            f"Les escribo porque tenemos un problema con la planilla y en la ventanilla me dijeron que hay "
            f"que pedirlo por escrito. Entonces, por favor, {f.ask}. Todavía no está pagada.",
        ),
        p(
            f"Si hace falta algún otro papel me avisan, mi correo es {f['email']} y también me pueden "
            f"llamar al {f['phone']}, de lunes a viernes. Nosotros estamos ubicados en {f['address']}, junto "
            f"a la farmacia.",
        ),
        p("Muchas gracias por la ayuda.", gap=4),
        Block("sign", gap=1),
        p(f["representative_name"], gap=0),
        p(f"{f['place']} {f.day.day} de {MONTHS[f.day.month - 1]} {f.day.year}", gap=0),
    ]


_NUMBERS_TEXT: Final = (
    "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
    "diecisiete dieciocho diecinueve veinte veintiún veintidós veintitrés veinticuatro veinticinco "
    "veintiséis veintisiete veintiocho veintinueve treinta treinta_y_un"
)
_NUMBERS: Final = tuple(_NUMBERS_TEXT.split())
_WOMEN: Final = frozenset(("María", "Lucía", "Belén", "Zoila", "Rosa", "Carmen", "Ana", "Elena"))
_POSTAL: Final = {
    "Guayaquil": "090313",
    "Cuenca": "010107",
    "Ambato": "180103",
    "Santo Domingo de los Tsáchilas": "230102",
    "Loja": "110104",
    "Manta": "130802",
}


def _before(f: Facts, days: int) -> str:
    """Another day, some days before that of the letter, in words."""
    day = f.day - timedelta(days=days)
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"


def _woman(f: Facts) -> bool:
    return f["representative_name"].split()[0] in _WOMEN


def construction_firm(f: Facts) -> list[Block]:
    """A civil engineer who needs a certificate to be paid for a work, and says so first."""
    document = "Código de extranjero #" if f.is_foreign else f.pick("C.C. #", "C.I. #", "Céd. #")
    return [
        p(f"{f['place']}, {f.month_of_day} {f.day.day} {f.pick('de', 'del')} {f.day.year}", gap=1),
        p(f"Oficio # GG-{f.pick('117', '054', '208')}-{f.day.year}", gap=6),
        p("Señores", gap=0),
        p("INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL", gap=0),
        p("Att.: Control Patronal", gap=0),
        p("Ciudad.-", gap=5),
        p("De nuestras consideraciones:"),
        p(
            f"{f['business_name']}, con R.U.C. # {f['ruc']}, se encuentra ejecutando el contrato de obra "
            f"LICO-GADM-004-{f.day.year}, suscrito el {_before(f, 140)}. Para el cobro de la planilla de "
            f"avance No. 3 el administrador del contrato nos exige el certificado de cumplimiento de "
            f"obligaciones patronales, que a la fecha el sistema no nos permite obtener.",
            TA_JUSTIFY,
        ),
        p(
            f"Revisada la página del IESS, la novedad se encuentra en la sucursal # {f['branch']}, con la "
            f"cual tenemos afiliado al personal de obra. Por tal motivo {f.ask}. Mucho agradeceremos dar al "
            f"trámite el carácter de urgente, pues el plazo para presentar la documentación vence en ocho "
            f"días.",
            TA_JUSTIFY,
        ),
        p(
            f"Cualquier comunicación favor hacerla llegar a nuestras oficinas ubicadas en {f['address']}, al "
            f"telf. {f['phone']} o al mail {f['email']}. Para temas de nómina atiende la "
            f"Ing. Maritza Jaramillo.",
            TA_JUSTIFY,
            gap=5,
        ),
        p("Muy atentamente,", gap=2),
        Block("sign", gap=1),
        p(f"Ing. {f['representative_name']}", gap=0),
        p(f"{document} {f['representative_id']}", gap=0),
        p("GERENTE - REPRESENTANTE LEGAL", strong=True, gap=0),
        p(f["business_name"].upper(), gap=0),
    ]


def hacienda_owner(f: Facts) -> list[Block]:
    """A landowner without a letterhead, who tells the story and dates it in the last line."""
    document = "con código de extranjero" if f.is_foreign else f.pick("cédula", "con cédula", "con C.I.")
    return [
        p("Señor Director Provincial", gap=0),
        p("Instituto Ecuatoriano de Seguridad Social", gap=0),
        p("En su despacho", gap=6),
        p("Señor Director:", gap=4),
        p(
            f"En la hacienda San Isidro, kilómetro 14 de la vía a El Carmelo, trabajan conmigo catorce "
            f"personas fijas y otras tantas en tiempo de cosecha, todas aseguradas por {f['business_name']}, "
            f"que es la dueña del predio y de la que soy representante legal desde el {_before(f, 1100)}. El "
            f"RUC es el {f['ruc']} y los trabajadores del campo constan en la sucursal {f['branch']}.",
            TA_JUSTIFY,
        ),
        p(
            f"El mes que le indico estuvimos varios días sin luz ni internet y los avisos los hizo en el "
            f"pueblo una persona que no conoce el sistema. Por eso acudo a usted y, con el respeto debido, "
            f"{f.ask}. No ha sido nuestra intención perjudicar a nadie, mucho menos a la gente que lleva "
            f"años con nosotros.",
            TA_JUSTIFY,
        ),
        p(
            f"Como a la hacienda no llega el correo, le ruego que las notificaciones se dejen en la oficina "
            f"que tenemos en {f['address']}, donde contestan el {f['phone']} en horas de la mañana. "
            f"También puede escribirse a {f['email']}, que lo revisa mi contadora.",
            TA_JUSTIFY,
        ),
        p(
            f"Agradezco de antemano su gentileza y firmo en {f['place']}, hoy "
            f"{WEEKDAYS[f.day.weekday()]} {f.long_day}.",
            TA_JUSTIFY,
            gap=4,
        ),
        Block("sign", gap=1),
        p(f"{f['representative_name']}, {document} {f['representative_id']}", gap=0),
    ]


def hotel_personnel(f: Facts) -> list[Block]:
    """The head of personnel writes, the manager signs; a sheet of data under the request."""
    month = f.month_of_day
    title = f.pick("Sra.", "Lcda.") if _woman(f) else f.pick("Sr.", "Lcdo.")
    document = (
        "Código IESS de extranjero" if f.is_foreign else f.pick("N.º de cédula", "Cédula de ciudadanía")
    )
    return [
        p("HOTEL MIRADOR DEL RÍO", TA_CENTER, strong=True, gap=0),
        p("Gerencia de Talento Humano", TA_CENTER, gap=6),
        p(f"Comunicación TH-{f.pick('031', '112', '076')}-{f.day:%y}", TA_RIGHT, gap=0),
        p(
            f"Lugar y fecha: {f['place']}, {f.day.day:02d}-{month[:3]}-{f.day.year}",
            TA_RIGHT,
            gap=5,
        ),
        p("PARA: Instituto Ecuatoriano de Seguridad Social, Dirección Provincial", gap=1),
        p("ASUNTO: Pedido de regeneración de planilla de nuestros colaboradores", gap=5),
        p("Estimados señores, reciban un cordial saludo:"),
        p(
            f"Luego de la revisión mensual de nómina efectuada por Talento Humano con corte al "
            f"{_before(f, 9)}, detectamos una diferencia entre los roles de pago y lo facturado por ustedes. "
            f"Con el fin de regularizarla, {f.ask}.",
            TA_JUSTIFY,
        ),
        p("Información del empleador:", strong=True, gap=1),
        row("Razón social en el SRI", f["business_name"]),
        row("Nombre comercial", "Hotel Mirador del Río"),
        row("RUC / Sucursal", f"{f['ruc']} / {f['branch']}"),
        row("Gerente y Rep. Legal", f["representative_name"]),
        row(document, f["representative_id"]),
        row("Ubicación", f["address"]),
        row("PBX", f["phone"]),
        row("E-mail para notificaciones", f["email"]),
        row("Persona de contacto", "Lcda. Verónica Salas Mejía, Jefe de Talento Humano"),
        p("", gap=1),
        p("Quedamos atentos a sus comentarios.", gap=3),
        p("Saludos,", gap=2),
        Block("sign", gap=1),
        p(f"{title} {f['representative_name']}", gap=0),
        p("GERENTE GENERAL", gap=3),
        p("VSM/rc", gap=0),
    ]


def cooperative_manager(f: Facts) -> list[Block]:
    """A manager authorised by the council; the resolution comes before the request."""
    if f.is_foreign:
        document = "titular del código de extranjero"
    else:
        document = f.pick("con C.C. Nro.", "portador de la cédula Nro.", "C.I.")
        if _woman(f):
            document = document.replace("portador ", "portadora ")
    return [
        p(f"{f['place']}, {f.day.day:02d} de {f.month_of_day} de {f.day.year}", gap=0),
        p(f"Of. N° {f.pick('0215', '0088', '0341')}-GER-{f.day.year}", gap=6),
        p("Doctor/a", gap=0),
        p("Director/a Provincial del IESS", gap=0),
        p("Presente", gap=5),
        p("De mi especial consideración:"),
        p(
            f"El Consejo de Administración de {f['business_name']}, en sesión ordinaria del {_before(f, 6)}, "
            f"Acta N° 08, conoció el informe del señor Contador, CPA Wilson Tenesaca, y resolvió autorizar a "
            f"la Gerencia que realice las gestiones necesarias para corregir las obligaciones con el seguro "
            f"social.",
            TA_JUSTIFY,
        ),
        p(
            f"En cumplimiento de esta resolución, quien suscribe, {f['representative_name']}, {document} "
            f"{f['representative_id']}, Gerente y por tanto representante judicial y extrajudicial de la "
            f"institución, al amparo del artículo 45 de la Ley Orgánica de Economía Popular y Solidaria, "
            f"{f.ask}, para lo cual adjunto la documentación de respaldo en cuatro fojas útiles.",
            TA_JUSTIFY,
        ),
        p(
            f"Estamos registrados con el RUC N° {f['ruc']}, y el código de la sucursal a la que corresponde "
            f"este pedido es {f['branch']}.",
            TA_JUSTIFY,
        ),
        p("Con la seguridad de ser atendido favorablemente, me suscribo de usted.", gap=5),
        p("“SOLIDARIDAD Y TRABAJO”", TA_CENTER, gap=2),
        Block("sign", gap=1),
        p(f["representative_name"].upper(), gap=0),
        p("GERENTE", strong=True, gap=5),
        p(f"Oficina matriz: {f['address']}", TA_CENTER, gap=0),
        p(f"Conmutador: {f['phone']} - Dirección electrónica: {f['email']}", TA_CENTER, gap=0),
    ]


def clinic_administrator(f: Facts) -> list[Block]:
    """A form of the clinic's own quality system: heads in capitals and an ISO date."""
    title = "Dra." if _woman(f) else "Dr."
    document = (
        "código de identificación de extranjero" if f.is_foreign else f.pick("C.I.", "cédula", "C.C. nro.")
    )
    return [
        p("COMUNICACIÓN EXTERNA", strong=True, gap=0),
        p("Código: ADM-FR-07 | Versión: 02 | Página 1 de 1", gap=4),
        row("CIUDAD", f["place"]),
        row("FECHA", f"{f.day:%Y-%m-%d}"),
        row("DESTINATARIO", "IESS, Dirección Provincial"),
        row("REMITENTE", f"{f['business_name']} (clínica de especialidades)"),
        row("ASUNTO", "Planilla por regenerar"),
        p("", gap=2),
        p("De mi consideración:"),
        p(
            f"La clínica que administro cumple con el pago puntual de los aportes de sus 46 empleados "
            f"mediante débito de la cuenta corriente 2100187345 del Banco Pichincha. El último débito fue "
            f"devuelto el {_before(f, 12)} y, al revisar el caso, advertimos el error. En consecuencia, "
            f"{f.ask}. Una vez emitido el nuevo comprobante será cancelado dentro de las 24 horas.",
            TA_JUSTIFY,
        ),
        p("IDENTIFICACIÓN PATRONAL", strong=True, gap=1),
        p(f"RUC {f['ruc']}; código de sucursal IESS {f['branch']}; permiso ACESS vigente.", TA_JUSTIFY),
        p("REPRESENTACIÓN LEGAL", strong=True, gap=1),
        p(f"{title} {f['representative_name']}, {document} {f['representative_id']}, Gerente.", gap=3),
        p("DÓNDE UBICARNOS", strong=True, gap=1),
        p(f"{f['address']}, atención las 24 horas. Central telefónica {f['phone']}.", gap=0.5),
        p(f"Correo de Administración: {f['email']}", gap=5),
        p("Cordial saludo,", gap=2),
        Block("sign", gap=1),
        p(f"{title} {f['representative_name']}", gap=0),
        p("Firma y sello", gap=3),
        p("Elaborado: G. Andrade / Revisado: P. Cevallos", gap=0),
    ]


def transport_company(f: Facts) -> list[Block]:
    """The manager is named only where the letter is signed; contact in a note below."""
    document = "COD. EXTRANJERO:" if f.is_foreign else f.pick("C.I.:", "CI.", "CC:")
    return [
        p(f"{f['place']}, a {f.long_day}.", TA_RIGHT, gap=6),
        p("Señor Ingeniero", gap=0),
        p("DIRECTOR DEL IESS", gap=0),
        p("P r e s e n t e .", gap=5),
        p("De mi consideración.-"),
        p(
            "Por medio de la presente reciba un cordial y afectuoso saludo de parte de los señores socios y "
            "choferes de esta compañía de carga pesada, con permiso de operación N.º 014-CPO-ANT, deseándole "
            "el mejor de los éxitos en sus labores diarias.",
            TA_JUSTIFY,
        ),
        p(
            f"El motivo de la presente es para hacerle conocer que la compañía {f['business_name'].upper()} "
            f"con Ruc. N.º {f['ruc']} Suc. {f['branch']}, tiene pendiente de pago una planilla que salió con "
            f"valores que no corresponden, por lo que el suscrito Gerente {f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            "Particular que pongo en su conocimiento para los fines pertinentes, y por la favorable acogida "
            "que se sirva dar a la presente le anticipo mi sincero agradecimiento.",
            TA_JUSTIFY,
            gap=5,
        ),
        p("Atentamente,", TA_CENTER, gap=2),
        Block("sign", gap=1),
        p(f"{'Sra.' if _woman(f) else 'Sr.'} {f['representative_name']}", gap=0),
        p("GERENTE GENERAL Y REPRESENTANTE LEGAL", gap=0),
        p(f"{document} {f['representative_id']}", gap=5),
        p(
            f"NOTA: Las oficinas de la compañía se encuentran en {f['address']} (frente a la gasolinera), "
            f"fono {f['phone']}, correo: {f['email']}",
            gap=2,
        ),
        p("Adj. copias de cédula, nombramiento y mecanizado.", gap=0),
    ]


def parish_priest(f: Facts) -> list[Block]:
    """A religious who runs a parish school; the date is in words with figures in brackets."""
    who = "Hna." if _woman(f) else f.pick("P.", "Pbro.")
    day = "primer" if f.day.day == 1 else _NUMBERS[f.day.day - 1].replace("_", " ")
    on_day = "al primer (1) día" if f.day.day == 1 else f"a los {day} ({f.day.day}) días"
    document = "código de extranjero No." if f.is_foreign else f.pick("cédula de identidad No.", "C.C. No.")
    return [
        p("UNIDAD EDUCATIVA PARROQUIAL “SAN VICENTE FERRER”", TA_CENTER, strong=True, gap=0),
        p("Educando desde el Evangelio", TA_CENTER, gap=6),
        p("Al Señor Director Provincial del", gap=0),
        p("Instituto Ecuatoriano de Seguridad Social", gap=5),
        p("Paz y bien en el Señor.", gap=4),
        p(
            f"Soy {who} {f['representative_name']}, {document} {f['representative_id']}, y dirijo la "
            f"escuela de la parroquia, cuyos profesores están afiliados bajo el nombre de "
            f"{f['business_name']}, persona jurídica que la sostiene y que represento legalmente por "
            f"nombramiento del señor Obispo de fecha {_before(f, 420)}.",
            TA_JUSTIFY,
        ),
        p(
            f"Nuestra colectora, la señora Nelly Ordóñez, que con tanta dedicación lleva las cuentas, me "
            f"hace saber que hay una equivocación que no puede enmendarse por internet. Acudo, pues, a su "
            f"comprensión y {f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            f"Somos una obra sin fines de lucro y cada recargo se resta a las becas de los niños. Los datos "
            f"con que nos encontrará en el sistema son el RUC No. {f['ruc']} y la sucursal {f['branch']}.",
            TA_JUSTIFY,
        ),
        p(
            f"La casa parroquial está en {f['address']}. Se nos puede llamar al número {f['phone']} después "
            f"de la misa de siete, y a cualquier hora escribir al correo {f['email']}.",
            TA_JUSTIFY,
        ),
        p(
            f"Con mi oración y gratitud, en la ciudad de {f['place']}, {on_day} del mes de "
            f"{f.month_of_day} de dos mil {_NUMBERS[f.day.year - 2001]} ({f.day.year}).",
            TA_JUSTIFY,
            gap=4,
        ),
        Block("sign", gap=1),
        p(f"{who} {f['representative_name']}", gap=0),
        p("Rectorado y representación legal", gap=0),
    ]


def public_body_accountant(f: Facts) -> list[Block]:
    """An official letter out of the government's documents system, prepared by the accountant."""
    number = f.pick("0142", "0067", "0319")
    document = "Código de extranjero" if f.is_foreign else f.pick("Cédula Nro.", "C.C.:", "Nro. de cédula:")
    return [
        p(f"Oficio Nro. EP-GG-{f.day.year}-{number}-O", TA_RIGHT, strong=True, gap=1),
        p(f"{f['place']}, {f.day.day:02d} de {f.month_of_day} de {f.day.year}", TA_RIGHT, gap=5),
        p("Asunto: REQUERIMIENTO DE REGENERACIÓN DE PLANILLA", gap=5),
        p("Director/a Provincial", gap=0),
        p("INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL", strong=True, gap=0),
        p("En su Despacho", gap=5),
        p("De mi consideración:"),
        p(
            f"Mediante Memorando Nro. EP-DF-{f.day.year}-0098-M, de {_before(f, 4)}, la Contadora General, "
            f"Ing. Patricia Villacrés (C.C. {cedula(f.random)}), informó a esta Gerencia sobre las "
            f"inconsistencias en la planilla generada a nombre de {f['business_name']}, RUC Nro. {f['ruc']}, "
            f"establecimiento {f['branch']}, que impiden tramitar el CUR de pago en el sistema eSIGEF.",
            TA_JUSTIFY,
        ),
        p(
            f"Con este antecedente, y de conformidad con los artículos 226 de la Constitución de la "
            f"República y 83 de la Ley de Seguridad Social, en mi calidad de máxima autoridad administrativa "
            f"y representante legal de la entidad {f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            f"Agradeceré que la respuesta se remita a través del Sistema de Gestión Documental Quipux o a la "
            f"cuenta {f['email']}.",
            TA_JUSTIFY,
        ),
        p("Con sentimientos de distinguida consideración.", gap=4),
        p("Atentamente,", gap=2),
        Block("sign", gap=1),
        p(f"{f.pick('Mgs.', 'Ing.', 'Econ.')} {f['representative_name']}", gap=0),
        p("GERENTE GENERAL", strong=True, gap=0),
        p(f"{document} {f['representative_id']}", gap=3),
        p("Anexos: informe_contable.pdf, reporte_nomina.xlsx", gap=0),
        p("Copia: Señora Ingeniera Patricia Villacrés, Contadora General", gap=0),
        p("pv/jl", gap=4),
        p(
            f"Dirección: {f['address']}. Código postal: {_POSTAL.get(f['place'], '170143')} / "
            f"{f['place']}-Ecuador",
            TA_CENTER,
            gap=0,
        ),
        p(f"Teléfono: {f['phone']}", TA_CENTER, gap=0),
    ]


COMPANIES: Final[tuple[Manner, ...]] = (
    shop_accountant,
    company_lawyer,
    school_secretary,
    informal,
    construction_firm,
    hacienda_owner,
    hotel_personnel,
    cooperative_manager,
    clinic_administrator,
    transport_company,
    parish_priest,
    public_body_accountant,
)
