"""What the register must say before a sheet is rebuilt: sheets, receipts and novedades."""

from __future__ import annotations

from typing import Final

from forms.problem_kinds import CLERK, EMPLOYER, ERROR, OPERATOR, WARNING, ProblemKind

KINDS: Final = (
    ProblemKind(
        "REGISTER_UNREACHABLE",
        ERROR,
        OPERATOR,
        "El registro del instituto no responde: {reason}. El trámite espera y el servicio lo intenta otra vez solo. "
        "Por favor avise a quien opera el sistema si dura.",
    ),
    ProblemKind(
        "REGISTER_ANSWER_INVALID",
        ERROR,
        OPERATOR,
        "La respuesta del registro del instituto no se puede creer: {reason}. No se cambió nada aquí. Por favor avise a "
        "quien opera el sistema.",
    ),
    ProblemKind(
        "REGISTER_CHANGED",
        ERROR,
        OPERATOR,
        "Este trámite empezó con otro registro y puede que allí la planilla ya exista: aquí no se hace otra. Por favor "
        "ponga de nuevo el ajuste VENTANILLA_CORE_URL como estaba hasta que termine.",
    ),
    ProblemKind(
        "REGISTER_CONFLICT",
        ERROR,
        CLERK,
        "El registro no reemplazó la planilla {sheet}: {reason}. Por favor revise las condiciones y acepte otra vez.",
    ),
    ProblemKind(
        "SHEET_UNKNOWN",
        ERROR,
        CLERK,
        "No existe la planilla {sheet} del período {period}. Por favor revise el período, el tipo y la sucursal.",
    ),
    ProblemKind(
        "SHEET_NUMBER_NEEDED",
        ERROR,
        CLERK,
        "En {period} hay más de una planilla de aportes: {numbers}. Por favor pregunte cuál se regenera y anote su "
        "número en la solicitud.",
    ),
    ProblemKind(
        "CASE_ALREADY_OPEN",
        ERROR,
        CLERK,
        "Ya existe hoy el trámite {case} ({state}) para la planilla {sheet}. Por favor continúe con ese trámite y "
        "rechace este.",
    ),
    ProblemKind(
        "SHEET_PAID",
        ERROR,
        EMPLOYER,
        "La planilla {sheet} ya está pagada (comprobante {receipt}) y no se puede regenerar. Por favor consulte "
        "el trámite de ajuste o devolución.",
    ),
    ProblemKind(
        "SHEET_NOT_REBUILDABLE",
        ERROR,
        CLERK,
        "La planilla {sheet} está en estado «{state}» y no se puede regenerar. Por favor revise su situación en "
        "el portal.",
    ),
    ProblemKind(
        "RECEIPTS_NOT_ATTESTED",
        ERROR,
        CLERK,
        "Falta dar fe de los comprobantes anulados. Por favor véalos en la pantalla del empleador y anote sus números.",
    ),
    ProblemKind(
        "RECEIPT_NUMBER_FORMAT",
        ERROR,
        CLERK,
        "{label}: «{value}» no es un número. Por favor cópielo como está en la pantalla del empleador, sin otras palabras.",
    ),
    ProblemKind(
        "RECEIPT_NOT_ANNULLED",
        ERROR,
        EMPLOYER,
        "El comprobante de pago {receipt} de la planilla de aportes está «{state}». Por favor anúlelo en el portal "
        "el mismo día de la solicitud en la ventanilla, antes de presentarla.",
    ),
    ProblemKind(
        "RESERVE_FUND_RECEIPT_NOT_ANNULLED",
        ERROR,
        EMPLOYER,
        "El comprobante {receipt} de fondos de reserva está «{state}». Por favor anúlelo en el portal el mismo día "
        "de la solicitud en la ventanilla; luego anule la planilla de fondos de reserva.",
    ),
    ProblemKind(
        "RESERVE_FUND_SHEET_NOT_ANNULLED",
        ERROR,
        EMPLOYER,
        "La planilla de fondos de reserva {sheet} está «{state}». Por favor anúlela en el portal el mismo día de la "
        "solicitud en la ventanilla, después de anular sus comprobantes.",
    ),
    ProblemKind(
        "REQUEST_ALREADY_ISSUED",
        WARNING,
        EMPLOYER,
        "Ya hay una solicitud de la planilla {sheet}, la {document}, emitida el {issued}, vigente y sin presentar. "
        "Por favor presente esa; si algo cambió, anúlela en sus documentos antes de emitir otra.",
    ),
    ProblemKind(
        "REQUEST_WITHDRAWN",
        ERROR,
        CLERK,
        "El empleador anuló en el portal la solicitud {document}: este papel ya no vale. Por favor pídale la que "
        "emitió después, o que emita otra.",
    ),
    ProblemKind(
        "ANNULMENT_DAY_UNCONFIRMED",
        ERROR,
        EMPLOYER,
        "No se anuló nada: hoy, {today}, no es el día de un turno suyo que conste, y la anulación vale solo el día "
        "de la solicitud en la ventanilla. Por favor anule ese día; si aun así quiere anular hoy, marque la casilla "
        "que lo dice.",
    ),
    ProblemKind(
        "ANNULLED_ON_ANOTHER_DAY",
        ERROR,
        EMPLOYER,
        "{what} se anuló el {annulled} y la solicitud es del {on}: debe ser el mismo día. Lo anulado no se "
        "puede anular otra vez. Por favor pida a la persona supervisora que lo admita, con su motivo.",
    ),
    ProblemKind(
        "NOVEDAD_NOT_REGISTERED",
        ERROR,
        EMPLOYER,
        "No hay novedades registradas que corrijan la planilla {sheet}. Por favor registre primero la novedad en "
        "el portal de empleadores.",
    ),
    ProblemKind(
        "NOVEDAD_EXTEMPORANEOUS",
        ERROR,
        EMPLOYER,
        "La novedad {novedad} de {person} se registró {days} días después del hecho (más de {limit}). Por favor siga el trámite "
        "de registro de novedades extemporáneas.",
    ),
)
