"""The one catalogue of problems: code, severity, audience and the Spanish sentence a person reads.

A problem is an expected outcome, not an exception. Sentences say what is wrong, where, and what to do
next; they are tested as public text, so change one only together with ``docs/problems.md``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from string import Formatter
from typing import Final


class Severity(Enum):
    """An error stops the step until someone mends it; a warning is shown and recorded."""

    ERROR = "error"
    WARNING = "warning"


class Audience(Enum):
    """Who can do something about it, and so who must understand the sentence."""

    EMPLOYER = "employer"
    CLERK = "clerk"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One row of the catalogue; ``sentence`` is a format string with named places."""

    code: str
    severity: Severity
    audience: Audience
    sentence: str

    @property
    def places(self) -> frozenset[str]:
        """Names that :func:`problem` must be given for this kind."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.sentence) if name)


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem found: its code, the field or place it concerns, and the finished Spanish sentence."""

    code: str
    severity: Severity
    message: str
    field: str | None = None

    def as_json(self) -> dict[str, str]:
        """The JSON shape of contracts.md §3; ``field`` is left out when there is none."""
        shape = {"code": self.code, "severity": self.severity.value, "message": self.message}
        return shape | ({"field": self.field} if self.field is not None else {})


_E, _W = Severity.ERROR, Severity.WARNING
_EMPLOYER, _CLERK, _OPERATOR = Audience.EMPLOYER, Audience.CLERK, Audience.OPERATOR

_KINDS: Final = (
    # identity
    ProblemKind(
        "RUC_FORMAT",
        _E,
        _EMPLOYER,
        "El RUC «{value}» no está bien escrito: {reason}. Por favor escriba los 13 dígitos, que terminan en 001.",
    ),
    ProblemKind(
        "RUC_CHECK_DIGIT",
        _E,
        _EMPLOYER,
        "El dígito verificador del RUC {value} no corresponde. Por favor compare los 13 dígitos con el "
        "certificado de RUC.",
    ),
    ProblemKind(
        "RUC_NOT_ELIGIBLE",
        _W,
        _CLERK,
        "El RUC {value} es de una persona natural y este trámite está dirigido a personas jurídicas. "
        "Por favor consulte con la persona supervisora si se admite.",
    ),
    ProblemKind(
        "RUC_UNKNOWN",
        _E,
        _CLERK,
        "El RUC {value} no consta en el registro de empleadores. Por favor revise el número o actualice primero "
        "los datos de la empresa.",
    ),
    ProblemKind(
        "BRANCH_FORMAT",
        _E,
        _EMPLOYER,
        "La sucursal «{value}» no está bien escrita. Por favor escriba los 4 dígitos de la sucursal del IESS "
        "(la matriz es 0001).",
    ),
    ProblemKind(
        "BRANCH_UNKNOWN",
        _E,
        _CLERK,
        "La sucursal {value} no consta para el RUC {ruc}. Por favor revise el número de sucursal en el portal.",
    ),
    ProblemKind(
        "ID_FORMAT",
        _E,
        _EMPLOYER,
        "La identificación «{value}» no está bien escrita: {reason}. Por favor revísela en el documento original.",
    ),
    ProblemKind(
        "ID_CHECK_DIGIT",
        _E,
        _EMPLOYER,
        "El dígito verificador de la cédula {value} no corresponde. Por favor revise los 10 dígitos en el "
        "documento original.",
    ),
    ProblemKind(
        "REPRESENTATIVE_MISMATCH",
        _E,
        _CLERK,
        "El representante legal {value} no es el que consta en el registro ({registered}). Por favor actualice "
        "primero los datos de la empresa.",
    ),
    ProblemKind(
        "REPRESENTATIVE_NOT_CURRENT",
        _E,
        _CLERK,
        "{value} ya no consta como representante legal vigente. Por favor actualice primero los datos de la "
        "empresa.",
    ),
    ProblemKind(
        "BUSINESS_NAME_MISMATCH",
        _W,
        _CLERK,
        "La razón social «{value}» no coincide con el registro («{registered}»). Por favor compare ambas.",
    ),
    # values that a form demands
    ProblemKind("FIELD_MISSING", _E, _EMPLOYER, "Falta el dato «{label}». Por favor complételo."),
    ProblemKind(
        "FIELD_FORMAT",
        _E,
        _EMPLOYER,
        "El dato «{label}» no está bien escrito: {reason}. Por favor corríjalo.",
    ),
    ProblemKind(
        "DATE_UNLIKELY",
        _W,
        _EMPLOYER,
        "El dato «{label}» dice {value}, una fecha lejana. Por favor compruebe el año, el mes y el día.",
    ),
    ProblemKind(
        "PERIOD_UNLIKELY",
        _W,
        _EMPLOYER,
        "El dato «{label}» dice {value}, un mes que aún no llega o de hace muchos años. Por favor compruebe el año y "
        "el mes de la planilla.",
    ),
    ProblemKind(
        "SHEET_NUMBER_UNLIKELY",
        _W,
        _EMPLOYER,
        "El dato «{label}» dice «{value}» y no parece un número de planilla. Por favor cópielo de la planilla, solo con "
        "sus letras, números y guiones.",
    ),
    ProblemKind(
        "FIELD_UNKNOWN",
        _E,
        _EMPLOYER,
        "El formulario no tiene el dato «{value}». Por favor quítelo o revise su nombre.",
    ),
    ProblemKind(
        "CHARACTER_NOT_PRINTABLE",
        _E,
        _EMPLOYER,
        "El dato «{label}» contiene el signo «{value}», que no se puede imprimir. Por favor escríbalo de otra "
        "manera.",
    ),
    ProblemKind(
        "TEXT_DOES_NOT_FIT",
        _E,
        _EMPLOYER,
        "El dato «{label}» no cabe en su casilla: hay lugar para {room} y se escribieron {used}. "
        "Por favor acórtelo.",
    ),
    ProblemKind(
        "FORM_NOT_FOR_PEOPLE",
        _E,
        _EMPLOYER,
        "El documento «{title}» lo emite solo el servicio, sobre lo que consta en un trámite. Por favor elija uno "
        "de los formularios que usted llena y firma.",
    ),
    # paper
    ProblemKind(
        "FIELD_ALTERED",
        _E,
        _CLERK,
        "El dato «{label}» fue alterado: se imprimió «{sealed}» y en el papel se ve «{seen}». Por favor compare "
        "con el papel original y pida un formulario nuevo si corresponde.",
    ),
    ProblemKind(
        "FIELD_DOUBTFUL",
        _W,
        _CLERK,
        "No se pudo leer con seguridad el dato «{label}». Por favor compárelo con el papel original.",
    ),
    ProblemKind(
        "SEAL_INVALID",
        _E,
        _CLERK,
        "El código impreso no lleva una firma válida de este servicio. Por favor no acepte el documento y pida "
        "uno nuevo.",
    ),
    ProblemKind(
        "SEAL_UNKNOWN_KEY",
        _E,
        _CLERK,
        "El código impreso está firmado con una clave que este servicio no conoce. Por favor consulte a quien "
        "opera el sistema antes de aceptarlo.",
    ),
    ProblemKind(
        "SEAL_UNREADABLE",
        _W,
        _CLERK,
        "No se pudo leer el código impreso de la página {page}. Por favor escanee de nuevo o compare cada dato "
        "con el papel.",
    ),
    ProblemKind(
        "EDITION_UNKNOWN",
        _E,
        _CLERK,
        "El formulario es de una edición que este servicio no conoce ({value}). Por favor pida uno nuevo.",
    ),
    ProblemKind(
        "FINGERPRINT_MISMATCH",
        _E,
        _CLERK,
        "El diseño de la página no corresponde a la edición {value} que dice tener. Por favor no lo acepte y "
        "avise a la persona supervisora.",
    ),
    ProblemKind(
        "PAGE_MISSING",
        _E,
        _CLERK,
        "Falta la página {page} de {pages} del documento {document}. Por favor escanéela.",
    ),
    ProblemKind(
        "PAGE_DUPLICATE",
        _W,
        _CLERK,
        "La página {page} del documento {document} llegó más de una vez. Por favor verifique que sea la misma "
        "hoja.",
    ),
    ProblemKind(
        "PAGE_BLANK",
        _W,
        _CLERK,
        "La página {page} de «{file}» está en blanco y no se tomó en cuenta. Por favor verifique que no falte nada.",
    ),
    ProblemKind(
        "PAGE_UNREADABLE",
        _E,
        _CLERK,
        "La página {page} de «{file}» no se pudo leer: {reason}. Por favor escanéela de nuevo, completa y plana.",
    ),
    ProblemKind(
        "PAGE_MIRRORED",
        _W,
        _CLERK,
        "La página {page} se ve como en un espejo: puede ser un calco o el reverso de una hoja. "
        "Por favor pida el original firmado.",
    ),
    ProblemKind(
        "PAGE_INCOMPLETE",
        _W,
        _CLERK,
        "La imagen de la página {page} de «{file}» llegó cortada: falta su parte final. Por favor revísela y, si algo no "
        "se ve, escanéela de nuevo.",
    ),
    ProblemKind(
        "PAGE_FOREIGN",
        _W,
        _CLERK,
        "La página {page} de «{file}» no es un formulario de este servicio. Por favor revísela a mano.",
    ),
    ProblemKind(
        "INK_OUTSIDE",
        _W,
        _CLERK,
        "Hay algo añadido sobre el dato «{label}» (sello, mancha o escritura). Por favor mire el recorte.",
    ),
    ProblemKind(
        "DOCUMENT_ALREADY_USED",
        _E,
        _CLERK,
        "El documento {document} ya se presentó en el trámite {case}. Por favor pida una solicitud nueva.",
    ),
    ProblemKind(
        "SECOND_PERSON_NEEDED",
        _E,
        _CLERK,
        "{label}: el sello dice «{sealed}», el papel o lo escrito no coincide, y se aceptaría «{value}». Por favor "
        "pida que otra persona lo revise y lo confirme; una de las dos debe ser de supervisión.",
    ),
    ProblemKind(
        "SIGNATURE_ABSENT",
        _E,
        _CLERK,
        "Falta la firma de puño y letra en «{label}». Por favor pida que se firme con bolígrafo.",
    ),
    ProblemKind(
        "SIGNATURE_DOUBTFUL",
        _W,
        _CLERK,
        "No es seguro que haya una firma de puño y letra en «{label}». Por favor mire el papel original.",
    ),
    ProblemKind(
        "SIGNATURE_OUTSIDE_BOX",
        _W,
        _CLERK,
        "El recuadro «{label}» está vacío y en otra parte de la hoja hay algo que parece una firma. Por favor mire "
        "el papel original y decida si vale como firma.",
    ),
    ProblemKind(
        "SIGNATURE_LOOKS_PRINTED",
        _W,
        _CLERK,
        "La tinta de la firma en «{label}» parece de impresora y no de bolígrafo. Por favor mire el papel original: "
        "una firma pegada como imagen no vale.",
    ),
    ProblemKind(
        "SIGNATURE_SEEN_BEFORE",
        _W,
        _CLERK,
        "La firma en «{label}» coincide trazo por trazo con la de «{paper}», del trámite {case}, y nadie firma dos "
        "veces igual: {cause}. Por favor compare las dos firmas con el papel original en la mano.",
    ),
    ProblemKind(
        "SIGNATURE_NOT_HANDWRITTEN",
        _E,
        _CLERK,
        "La firma de «{label}» no es manuscrita y el trámite la exige de puño y letra. Por favor pida que se "
        "firme con bolígrafo.",
    ),
    ProblemKind(
        "SIGNATURE_ELECTRONIC",
        _W,
        _CLERK,
        "El archivo lleva una firma electrónica a nombre de «{signer}» ({date}), que aquí no se valida y no "
        "reemplaza la firma de puño y letra. Por favor pida que se firme con bolígrafo.",
    ),
    ProblemKind(
        "AUTHORIZATION_MISSING",
        _E,
        _CLERK,
        "Quien presenta el trámite no es el representante legal y falta la autorización a terceros. Por favor "
        "genérela en el portal con el usuario del titular.",
    ),
    ProblemKind(
        "AUTHORIZATION_EXPIRED",
        _E,
        _CLERK,
        "La autorización a terceros vale del {valid_from} al {valid_until} y hoy es {on}. Por favor genere una "
        "nueva en el portal.",
    ),
    ProblemKind(
        "AUTHORIZATION_MISMATCH",
        _E,
        _CLERK,
        "La autorización a terceros no corresponde a esta solicitud: no coincide «{label}». Por favor genere una "
        "nueva en el portal.",
    ),
    ProblemKind(
        "AUTHORIZATION_REVOKED",
        _E,
        _CLERK,
        "El titular revocó la autorización a terceros el {on}. Por favor pida una nueva.",
    ),
    ProblemKind(
        "CONTINUATION_MISSING",
        _E,
        _CLERK,
        "La petición continúa en la hoja {document}, que no está entre los papeles. Por favor pídala y "
        "escanéela junto con la solicitud.",
    ),
    ProblemKind(
        "ID_COPY_MISSING",
        _E,
        _CLERK,
        "Falta la copia simple del documento de la persona extranjera identificada con código. Por favor "
        "pídala y escanéela.",
    ),
    ProblemKind(
        "UNNEEDED_PERSONAL_DATA",
        _W,
        _CLERK,
        "La página {page} parece una copia de cédula, que este trámite no pide. Por favor devuélvala.",
    ),
    # file
    ProblemKind(
        "FILE_EMPTY", _E, _EMPLOYER, "El archivo «{file}» está vacío. Por favor vuelva a escanear y envíelo."
    ),
    ProblemKind(
        "UPLOADS_TOO_MANY",
        _E,
        _CLERK,
        "Hay {limit} archivos a medio enviar con este usuario. Por favor termine o descarte los anteriores.",
    ),
    ProblemKind(
        "UPLOAD_INCOMPLETE",
        _E,
        _CLERK,
        "Un archivo no llegó completo. Por favor vuelva a elegirlo y envíelo otra vez.",
    ),
    ProblemKind(
        "FILE_TYPE_UNSUPPORTED",
        _E,
        _EMPLOYER,
        "El archivo «{file}» no es PDF, TIFF, JPEG ni PNG. Por favor envíelo en uno de esos formatos.",
    ),
    ProblemKind(
        "FILE_TOO_LARGE",
        _E,
        _EMPLOYER,
        "El archivo «{file}» pesa más de {limit} MB. Por favor escanee a 200 o 300 ppp o divídalo.",
    ),
    ProblemKind(
        "FILE_ENCRYPTED",
        _E,
        _EMPLOYER,
        "El archivo «{file}» está protegido con contraseña. Por favor guárdelo sin contraseña y envíelo de nuevo.",
    ),
    ProblemKind(
        "FILE_DAMAGED",
        _E,
        _EMPLOYER,
        "El archivo «{file}» está dañado y no se pudo abrir. Por favor vuelva a escanear; el original recibido se "
        "conserva.",
    ),
    ProblemKind(
        "FILE_TOO_MANY_PAGES",
        _E,
        _EMPLOYER,
        "El archivo «{file}» tiene {pages} páginas y se admiten {limit}. Por favor divídalo.",
    ),
    ProblemKind(
        "PAGE_TOO_LARGE",
        _E,
        _EMPLOYER,
        "La página {page} de «{file}» es demasiado grande ({megapixels} megapíxeles). Por favor escanee a 300 ppp.",
    ),
    ProblemKind(
        "READ_TIMEOUT",
        _E,
        _CLERK,
        "La lectura de «{file}» tardó más de {seconds} segundos y se detuvo. Por favor escanee de nuevo; el "
        "original se conserva.",
    ),
    ProblemKind(
        "READ_OUT_OF_MEMORY",
        _E,
        _CLERK,
        "La lectura de «{file}» necesitó demasiada memoria y se detuvo. Por favor escanee a menor resolución; el "
        "original se conserva.",
    ),
    ProblemKind(
        "DOCUMENT_UNCLAIMED",
        _W,
        _CLERK,
        "No corresponde a ninguna solicitud del lote: {pages}. Por favor revise de quién es y devuélvalo.",
    ),
    ProblemKind(
        "FILE_DUPLICATE",
        _W,
        _CLERK,
        "El archivo «{file}» es idéntico a uno ya recibido. Por favor verifique que no sea el mismo papel.",
    ),
    # a paper that anybody asks about
    ProblemKind(
        "PAPER_USED",
        _E,
        _EMPLOYER,
        "El documento {document} ya se presentó en un trámite y no sirve para otro. Por favor pida o genere uno nuevo.",
    ),
    ProblemKind(
        "PAPER_REPLACED",
        _E,
        _EMPLOYER,
        "El documento {document} ya no vale: otro posterior lo reemplazó. Por favor pida el que está vigente.",
    ),
    ProblemKind(
        "PAPER_REVOKED",
        _E,
        _EMPLOYER,
        "El documento {document} ya no vale: quien lo emitió lo revocó. Por favor pida uno vigente.",
    ),
    ProblemKind(
        "PAPER_ALTERED",
        _E,
        _EMPLOYER,
        "El documento {document} no dice lo que se emitió. Por favor no lo acepte y pida el original.",
    ),
    ProblemKind(
        "PAPER_NOT_COMPARED",
        _W,
        _EMPLOYER,
        "Del documento {document} solo se comprobó el sello y no lo que está impreso. Por favor compare el papel con "
        "los datos que constan aquí.",
    ),
    ProblemKind(
        "PAPER_OTHER_FILE",
        _W,
        _EMPLOYER,
        "El archivo del documento {document} dice las palabras que se emitieron, pero no es el mismo archivo: algo "
        "dibujado encima no se habría notado. Por favor compare lo que se ve con los datos que constan aquí.",
    ),
    ProblemKind(
        "PAPER_DOUBTFUL",
        _W,
        _EMPLOYER,
        "No todos los datos del documento {document} se pudieron comparar con lo que se emitió. Por favor compárelos a "
        "la vista o suba una imagen más nítida.",
    ),
    # what the service is asked over the web
    ProblemKind(
        "VERIFICATION_BUSY",
        _E,
        _EMPLOYER,
        "En este momento se están verificando otros documentos. Por favor vuelva a intentar en un momento, o "
        "escriba el código impreso, que se comprueba enseguida.",
    ),
    ProblemKind(
        "VERIFICATION_OFTEN",
        _E,
        _EMPLOYER,
        "Desde esta conexión se verificaron ya muchos documentos. Por favor espere {wait}, o escriba el código "
        "impreso, que se comprueba enseguida.",
    ),
    ProblemKind(
        "REQUEST_INVALID",
        _E,
        _EMPLOYER,
        "Lo que se envió no se entiende. Por favor vuelva a la página anterior, cárguela otra vez y repítalo.",
    ),
    ProblemKind(
        "REQUEST_VALUES_INVALID",
        _E,
        _EMPLOYER,
        "Lo que se envió no es como se espera: revise {names}. Por favor corríjalo y envíelo otra vez.",
    ),
    ProblemKind(
        "REQUEST_TOO_LARGE",
        _E,
        _EMPLOYER,
        "Lo que se envió es más grande de lo que aquí se recibe. Por favor divídalo o escanee a 200 o 300 ppp.",
    ),
    ProblemKind("SIGN_IN_NEEDED", _E, _EMPLOYER, "Esto es para quien ingresó. Por favor ingrese y repítalo."),
    ProblemKind(
        "NOT_PERMITTED",
        _E,
        _EMPLOYER,
        "Su perfil no permite esto. Por favor ingrese con el usuario que corresponde o pídalo a quien puede hacerlo.",
    ),
    ProblemKind(
        "PAGE_EXPIRED",
        _E,
        _EMPLOYER,
        "La página se abrió hace mucho o en otra sesión, y por seguridad no se hizo nada. Por favor cárguela otra "
        "vez y repítalo.",
    ),
    ProblemKind(
        "NOT_FOUND",
        _E,
        _EMPLOYER,
        "No hay nada en esta dirección. Por favor revísela o vuelva al inicio.",
    ),
    ProblemKind(
        "METHOD_NOT_ALLOWED",
        _E,
        _EMPLOYER,
        "Esta dirección existe, pero no de la manera en que se pidió. Por favor entre por el inicio.",
    ),
    ProblemKind(
        "CONTENT_DAMAGED",
        _E,
        _OPERATOR,
        "El documento no es el que se archivó y por eso no se entrega. Quien opera el archivo ya fue avisado. "
        "Por favor inténtelo cuando se haya restaurado desde la copia.",
    ),
    ProblemKind(
        "CONTENT_DISPOSED",
        _E,
        _CLERK,
        "Este contenido se eliminó al cumplirse su plazo de conservación. Quedan su registro, su huella y el "
        "acta de eliminación. Por favor consúltelos en el expediente.",
    ),
    ProblemKind(
        "SERVICE_FAILED",
        _E,
        _OPERATOR,
        "El servicio falló y quedó anotado. Por favor inténtelo otra vez o avise a quien opera el sistema.",
    ),
    ProblemKind(
        "IDEMPOTENCY_KEY_REUSED",
        _E,
        _CLERK,
        "La clave de este envío es la de otro con archivos distintos, el trámite {case}; estos archivos no se "
        "recibieron. Por favor envíelos otra vez con una clave nueva (en el navegador, cargue la página de nuevo).",
    ),
    # search at the window
    ProblemKind(
        "SEARCH_TOO_SHORT",
        _E,
        _CLERK,
        "Con menos de tres signos no se puede buscar. Por favor escriba un trámite, un código, un RUC o un nombre.",
    ),
    ProblemKind(
        "SYMBOL_NOT_OURS",
        _E,
        _CLERK,
        "El sello escaneado no es válido: no lo emitió este servicio, cambió o el lector lo tecleó incompleto. "
        "Por favor escanéelo otra vez o escriba el código impreso debajo.",
    ),
    ProblemKind(
        "SYMBOL_OF_BLANK",
        _E,
        _CLERK,
        "El código es de un formulario en blanco y no nombra ningún trámite. Por favor reciba el papel escaneado.",
    ),
    ProblemKind(
        "DOCUMENT_UNKNOWN",
        _E,
        _CLERK,
        "El código {document} está bien escrito, pero este servicio no emitió ese documento. "
        "Por favor compárelo con el papel.",
    ),
    ProblemKind(
        "CASE_UNKNOWN",
        _E,
        _CLERK,
        "El trámite {number} no existe. Por favor compárelo con el papel.",
    ),
    ProblemKind(
        "CASE_NUMBER_WRONG",
        _E,
        _CLERK,
        "El número de trámite {number} no está bien escrito: su último dígito no corresponde. "
        "Por favor compárelo con el papel.",
    ),
    # preconditions of the procedure
    ProblemKind(
        "REGISTER_UNREACHABLE",
        _E,
        _OPERATOR,
        "El registro del instituto no responde: {reason}. El trámite espera y el servicio lo intenta otra vez solo. "
        "Por favor avise a quien opera el sistema si dura.",
    ),
    ProblemKind(
        "REGISTER_ANSWER_INVALID",
        _E,
        _OPERATOR,
        "La respuesta del registro del instituto no se puede creer: {reason}. No se cambió nada aquí. Por favor avise a "
        "quien opera el sistema.",
    ),
    ProblemKind(
        "REGISTER_CHANGED",
        _E,
        _OPERATOR,
        "Este trámite empezó con otro registro y puede que allí la planilla ya exista: aquí no se hace otra. Por favor "
        "ponga de nuevo el ajuste VENTANILLA_CORE_URL como estaba hasta que termine.",
    ),
    ProblemKind(
        "REGISTER_CONFLICT",
        _E,
        _CLERK,
        "El registro no reemplazó la planilla {sheet}: {reason}. Por favor revise las condiciones y acepte otra vez.",
    ),
    ProblemKind(
        "SHEET_UNKNOWN",
        _E,
        _CLERK,
        "No existe la planilla {sheet} del período {period}. Por favor revise el período, el tipo y la sucursal.",
    ),
    ProblemKind(
        "SHEET_NUMBER_NEEDED",
        _E,
        _CLERK,
        "En {period} hay más de una planilla de aportes: {numbers}. Por favor pregunte cuál se regenera y anote su "
        "número en la solicitud.",
    ),
    ProblemKind(
        "CASE_ALREADY_OPEN",
        _E,
        _CLERK,
        "Ya existe hoy el trámite {case} ({state}) para la planilla {sheet}. Por favor continúe con ese trámite y "
        "rechace este.",
    ),
    ProblemKind(
        "SHEET_PAID",
        _E,
        _EMPLOYER,
        "La planilla {sheet} ya está pagada (comprobante {receipt}) y no se puede regenerar. Por favor consulte "
        "el trámite de ajuste o devolución.",
    ),
    ProblemKind(
        "SHEET_NOT_REBUILDABLE",
        _E,
        _CLERK,
        "La planilla {sheet} está en estado «{state}» y no se puede regenerar. Por favor revise su situación en "
        "el portal.",
    ),
    ProblemKind(
        "RECEIPTS_NOT_ATTESTED",
        _E,
        _CLERK,
        "Falta dar fe de los comprobantes anulados. Por favor véalos en la pantalla del empleador y anote sus números.",
    ),
    ProblemKind(
        "RECEIPT_NUMBER_FORMAT",
        _E,
        _CLERK,
        "{label}: «{value}» no es un número. Por favor cópielo como está en la pantalla del empleador, sin otras palabras.",
    ),
    ProblemKind(
        "RECEIPT_NOT_ANNULLED",
        _E,
        _EMPLOYER,
        "El comprobante de pago {receipt} de la planilla de aportes está «{state}». Por favor anúlelo hoy en el "
        "portal antes de pedir la regeneración.",
    ),
    ProblemKind(
        "RESERVE_FUND_RECEIPT_NOT_ANNULLED",
        _E,
        _EMPLOYER,
        "El comprobante {receipt} de fondos de reserva está «{state}». Por favor anúlelo hoy en el portal; luego "
        "anule la planilla de fondos de reserva.",
    ),
    ProblemKind(
        "RESERVE_FUND_SHEET_NOT_ANNULLED",
        _E,
        _EMPLOYER,
        "La planilla de fondos de reserva {sheet} está «{state}». Por favor anúlela hoy en el portal, después de "
        "anular sus comprobantes.",
    ),
    ProblemKind(
        "ANNULLED_ON_ANOTHER_DAY",
        _E,
        _EMPLOYER,
        "{what} se anuló el {annulled} y la solicitud es del {on}: debe ser el mismo día. Lo anulado no se "
        "puede anular otra vez. Por favor pida a la persona supervisora que lo admita, con su motivo.",
    ),
    ProblemKind(
        "NOVEDAD_NOT_REGISTERED",
        _E,
        _EMPLOYER,
        "No hay novedades registradas que corrijan la planilla {sheet}. Por favor registre primero la novedad en "
        "el portal de empleadores.",
    ),
    ProblemKind(
        "NOVEDAD_EXTEMPORANEOUS",
        _E,
        _EMPLOYER,
        "La novedad {novedad} de {person} se registró {days} días después del hecho (más de {limit}). Por favor siga el trámite "
        "de registro de novedades extemporáneas.",
    ),
    ProblemKind(
        "NOVEDAD_INVALID",
        _E,
        _CLERK,
        "La novedad {novedad} de {person} no se puede aplicar: {reason}. Por favor corríjala en el portal.",
    ),
    ProblemKind(
        "LINE_DAYS_UNEXPLAINED",
        _E,
        _EMPLOYER,
        "La fila de {person} tiene {days} días y ni sus fechas ni las novedades registradas dicen cuáles del mes son. "
        "Por favor pida que consten la fecha de entrada, la de salida o la licencia que falten, y repita el trámite.",
    ),
    ProblemKind(
        "LINE_WAGE_UNKNOWN",
        _E,
        _EMPLOYER,
        "Con {wage} por los días de {person} no se sabe al centavo su sueldo del mes completo: puede ser {least} o "
        "{most}. Por favor registre el que rige con un aviso de nuevo sueldo.",
    ),
    ProblemKind(
        "LINE_EXTRAS_ASSUMED",
        _W,
        _CLERK,
        "La planilla no dice si el sueldo de {person} incluye ya extras; se tomó que no, y se le sumó la variación "
        "(INS) del mes. Por favor compruébelo, o indique en la fila sus extras («variation»).",
    ),
    ProblemKind(
        "LINE_EXTRAS_UNKNOWN",
        _E,
        _OPERATOR,
        "La planilla no dice si el sueldo de {person} incluye ya extras, y hay una variación (INS) del mes: podría "
        "contarse dos veces. Por favor pida a quien entrega la planilla que cada fila diga sus extras («variation»).",
    ),
    ProblemKind(
        "WAGE_BELOW_BASIC",
        _W,
        _CLERK,
        "El sueldo de {wage} de {person}, a tiempo completo, es menor que el salario básico de {basic}. Por favor "
        "verifique la novedad con el empleador.",
    ),
    ProblemKind(
        "BATCH_LINE_INVALID",
        _E,
        _EMPLOYER,
        "Línea {line} del archivo de novedades: {reason}. Por favor corríjala y cargue el archivo otra vez.",
    ),
    ProblemKind(
        "NOTHING_CHANGES",
        _W,
        _CLERK,
        "Las novedades registradas no cambian la planilla {sheet}. Por favor verifique que la novedad que falta "
        "esté registrada.",
    ),
    ProblemKind(
        "RESULT_NEGATIVE",
        _E,
        _CLERK,
        "La planilla {sheet} saldría con un valor negativo para {person}. Por favor envíe el caso a depuración de "
        "novedades; no se emitió planilla.",
    ),
    ProblemKind(
        "PARAMETER_NOT_IN_FORCE",
        _E,
        _OPERATOR,
        "No hay un valor vigente de «{parameter}» para el {on}. Por favor avise a quien opera el sistema para que "
        "lo registre con su fuente.",
    ),
    ProblemKind(
        "PACKAGE_UNREADABLE",
        Severity.ERROR,
        Audience.OPERATOR,
        "El paquete «{file}» no se pudo abrir: no es una carpeta ni un archivo ZIP entero. Por favor pida que se lo envíen otra vez.",
    ),
    ProblemKind(
        "PACKAGE_UNSAFE",
        Severity.ERROR,
        Audience.OPERATOR,
        "El paquete nombra «{file}», que quedaría fuera de su lugar o no es un archivo común. Por favor no lo use y pregunte a quien lo envió.",
    ),
    ProblemKind(
        "PACKAGE_TOO_LARGE",
        Severity.ERROR,
        Audience.OPERATOR,
        "El paquete «{file}» es más grande de lo que se admite o se infla sin medida. Por favor divídalo o pregunte a quien lo envió.",
    ),
    ProblemKind(
        "PACKAGE_NOT_BAGIT",
        Severity.ERROR,
        Audience.OPERATOR,
        "El paquete no declara bien que es BagIt («bagit.txt»): {detail}. Por favor pida que se lo envíen otra vez.",
    ),
    ProblemKind(
        "PACKAGE_MANIFEST",
        Severity.ERROR,
        Audience.OPERATOR,
        "El manifiesto «{file}» no se entiende: {detail}. Por favor pida que se lo envíen otra vez.",
    ),
    ProblemKind(
        "PACKAGE_FILE_MISSING",
        Severity.ERROR,
        Audience.OPERATOR,
        "Falta «{file}» en el paquete. Por favor pida que se lo envíen completo.",
    ),
    ProblemKind(
        "PACKAGE_FILE_CHANGED",
        Severity.ERROR,
        Audience.OPERATOR,
        "«{file}» no es el archivo que el manifiesto dice. Por favor pida que le envíen el paquete otra vez.",
    ),
    ProblemKind(
        "PACKAGE_FILE_FOREIGN",
        Severity.ERROR,
        Audience.OPERATOR,
        "«{file}» está en el paquete y en ningún manifiesto. Por favor pregunte a quien lo envió.",
    ),
    ProblemKind(
        "PACKAGE_SIZE",
        Severity.ERROR,
        Audience.OPERATOR,
        "El paquete dice tener {said} y tiene {found}. Por favor pida que se lo envíen completo.",
    ),
    ProblemKind(
        "PACKAGE_NOT_OURS",
        Severity.ERROR,
        Audience.OPERATOR,
        "El paquete no trae trámites que se puedan restituir: {detail}. Por favor consérvelo como está y avise a quien opera el sistema.",
    ),
    ProblemKind(
        "PACKAGE_DISAGREES",
        Severity.ERROR,
        Audience.OPERATOR,
        "Lo que el paquete cuenta del trámite {case} no concuerda: {detail} Por favor consérvelo como prueba y pida otro.",
    ),
    ProblemKind(
        "PACKAGE_SEAL_INVALID",
        Severity.ERROR,
        Audience.OPERATOR,
        "La firma del paquete no corresponde a su contenido. Por favor consérvelo como prueba y pida otro.",
    ),
    ProblemKind(
        "PACKAGE_SEAL_UNKNOWN",
        Severity.WARNING,
        Audience.OPERATOR,
        "El paquete está firmado con una clave que este archivo no conoce ({key}). Por favor compárela con la que publica quien lo envió.",
    ),
    ProblemKind(
        "PACKAGE_CASE_EXISTS",
        Severity.ERROR,
        Audience.OPERATOR,
        "El trámite {case} ya consta en este archivo. Por favor use un archivo vacío o un paquete sin ese trámite.",
    ),
    ProblemKind(
        "BACKUP_UNREADABLE",
        Severity.ERROR,
        Audience.OPERATOR,
        "El respaldo «{file}» no se pudo leer: {detail}. Por favor use otro respaldo.",
    ),
    ProblemKind(
        "BACKUP_BASE_MISSING",
        Severity.ERROR,
        Audience.OPERATOR,
        "El respaldo «{file}» continúa a otro que no está a su lado: «{base}». Por favor póngalos en la misma carpeta.",
    ),
    ProblemKind(
        "BACKUP_CHANGED",
        Severity.ERROR,
        Audience.OPERATOR,
        "«{name}» del respaldo no es lo que se guardó. Por favor use otro respaldo.",
    ),
    ProblemKind(
        "BACKUP_SCHEMA",
        Severity.ERROR,
        Audience.OPERATOR,
        "El respaldo es de otra versión del sistema (esquema {found}, aquí {needed}). Por favor restáurelo con la versión que lo hizo.",
    ),
    ProblemKind(
        "BACKUP_NOT_EMPTY",
        Severity.ERROR,
        Audience.OPERATOR,
        "Ya hay datos donde se quiere restaurar ({what}). Por favor señale una carpeta de datos y una base vacías.",
    ),
    # people who come in
    ProblemKind(
        "PASSWORD_TOO_SHORT",
        _E,
        _OPERATOR,
        "La clave debe tener al menos {least} caracteres. Por favor elija una más larga.",
    ),
    ProblemKind(
        "USER_EXISTS",
        _E,
        _OPERATOR,
        "Ya hay un usuario «{name}». Por favor elija otro nombre, o cambie su clave con «ventanilla user password».",
    ),
    ProblemKind(
        "PARAMETERS_UNUSABLE",
        _E,
        _OPERATOR,
        "Los valores de parámetros añadidos no se pueden usar ({reason}). Por favor corrija el archivo como dice "
        "docs/parameters.md.",
    ),
    ProblemKind(
        "PARAMETERS_RUN_OUT",
        _E,
        _OPERATOR,
        "Hoy no rige ningún valor de: {names}. Por favor añada el decretado en un archivo de la carpeta {folder}.",
    ),
    ProblemKind(
        "TOKEN_UNKNOWN",
        _E,
        _OPERATOR,
        "No hay una llave «{short}» que revocar. Por favor copie el nombre corto que se mostró al darla.",
    ),
    ProblemKind(
        "USER_UNKNOWN",
        _E,
        _OPERATOR,
        "No hay un usuario «{name}» que pueda ingresar. Por favor busque su nombre con «ventanilla user list».",
    ),
    ProblemKind(
        "USER_NAME_RESERVED",
        _E,
        _OPERATOR,
        "«{name}» es el nombre con que el propio sistema consta en la bitácora. Por favor elija otro.",
    ),
    ProblemKind(
        "USER_NAME_INVALID",
        _E,
        _OPERATOR,
        "«{name}» no sirve como nombre de usuario. Por favor escriba de 1 a {most} signos, sin barra ni espacios a los lados.",
    ),
    ProblemKind(
        "USER_NAME_MISMATCH",
        _E,
        _OPERATOR,
        "Un empleador ingresa con su RUC y su sucursal, y su nombre de usuario es «{expected}», no «{name}». Por favor quite el nombre o escriba ese.",
    ),
    ProblemKind(
        "USER_NOT_EMPLOYER",
        _E,
        _OPERATOR,
        "El perfil «{role}» no tiene RUC ni sucursal. Por favor quite «--ruc» y «--branch», o elija el perfil de empleador.",
    ),
    ProblemKind(
        "OFFICE_UNKNOWN",
        _E,
        _OPERATOR,
        "No hay una oficina «{value}». Por favor elija una de estas: {offices}.",
    ),
    # the command
    ProblemKind(
        "FILE_UNREADABLE",
        _E,
        _OPERATOR,
        "No se pudo leer «{file}»: {reason}. Por favor revise su nombre y sus permisos.",
    ),
    ProblemKind(
        "FILE_UNWRITABLE",
        _E,
        _OPERATOR,
        "No se pudo escribir «{file}»: {reason}. Por favor elija otro lugar o revise sus permisos.",
    ),
    ProblemKind(
        "JSON_INVALID",
        _E,
        _OPERATOR,
        "«{file}» no es JSON válido: {reason}. Por favor corríjalo.",
    ),
    ProblemKind(
        "VALUES_FILE_INVALID",
        _E,
        _OPERATOR,
        "«{file}» debe tener un objeto JSON cuyos valores son textos. Por favor corríjalo.",
    ),
    ProblemKind(
        "KEYS_FILE_INVALID",
        _E,
        _OPERATOR,
        "«{file}» no es un archivo de claves públicas: {reason}. Por favor use el que publica el servicio.",
    ),
    ProblemKind(
        "EXCHANGE_INVALID",
        _E,
        _OPERATOR,
        "No se pudo leer la planilla o las novedades: {reason}. Por favor corrija el archivo.",
    ),
    ProblemKind(
        "DATE_INVALID",
        _E,
        _OPERATOR,
        "«{value}» no es una fecha. Por favor escríbala como AAAA-MM-DD.",
    ),
    ProblemKind(
        "OPTION_MISSING",
        _E,
        _OPERATOR,
        "Falta la opción «{option}». Por favor añádala con su archivo.",
    ),
    ProblemKind(
        "FORM_UNKNOWN",
        _E,
        _OPERATOR,
        "No hay un formulario «{name}». Por favor elija uno de estos: {names}.",
    ),
    ProblemKind(
        "FORM_EDITION_UNKNOWN",
        _E,
        _OPERATOR,
        "El formulario «{name}» no tiene la edición {edition}. Por favor véalas con «ventanilla form list».",
    ),
    ProblemKind(
        "DOCUMENT_ID_UNKNOWN",
        _E,
        _OPERATOR,
        "No existe el documento {document} en el archivo. Por favor búsquelo con «ventanilla archive find».",
    ),
    ProblemKind(
        "CASE_DOCUMENT_DAMAGED",
        _E,
        _OPERATOR,
        "Un documento del trámite falta o está dañado. Por favor véalo con «ventanilla archive verify» y restáurelo desde la copia.",
    ),
    ProblemKind(
        "DEMONSTRATION_STOPPED",
        _E,
        _OPERATOR,
        "La demostración no llegó a su fin: {reason}. Por favor revise los ajustes con «ventanilla check» y repítala.",
    ),
    ProblemKind(
        "ROLE_UNFIT",
        _E,
        _OPERATOR,
        "El rol no puede servir: {reason}. Por favor corríjalo en PostgreSQL y repita la orden.",
    ),
    # settings and engines
    ProblemKind(
        "SETTING_UNKNOWN",
        _E,
        _OPERATOR,
        "No hay un ajuste «{names}». Por favor véalos todos con «ventanilla check» sin él.",
    ),
    ProblemKind(
        "SETTING_UNFIT",
        _E,
        _OPERATOR,
        "El ajuste {name} debe ser {wanted} y es «{value}». Por favor corríjalo.",
    ),
    ProblemKind(
        "SETTINGS_UNREADABLE",
        _E,
        _OPERATOR,
        "No se pudo leer «{file}», el archivo de ajustes que nombra VENTANILLA_SETTINGS: {reason}. Por favor corríjalo o quite esa variable.",
    ),
    ProblemKind(
        "KEYS_UNUSABLE",
        _E,
        _OPERATOR,
        "El archivo «{file}» no es una clave de los sellos. Por favor restáurelo de un respaldo en la carpeta «keys» de los datos.",
    ),
    ProblemKind(
        "DATABASE_ADDRESS_UNUSABLE",
        _E,
        _OPERATOR,
        "La dirección de la base no se entiende. Por favor escriba VENTANILLA_DATABASE_URL como postgresql+psycopg://usuario:clave@servidor/base, o déjela vacía.",
    ),
    ProblemKind(
        "DATABASE_OUT_OF_REACH",
        _E,
        _OPERATOR,
        "No se llega a la base de datos: {reason}. Por favor compruebe que esté encendida y que VENTANILLA_DATABASE_URL sea la correcta.",
    ),
    ProblemKind(
        "DATABASE_OF_ANOTHER_VERSION",
        _E,
        _OPERATOR,
        "La base de datos es de otra versión del sistema o le faltan tablas. Por favor restaure un respaldo con la versión que lo hizo, o ejecute «ventanilla database grant» como dueño de las tablas.",
    ),
    ProblemKind(
        "BLOB_ADDRESS_UNUSABLE",
        _E,
        _OPERATOR,
        "No hay un almacén de documentos con la dirección «{value}». Por favor escriba file:///carpeta o s3://depósito/prefijo en VENTANILLA_BLOB_URL y VENTANILLA_COPY_URL.",
    ),
    ProblemKind(
        "BLOBS_OUT_OF_REACH",
        _E,
        _OPERATOR,
        "No se llega al almacén de documentos: {reason}. Por favor compruebe que esté encendido, VENTANILLA_BLOB_URL y sus credenciales.",
    ),
    ProblemKind(
        "STORE_OUT_OF_REACH",
        _E,
        _OPERATOR,
        "No se pudo usar {place}: {reason}. Por favor revise el lugar y sus permisos.",
    ),
    ProblemKind(
        "EDITIONS_CHANGED",
        _E,
        _OPERATOR,
        "Las ediciones de los formularios no son las que se fijaron. Por favor instale otra vez la versión publicada.",
    ),
    ProblemKind(
        "FONTS_UNUSABLE",
        _E,
        _OPERATOR,
        "Las letras de los documentos no se pueden cargar ({reason}). Por favor instale otra vez el programa con «make setup».",
    ),
    ProblemKind(
        "OCR_UNUSABLE",
        _E,
        _OPERATOR,
        "Los datos del lector de texto faltan o están dañados ({reason}). Por favor instale otra vez los paquetes fijados con «make setup».",
    ),
    ProblemKind(
        "REGISTER_DOES_NOT_ANSWER",
        _E,
        _OPERATOR,
        "El registro del instituto no responde en {address}. Por favor revise VENTANILLA_CORE_URL y avise a quien lo opera.",
    ),
    ProblemKind(
        "TRAIL_BROKEN",
        _E,
        _OPERATOR,
        "La bitácora no está entera. Por favor vea dónde con «ventanilla archive audit verify» y no cambie nada más.",
    ),
    ProblemKind(
        "MAILS_STUCK",
        _E,
        _OPERATOR,
        "Hay {count} correos que no salieron; el último: {last}. Por favor revise VENTANILLA_SMTP_URL y las direcciones.",
    ),
    ProblemKind(
        "CLOCK_WRONG",
        _E,
        _OPERATOR,
        "El reloj está atrasado: la bitácora o la base ya vieron {other}. Por favor ponga en hora la máquina (NTP) antes de recibir papeles.",
    ),
)

CATALOGUE: Final[dict[str, ProblemKind]] = {kind.code: kind for kind in _KINDS}


def problem(
    code: str, /, *, field: str | None = None, severity: Severity | None = None, **places: object
) -> Problem:
    """Make the problem ``code`` with the facts of this occurrence.

    ``severity`` overrules the catalogue where the same finding weighs differently (for instance a
    setting that lets a supervisor admit it). Raises ``KeyError`` for a code that is not in the
    catalogue and ``ValueError`` when ``places`` lacks a fact that the sentence needs: both are bugs.
    """
    kind = CATALOGUE[code]
    if missing := kind.places - places.keys():
        raise ValueError(f"problem {code} needs {sorted(missing)}")
    return Problem(code, severity or kind.severity, kind.sentence.format(**places), field)


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of them stops the step."""
    return any(found.severity is Severity.ERROR for found in problems)
