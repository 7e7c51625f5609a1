"""The letters written last, by somebody who had not seen the reader; of their faults two were mended."""

from __future__ import annotations

from typing import Final

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT

from bench.letter_facts import MONTHS, Facts
from bench.letter_manners.blocks import Block, Manner, ending, id_line, p, row


def _kind(f: Facts, usual: str) -> str:
    """What the writer calls the number: ``usual`` for a cédula, another name for a foreigner's code."""
    return "Código de extranjero" if f.is_foreign else usual


def car_dealer(f: Facts) -> list[Block]:
    """The personnel department of a car dealer: a numbered letter on headed paper."""
    number = f"TH-{f.random.integers(1, 180):03d}-{f.day.year}"
    return [
        p(f["business_name"].upper(), strong=True, gap=0),
        p("Vehículos nuevos y seminuevos · Taller autorizado · Repuestos originales", gap=0),
        p(f"RUC {f['ruc']}", gap=7),
        p(f"{f['place']}, {f.day.day:02d} de {MONTHS[f.day.month - 1]} del {f.day.year}", gap=1),
        p(f"Oficio No. {number}", gap=6),
        p("Señores", gap=0),
        p("INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL", gap=0),
        p("Dirección Provincial - Unidad de Afiliación y Cobertura", gap=0),
        p("Presente.-", gap=5),
        p("Asunto: Regeneración de planilla", strong=True, gap=5),
        p("De nuestras consideraciones:", gap=4),
        p(
            f"Reciban un cordial saludo de quienes conformamos {f['business_name']}, concesionario con 14 "
            "años en el mercado automotriz. Por medio de la presente, y en mi calidad de Gerente General, "
            f"{f.ask}. El inconveniente corresponde al personal registrado en la sucursal {f['branch']}.",
            TA_JUSTIFY,
        ),
        p(
            "Adjuntamos copia del rol de pagos, el aviso impreso del sistema y copia del nombramiento "
            "inscrito en el Registro Mercantil.",
            TA_JUSTIFY,
        ),
        p(
            f"Cualquier novedad agradeceremos comunicarla al teléfono {f['phone']} ext. 114 o al correo "
            f"{f['email']}; nuestras oficinas están ubicadas en {f['address']}, junto al patio de autos.",
            TA_JUSTIFY,
        ),
        p("Por la atención que se dignen dar a la presente, anticipamos nuestro agradecimiento.", gap=5),
        *ending(f, f"Ing. {f['representative_name']}", "GERENTE GENERAL", id_line(f), f["business_name"]),
    ]


def veterinary_clinic(f: Facts) -> list[Block]:
    """The owner of a veterinary clinic, who writes it between two patients."""
    return [
        p(f"{f['place']}, {f.long_day}", TA_RIGHT, gap=6),
        p("Señores IESS", gap=0),
        p("Ciudad", gap=5),
        p("Estimados señores:", gap=4),
        p(
            f"Soy {f['representative_name']}, con {f.id_label} {f['representative_id']}, y represento a "
            f"{f['business_name']}, que atiende al público con el nombre comercial de Clínica Veterinaria "
            f"Huellitas. Nuestro RUC es el {f['ruc']} y en el IESS estamos registrados con la sucursal "
            f"{f['branch']}.",
            TA_JUSTIFY,
        ),
        p(
            f"Con esta carta {f.ask}. Traté de corregirlo en la página web con la clave de empleador pero "
            "el sistema ya no me permite, y en el call center (140) me indicaron que debo presentar "
            "la solicitud por escrito.",
            TA_JUSTIFY,
        ),
        p(
            f"La clínica queda en {f['address']}, frente a la farmacia Cruz Azul. Me pueden llamar al "
            f"{f['phone']} de lunes a sábado de 9h00 a 18h00, o escribirme a {f['email']}.",
            TA_JUSTIFY,
        ),
        p("Muchas gracias por su ayuda.", gap=5),
        p("Saludos cordiales,", gap=2),
        Block("sign", gap=1),
        p(f"MVZ. {f['representative_name']}", gap=0),
        p("Médico Veterinario Zootecnista", gap=0),
        p("Representante Legal"),
    ]


def radio_station(f: Facts) -> list[Block]:
    """A radio station: its dial above, its address and telephone at the foot of the sheet."""
    return [
        p(f"RADIO ONDA ANDINA {f.pick('98.5', '102.1', '91.7')} FM", TA_CENTER, strong=True, gap=0),
        p("“La que más se escucha”", TA_CENTER, gap=7),
        p(f"{f['place']}, {MONTHS[f.day.month - 1]} {f.day.day} de {f.day.year}", gap=6),
        p("Señor Doctor", gap=0),
        p("Director Provincial del IESS", gap=0),
        p("En su despacho", gap=5),
        p("De mis consideraciones:", gap=4),
        p(
            "Reciba un atento y cordial saludo de quienes hacemos Radio Onda Andina, a la vez que le "
            "deseamos éxitos en las delicadas funciones que acertadamente desempeña.",
            TA_JUSTIFY,
        ),
        p(
            f"El motivo de la presente es para indicarle que {f.ask}. Para el efecto detallo los datos de la "
            "empresa:",
            TA_JUSTIFY,
        ),
        p(f"RAZÓN SOCIAL: {f['business_name'].upper()}", gap=0),
        p(f"RUC: {f['ruc']}", gap=0),
        p(f"SUCURSAL: {f['branch']}", gap=4),
        p(
            "Seguro de contar con su valiosa colaboración, me suscribo de usted, no sin antes reiterarle "
            "mis sentimientos de consideración y estima.",
            TA_JUSTIFY,
            gap=5,
        ),
        *ending(
            f,
            f"Lcdo. {f['representative_name']}",
            f"{_kind(f, 'C.I.')} {f['representative_id']}",
            "GERENTE - CONCESIONARIO",
        ),
        p("", gap=6),
        p(f"Dirección: {f['address']}, 3er piso · Telf.: {f['phone']}", TA_CENTER, gap=0),
        p(f"E-mail: {f['email']} · {f['place']} - Ecuador", TA_CENTER),
    ]


def savings_cooperative(f: Facts) -> list[Block]:
    """A savings cooperative, which writes as the public offices do, with the initials of who prepared it."""
    number = f.random.integers(1, 400)
    return [
        p(f"Oficio Nro. GG-{f.day.year}-{number:04d}-OF", TA_RIGHT, strong=True, gap=1),
        p(f"{f['place']}, a {f.day.day:02d} de {MONTHS[f.day.month - 1]} de {f.day.year}", TA_RIGHT, gap=5),
        p("Asunto: Solicitud de regeneración de planilla por parte del empleador", gap=5),
        p("Magíster", gap=0),
        p("Director Provincial", gap=0),
        p("INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL", strong=True, gap=0),
        p("En su Despacho", gap=5),
        p("De mi consideración:", gap=4),
        p(
            f"{f['business_name']}, con RUC No. {f['ruc']}, sucursal {f['branch']}, entidad controlada por "
            "la Superintendencia de Economía Popular y Solidaria, se encuentra al día en sus obligaciones "
            "patronales.",
            TA_JUSTIFY,
        ),
        p(
            "Al amparo de lo previsto en el artículo 73 de la Ley de Seguridad Social y en calidad de "
            f"Gerente y Representante Legal de la entidad, {f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            f"Para notificaciones señalo el correo electrónico {f['email']}, el teléfono convencional "
            f"{f['phone']} y el domicilio ubicado en {f['address']}, edificio matriz.",
            TA_JUSTIFY,
        ),
        p("Con sentimientos de distinguida consideración.", gap=4),
        p("Atentamente,", gap=2),
        Block("sign", gap=1),
        p(f"Mgs. {f['representative_name']}", gap=0),
        p("GERENTE GENERAL", strong=True, gap=0),
        p(f"{_kind(f, 'CC')}: {f['representative_id']}", gap=5),
        p("Anexos: 1) Nombramiento SEPS; 2) Certificado de cumplimiento de obligaciones", gap=0),
        p("Elaborado por: K. Salazar / Talento Humano. Revisado por: Dr. M. Andrade / Jurídico"),
    ]


def cacao_exporter(f: Facts) -> list[Block]:
    """An exporter on the coast: short, commercial, the particulars in a list."""
    return [
        p(f["business_name"], TA_CENTER, strong=True, gap=0),
        p("EXPORTADORES DE CACAO EN GRANO", TA_CENTER, gap=0),
        p(f"{f['address']} - Telf. {f['phone']} - {f['email']}", TA_CENTER, gap=7),
        p(f"{f['place']}, {MONTHS[f.day.month - 1]} {f.day.day:02d} del {f.day.year}", gap=6),
        p("Señores", gap=0),
        p("IESS", gap=0),
        p("Ciudad.-", gap=5),
        p(f"Ref.: Planilla de {f.sheet} - RUC {f['ruc']}", TA_RIGHT, gap=5),
        p("Atn.: Departamento de Afiliación y Control Patronal", gap=5),
        p("De nuestra consideración:", gap=4),
        p(f"Por la presente {f.ask}.", TA_JUSTIFY),
        p("Datos del patrono:", gap=2),
        row("Nombre del patrono", f["business_name"]),
        row("No. de RUC", f["ruc"]),
        row("Cód. sucursal", f["branch"]),
        row("Centro de trabajo", "Bodega y secadora km 11.5 vía a Daule"),
        row("Gerente General", f["representative_name"]),
        row(_kind(f, "Cédula"), f["representative_id"]),
        p("", gap=2),
        p(
            "Cabe indicar que los valores serán cancelados una vez que se encuentre disponible el nuevo "
            "comprobante de pago, mediante débito a la cuenta corriente que mantenemos en Banco Bolivariano.",
            TA_JUSTIFY,
        ),
        p("Agradeciendo de antemano la atención a la presente, quedamos de ustedes,", gap=4),
        p("Muy atentamente,", gap=1),
        p(f"p. {f['business_name']}", gap=2),
        Block("sign", gap=0),
        p("______________________________", gap=0),
        p(f["representative_name"], gap=0),
        p("Gerente General"),
    ]


def architect(f: Facts) -> list[Block]:
    """An architect with two employees, whose own name heads the sheet."""
    register = f"1005-{f.random.integers(2, 16):02d}-{f.random.integers(10**6):06d}"
    return [
        p(f"Arq. {f['representative_name']}", strong=True, gap=0),
        p(f"Diseño, planificación y construcción · Reg. SENESCYT {register}", gap=0),
        p(f"{f['address']}, of. 302", gap=0),
        p(f"T. {f['phone']} | {f['email']}", gap=8),
        p(f"{f['place']}, {f.long_day}.", gap=6),
        p("Señor Director Provincial del IESS", gap=0),
        p("Presente", gap=5),
        p("De mi consideración:", gap=4),
        p(
            f"Yo, {f['representative_name']}, de profesión arquitecto, con {f.id_label} "
            f"{f['representative_id']}, a nombre de {f['business_name']} (RUC {f['ruc']}, sucursal "
            f"{f['branch']}), empresa en la que laboran únicamente dos personas en relación de "
            f"dependencia, un dibujante y una asistente, muy comedidamente {f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            "Se trata de un error involuntario de mi parte, por lo que pido no se generen intereses.",
            TA_JUSTIFY,
        ),
        p("Por la gentil atención a este pedido, le anticipo mis agradecimientos.", gap=5),
        *ending(f, f"Arq. {f['representative_name']}", id_line(f)),
    ]


def embassy_office(f: Facts) -> list[Block]:
    """The office that administers the local employees of an embassy: ceremonious, with a reference."""
    number = f.random.integers(10, 300)
    return [
        p(f"Nota ADM/{number}/{f.day.year % 100:02d}", gap=5),
        p(f"{f['place']}, {f.long_day}", TA_RIGHT, gap=6),
        p("Excelentísimo señor", gap=0),
        p("Director Provincial", gap=0),
        p("Instituto Ecuatoriano de Seguridad Social", gap=0),
        p("Ciudad", gap=6),
        p("Señor Director:", gap=4),
        p(
            f"Tengo el agrado de dirigirme a usted en representación de {f['business_name']}, oficina "
            "encargada de la administración del personal local de la Embajada, inscrita ante ese Instituto "
            f"como empleador con Registro Único de Contribuyentes {f['ruc']} y código de "
            f"sucursal {f['branch']}.",
            TA_JUSTIFY,
        ),
        p(
            f"En tal virtud, y por su digno intermedio, {f.ask}. Se acompaña a la presente copia del "
            "contrato de trabajo registrado en el Ministerio del Trabajo (SUT).",
            TA_JUSTIFY,
        ),
        p(
            "La persona de contacto para este asunto es la señora Verónica Albán, asistente administrativa, "
            f"en el número {f['phone']} y en la dirección electrónica {f['email']}.",
            TA_JUSTIFY,
        ),
        p(
            "Hago propicia la oportunidad para expresar a usted las seguridades de mi más alta y distinguida "
            "consideración.",
            TA_JUSTIFY,
            gap=4,
        ),
        Block("sign", gap=1),
        p(f["representative_name"], gap=0),
        p("Jefe de Administración y Apoderado", gap=0),
        p(id_line(f), gap=6),
        p(f"{f['address']}, piso 7, {f['place']}, Ecuador"),
    ]


def laundry(f: Facts) -> list[Block]:
    """A laundry: typed in a cyber café, one paragraph, few accents."""
    day = f"{f.day.day:02d}/{f.day.month:02d}/{f.day.year}"
    return [
        p(f"{f['place']} {day}", gap=6),
        p("SEÑORES", gap=0),
        p("SEGURO SOCIAL IESS", gap=0),
        p("PRESENTE", gap=5),
        p("Reciban un cordial saludo.", gap=4),
        p(
            f"Yo {f['representative_name']} con numero de {_kind(f, 'cédula').lower()} "
            f"{f['representative_id']} gerente de {f['business_name']} con RUC {f['ruc']} sucursal "
            f"{f['branch']} dedicada al servicio de lavanderia y planchado de ropa, {f.ask}.",
        ),
        p(
            "Pido de favor se me ayude lo mas pronto posible ya que por este motivo el trabajador no puede "
            "hacerse atender en el dispensario ni sacar el prestamo quirografario.",
        ),
        p("Mis datos son:", gap=1),
        p(f"Direccion: {f['address']} (a media cuadra del mercado)", gap=0),
        p(f"Telefono: {f['phone']}", gap=0),
        p(f"Correo: {f['email']}", gap=4),
        p("Por la atencion a la presente les agradezco.", gap=4),
        p("Atentamente", gap=2),
        Block("sign", gap=0),
        p("..................................................", gap=0),
        p(f"Sr(a). {f['representative_name']}", gap=0),
        p(f"{_kind(f, 'CI')}: {f['representative_id']}", gap=0),
        p("GERENTE"),
    ]


def taxi_cooperative(f: Facts) -> list[Block]:
    """The lawyer of a taxi cooperative: a writ, with the day in its last lines."""
    bar = f"{f.random.integers(1, 24):02d}-{f.random.integers(1990, 2021)}-{f.random.integers(1, 500)}"
    return [
        p("SEÑOR DIRECTOR PROVINCIAL DEL INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL.-", strong=True, gap=6),
        p(
            f"{f['representative_name'].upper()}, mayor de edad, de estado civil casado, de ocupación chofer "
            f"profesional, con {f.id_label} {f['representative_id']}, en mi calidad de Gerente de "
            f"{f['business_name'].upper()}, con RUC {f['ruc']} y sucursal {f['branch']}, ante usted muy "
            "respetuosamente comparezco y digo:",
            TA_JUSTIFY,
        ),
        p(
            "PRIMERO.- Mi representada presta el servicio de taxis convencionales con 42 unidades, conforme "
            "al permiso de operación vigente, y mantiene bajo dependencia a la secretaria y a los operadores "
            "de la central de radio.",
            TA_JUSTIFY,
        ),
        p(f"SEGUNDO.- Con estos antecedentes, {f.ask}.", TA_JUSTIFY),
        p(
            "TERCERO.- Notificaciones que me correspondan las recibiré en el correo electrónico "
            f"{f['email']}, en el teléfono {f['phone']} y en la sede social situada en la "
            f"{f['address']} de esta ciudad.",
            TA_JUSTIFY,
        ),
        p("Firmo conjuntamente con mi abogado patrocinador.", gap=3),
        p(
            f"{f['place']}, a los {f.day.day} días del mes de {MONTHS[f.day.month - 1]} del {f.day.year}.",
            gap=3,
        ),
        Block("sign", gap=1),
        p(f"Sr. {f['representative_name']}", gap=0),
        p("GERENTE", gap=8),
        p("Ab. Wilson Tapia Rivadeneira", gap=0),
        p(f"Mat. {bar} Foro de Abogados"),
    ]


def university_foundation(f: Facts) -> list[Block]:
    """The foundation of a private university: a memorandum's head, then a letter."""
    return [
        p(f["business_name"], strong=True, gap=0),
        p("Dirección Administrativa Financiera", gap=6),
        row("PARA:", "Coordinación Provincial de Afiliación y Cobertura, IESS"),
        row("DE:", f"{f['representative_name']}, Presidencia Ejecutiva"),
        row("LUGAR Y FECHA:", f"{f['place']}, {f.long_day}"),
        row("ASUNTO:", f"Planilla de {f.sheet}, {f.month}"),
        row("RUC / SUCURSAL:", f"{f['ruc']} / {f['branch']}"),
        p("", gap=4),
        p("De mi consideración:", gap=4),
        p(
            f"En mi calidad de Presidente Ejecutivo y como tal representante legal de {f['business_name']}, "
            "institución de derecho privado sin fines de lucro que auspicia los programas de becas e "
            f"investigación de la Universidad, me permito exponer que {f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            "La novedad fue detectada por Auditoría Interna al conciliar los roles del primer y segundo "
            "quimestre con los reportes de Historia Laboral. Quedamos atentos al nuevo comprobante para "
            "proceder con el pago de la diferencia dentro de los 15 días del mes siguiente.",
            TA_JUSTIFY,
        ),
        p(
            "En caso de requerirse información adicional, favor contactarse con la CPA. Gabriela Moncayo, "
            f"Jefa de Nómina, al {f['phone']}, ext. 2231, {f['email']}.",
            TA_JUSTIFY,
        ),
        p("Con un atento saludo,", gap=2),
        Block("sign", gap=0),
        p("_______________________________", gap=0),
        p(f"{f['representative_name']}, Ph.D.", gap=0),
        p(f"{_kind(f, 'C.C.')} {f['representative_id']}", gap=0),
        p("PRESIDENTE EJECUTIVO", gap=0),
        p(f"Campus {f['address']}, bloque B, planta baja"),
    ]


HELD_BACK: Final[tuple[Manner, ...]] = (
    car_dealer,
    veterinary_clinic,
    radio_station,
    savings_cooperative,
    cacao_exporter,
    architect,
    embassy_office,
    laundry,
    taxi_cooperative,
    university_foundation,
)
