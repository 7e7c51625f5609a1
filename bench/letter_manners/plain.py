"""The manners in which letters mostly ask, as clerks and templates on the web have them."""

from __future__ import annotations

from typing import Final

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT

from bench.letter_facts import MONTHS, Facts
from bench.letter_manners.blocks import Block, Manner, ending, heading, id_line, label_of_id, p, row


def classic(f: Facts) -> list[Block]:
    """Yo, fulano, con cédula …, en calidad de …: one long sentence."""
    return [
        *heading(f),
        p("De mi consideración:", gap=4),
        p(
            f"Yo, {f['representative_name'].upper()}, con {f.id_label} {f['representative_id']}, en "
            f"calidad de representante "
            f"legal de la compañía {f['business_name']}, con RUC {f['ruc']}, sucursal {f['branch']}, ante "
            f"usted "
            f"comparezco y {f.ask}.",
            TA_JUSTIFY,
        ),
        p(
            f"Para notificaciones señalo la dirección {f['address']}, el correo electrónico {f['email']} y "
            f"el teléfono "
            f"{f['phone']}.",
            TA_JUSTIFY,
            gap=5,
        ),
        *ending(f, f["representative_name"], id_line(f), "REPRESENTANTE LEGAL", f["business_name"]),
    ]


def list_of_data(f: Facts) -> list[Block]:
    """A short request and then the data, a line each."""
    return [
        *heading(f, TA_RIGHT),
        p("Asunto: Solicitud de regeneración de planilla", strong=True),
        p("De mi consideración:"),
        p(f"Por medio de la presente {f.ask}. Los datos de mi representada son los siguientes:", TA_JUSTIFY),
        row("RUC:", f["ruc"]),
        row("Razón Social:", f["business_name"].upper()),
        row("Sucursal:", f["branch"]),
        row("Representante Legal:", f["representative_name"]),
        row(label_of_id(f), f["representative_id"]),
        row("Dirección:", f["address"]),
        row("Teléfono:", f["phone"]),
        row("Correo electrónico:", f["email"]),
        *ending(f, f["representative_name"], "Representante Legal", id_line(f)),
    ]


def bullets(f: Facts) -> list[Block]:
    return [
        *heading(f),
        p("Estimados señores:"),
        p(f"En mi calidad de Gerente General y representante legal, {f.ask}.", TA_JUSTIFY),
        p(f"• R.U.C. N.º {f['ruc']}", gap=0.5),
        p(f"• Establecimiento (sucursal) N.º {f['branch']}", gap=0.5),
        p(f"• Empresa: {f['business_name']}", gap=0.5),
        p(f"• Nombres completos del representante: {f['representative_name']}", gap=0.5),
        p(f"• {label_of_id(f)} {f['representative_id']}", gap=0.5),
        p(f"• Domicilio: {f['address']}", gap=0.5),
        p(f"• Telf.: {f['phone']}", gap=0.5),
        p(f"• E-mail: {f['email']}", gap=5),
        *ending(f, f["representative_name"].upper(), "GERENTE GENERAL"),
    ]


def letterhead(f: Facts) -> list[Block]:
    """A printed head with the company's data; the body only refers to it."""
    return [
        p(f["business_name"].upper(), TA_CENTER, strong=True, gap=0),
        p(f"RUC: {f['ruc']} · Sucursal IESS {f['branch']}", TA_CENTER, gap=0),
        p(f"{f['address']} · Telf. {f['phone']} · {f['email']}", TA_CENTER, gap=8),
        *heading(f),
        p("De mis consideraciones:"),
        p(
            f"Quien suscribe, {f['representative_name']}, portador de la {f.id_label} "
            f"{f['representative_id']}, representante "
            f"legal de {f['business_name']}, {f.ask}.",
            TA_JUSTIFY,
        ),
        p("Por la atención que se digne dar a la presente, anticipo mi agradecimiento.", gap=5),
        *ending(f, f["representative_name"], id_line(f), f["business_name"]),
    ]


def by_points(f: Facts) -> list[Block]:
    return [
        p(f"{f['place']}, {f.long_day}.", gap=6),
        p("SEÑORES", gap=0),
        p("INSTITUTO ECUATORIANO DE SEGURIDAD SOCIAL", strong=True, gap=0),
        p("Ciudad", gap=6),
        p(
            f"1. Comparece {f['representative_name']}, con {f.id_label} {f['representative_id']}, como "
            f"representante legal de la "
            f"empresa {f['business_name']}.",
            TA_JUSTIFY,
        ),
        p(
            f"2. La empresa tiene el RUC número {f['ruc']} y la petición se refiere a la sucursal "
            f"{f['branch']}.",
            TA_JUSTIFY,
        ),
        p(f"3. Con estos antecedentes {f.ask}.", TA_JUSTIFY),
        p(
            f"4. Recibiré notificaciones en {f['email']}, teléfono {f['phone']}, y en la siguiente "
            f"dirección: {f['address']}.",
            TA_JUSTIFY,
            gap=5,
        ),
        *ending(f, f["representative_name"], "Representante legal"),
    ]


def value_below_label(f: Facts) -> list[Block]:
    """Each label over its value."""
    pairs = (
        ("RAZÓN SOCIAL", f["business_name"]),
        ("NÚMERO DE RUC", f["ruc"]),
        ("SUCURSAL", f["branch"]),
        ("NOMBRES Y APELLIDOS DEL REPRESENTANTE LEGAL", f["representative_name"]),
        (label_of_id(f).upper(), f["representative_id"]),
        ("PERÍODO", f["period"]),
        ("TIPO DE PLANILLA", f.sheet.capitalize()),
        ("DIRECCIÓN", f["address"]),
        ("TELÉFONO", f["phone"]),
        ("CORREO", f["email"]),
    )
    return [
        p("SOLICITUD PARA EMPLEADOR", TA_CENTER, strong=True, gap=4),
        p(f"{f['place']}, {f.long_day}", gap=4),
        *(block for label, value in pairs for block in (p(label, strong=True, gap=0), p(value, gap=2))),
        p(f"Señor Director: {f.ask}.", TA_JUSTIFY, gap=4),
        *ending(f, f["representative_name"]),
    ]


def spoken_date(f: Facts) -> list[Block]:
    return [
        p("Señor Director Provincial del Instituto Ecuatoriano de Seguridad Social:", gap=5),
        p(
            f"{f['representative_name']}, ecuatoriano, mayor de edad, con {f.id_label} "
            f"{f['representative_id']}, en mi calidad "
            f"de Gerente y como tal representante legal de la compañía {f['business_name']} (RUC "
            f"{f['ruc']}), "
            f"establecimiento {f['branch']}, domiciliada en {f['address']}, ante usted respetuosamente "
            f"{f.ask}.",
            TA_JUSTIFY,
        ),
        p(f"Correo: {f['email']}   Celular: {f['phone']}", gap=5),
        p(
            f"Dado en {f['place']}, a los {f.day.day} días del mes de {MONTHS[f.day.month - 1]} de "
            f"{f.day.year}.",
            gap=5,
        ),
        *ending(f, f["representative_name"], id_line(f)),
    ]


def electronic_mail_style(f: Facts) -> list[Block]:
    return [
        p(f"Fecha: {f.day:%d/%m/%Y}", gap=1),
        p(f"Lugar: {f['place']}", gap=1),
        p("Para: Dirección Provincial del IESS", gap=1),
        p(f"De: {f['business_name']}, RUC {f['ruc']}", gap=5),
        p(f"Estimado Director, {f.ask}.", TA_JUSTIFY),
        p(
            f"Sucursal: {f['branch']}. Representante legal: {f['representative_name']}. {label_of_id(f)} "
            f"{f['representative_id']}.",
            TA_JUSTIFY,
        ),
        p(f"Dirección: {f['address']}. Teléfono: {f['phone']}. Correo: {f['email']}.", TA_JUSTIFY, gap=5),
        *ending(f, f["representative_name"], "Representante Legal"),
    ]


def spaced_numbers(f: Facts) -> list[Block]:
    ruc = f["ruc"]
    return [
        *heading(f, TA_RIGHT),
        p("De mi consideración:"),
        p(
            f"La suscrita, {f['representative_name']}, titular de la {f.id_label} "
            f"{f['representative_id']}, representante legal "
            f"de la empresa {f['business_name'].upper()} con número de RUC {ruc[:10]} {ruc[10:]}, sucursal "
            f"N.º {f['branch']}, "
            f"{f.ask}.",
            TA_JUSTIFY,
        ),
        p("Datos de contacto", strong=True, gap=1),
        p(f"Dirección de la empresa: {f['address']}", gap=0.5),
        p(f"Correo electrónico de la empresa: {f['email']}", gap=0.5),
        p(f"Teléfono de la empresa: {f['phone']}", gap=5),
        *ending(f, "_" * 30, f["representative_name"].upper(), id_line(f), "Representante legal"),
    ]


def table(f: Facts) -> list[Block]:
    return [
        *heading(f),
        p("Asunto: regeneración de planilla", strong=True),
        p(f"Yo, {f['representative_name']}, {f.ask}.", TA_JUSTIFY, gap=4),
        row("Razón social", f["business_name"]),
        row("RUC", f["ruc"]),
        row("Sucursal IESS", f["branch"]),
        row("Representante legal", f["representative_name"]),
        row(label_of_id(f).rstrip(":"), f["representative_id"]),
        row("Período", f"{f.month}"),
        row("Tipo de planilla", f.sheet),
        row("Dirección", f["address"]),
        row("Teléfono", f["phone"]),
        row("Correo electrónico", f["email"]),
        *ending(f, f["representative_name"], id_line(f)),
    ]


def contact_in_the_foot(f: Facts) -> list[Block]:
    return [
        *heading(f),
        p("Señor Director:"),
        p(
            f"{f['business_name']}, con Registro Único de Contribuyentes No. {f['ruc']}, sucursal "
            f"{f['branch']}, representada "
            f"legalmente por {f['representative_name']}, con {f.id_label} {f['representative_id']}, "
            f"comparece y expone:",
            TA_JUSTIFY,
        ),
        p(f"Con fundamento en lo anterior {f.ask}.", TA_JUSTIFY, gap=5),
        *ending(f, f["representative_name"], id_line(f), "Representante legal"),
        p(f"Dir.: {f['address']}", gap=0),
        p(f"Cel.: {f['phone']} | Email: {f['email']}", gap=0),
    ]


def two_pages_of_thanks(f: Facts) -> list[Block]:
    """A wordy letter."""
    return [
        *heading(f),
        p("De mi más alta consideración:"),
        p(
            "Reciba un cordial y atento saludo de quienes hacemos esta empresa, y a la vez el deseo de "
            "éxito en las delicadas "
            "funciones que acertadamente desempeña en beneficio de los afiliados del país.",
            TA_JUSTIFY,
        ),
        p(
            f"Mi nombre es {f['representative_name']}, con número de {f.id_label} "
            f"{f['representative_id']}, y soy el "
            f"representante legal de {f['business_name']}, empresa con RUC {f['ruc']} y código de sucursal "
            f"{f['branch']}.",
            TA_JUSTIFY,
        ),
        p(f"Por lo expuesto {f.ask}.", TA_JUSTIFY),
        p(
            "Declaro que la planilla no ha sido pagada y que en esta fecha se anularon los comprobantes de "
            "pago de aportes y de "
            "fondos de reserva, así como la planilla de fondos de reserva.",
            TA_JUSTIFY,
        ),
        p(
            f"Nuestra dirección es {f['address']}; nuestro correo, {f['email']}; nuestro número de "
            f"teléfono, {f['phone']}.",
            TA_JUSTIFY,
            gap=5,
        ),
        *ending(f, f["representative_name"], "Representante Legal", f["business_name"]),
    ]


def held_official(f: Facts) -> list[Block]:
    return [
        p(f"OFICIO S/N · {f['place']}, {f.long_day}", TA_RIGHT, gap=5),
        p("Magíster", gap=0),
        p("Director Provincial del IESS", gap=5),
        p(
            f"{f['representative_name'].upper()}, en representación de {f['business_name']}, RUC N° "
            f"{f['ruc']}, sucursal N° "
            f"{f['branch']}, identificado con {f.id_label} {f['representative_id']}, a usted digo:",
            TA_JUSTIFY,
        ),
        p(f"Que {f.ask}.", TA_JUSTIFY),
        p(
            f"Domicilio: {f['address']}. Contacto telefónico: {f['phone']}. Buzón electrónico: {f['email']}.",
            TA_JUSTIFY,
            gap=5,
        ),
        *ending(f, f["representative_name"].upper(), id_line(f)),
    ]


def held_first_person_plural(f: Facts) -> list[Block]:
    return [
        *heading(f, TA_RIGHT),
        p("Reciban un cordial saludo:"),
        p(
            f"A nombre de {f['business_name']} (RUC {f['ruc']}, matriz, sucursal {f['branch']}), y como su "
            f"representante legal, "
            f"{f.ask}.",
            TA_JUSTIFY,
        ),
        p("Mis datos:", gap=1),
        p(f"Nombre: {f['representative_name']}", gap=0.5),
        p(f"{label_of_id(f)} {f['representative_id']}", gap=0.5),
        p(f"Dirección domiciliaria de la empresa: {f['address']}", gap=0.5),
        p(f"Teléfonos: {f['phone']}", gap=0.5),
        p(f"Correo institucional: {f['email']}", gap=5),
        *ending(f, f["representative_name"]),
    ]


def held_short(f: Facts) -> list[Block]:
    return [
        p(f"{f['place']}, {f.long_day}", gap=5),
        p("Señores IESS:", gap=3),
        p(
            f"{f.ask[0].upper()}{f.ask[1:]}. Empleador: {f['business_name']}, RUC {f['ruc']}, sucursal "
            f"{f['branch']}. "
            f"Dirección: {f['address']}. Correo {f['email']}, teléfono {f['phone']}.",
            TA_JUSTIFY,
            gap=5,
        ),
        *ending(f, f["representative_name"], id_line(f), "Representante legal"),
    ]


def held_table(f: Facts) -> list[Block]:
    return [
        p("PETICIÓN AL IESS", TA_CENTER, strong=True, gap=4),
        p(f"{f['place']}, {f.long_day}", TA_RIGHT, gap=4),
        row("Empleador", f["business_name"]),
        row("R.U.C.", f["ruc"]),
        row("N.º de sucursal", f["branch"]),
        row("Nombre del representante legal", f["representative_name"]),
        row("Documento", f"{label_of_id(f)} {f['representative_id']}"),
        row("Mes de la planilla", f.month),
        row("Dirección", f["address"]),
        row("Teléfono convencional", f["phone"]),
        row("Correo", f["email"]),
        p("", gap=3),
        p(f"Petición: {f.ask}.", TA_JUSTIFY, gap=5),
        *ending(f, f["representative_name"], "Representante legal"),
    ]


PLAIN: Final[tuple[Manner, ...]] = (
    classic,
    list_of_data,
    bullets,
    letterhead,
    by_points,
    value_below_label,
    spoken_date,
    electronic_mail_style,
    spaced_numbers,
    table,
    contact_in_the_foot,
    two_pages_of_thanks,
    held_official,
    held_first_person_plural,
    held_short,
    held_table,
)
