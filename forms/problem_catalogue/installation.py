"""What the service runs on: settings, parameters, keys, engines and the clock."""

from __future__ import annotations

from typing import Final

from forms.problem_kinds import ERROR, OPERATOR, ProblemKind

KINDS: Final = (
    ProblemKind(
        "SETTING_UNKNOWN",
        ERROR,
        OPERATOR,
        "No hay un ajuste «{names}». Por favor véalos todos con «ventanilla check» sin él.",
    ),
    ProblemKind(
        "SETTING_UNFIT",
        ERROR,
        OPERATOR,
        "El ajuste {name} debe ser {wanted} y es «{value}». Por favor corríjalo.",
    ),
    ProblemKind(
        "SETTINGS_UNREADABLE",
        ERROR,
        OPERATOR,
        "No se pudo leer «{file}», el archivo de ajustes que nombra VENTANILLA_SETTINGS: {reason}. Por favor corríjalo o quite esa variable.",
    ),
    ProblemKind(
        "PARAMETERS_UNUSABLE",
        ERROR,
        OPERATOR,
        "Los valores de parámetros añadidos no se pueden usar ({reason}). Por favor corrija el archivo como dice "
        "docs/parameters.md.",
    ),
    ProblemKind(
        "AGENCIES_UNUSABLE",
        ERROR,
        OPERATOR,
        "El archivo de agencias no se puede usar ({reason}). Por favor corríjalo como dice docs/agencies.md.",
    ),
    ProblemKind(
        "PARAMETERS_RUN_OUT",
        ERROR,
        OPERATOR,
        "Hoy no rige ningún valor de: {names}. Por favor añada el decretado en un archivo de la carpeta {folder}.",
    ),
    ProblemKind(
        "KEYS_UNUSABLE",
        ERROR,
        OPERATOR,
        "El archivo «{file}» no es una clave de los sellos. Por favor restáurelo de un respaldo en la carpeta «keys» de los datos.",
    ),
    ProblemKind(
        "DATABASE_ADDRESS_UNUSABLE",
        ERROR,
        OPERATOR,
        "La dirección de la base no se entiende. Por favor escriba VENTANILLA_DATABASE_URL como postgresql+psycopg://usuario:clave@servidor/base, o déjela vacía.",
    ),
    ProblemKind(
        "DATABASE_OUT_OF_REACH",
        ERROR,
        OPERATOR,
        "No se llega a la base de datos: {reason}. Por favor compruebe que esté encendida y que VENTANILLA_DATABASE_URL sea la correcta.",
    ),
    ProblemKind(
        "DATABASE_OF_ANOTHER_VERSION",
        ERROR,
        OPERATOR,
        "A la base de datos le faltan tablas: {names}. Por favor restaure el último respaldo en una base vacía con «ventanilla restore».",
    ),
    ProblemKind(
        "DATABASE_OLDER",
        ERROR,
        OPERATOR,
        "La base de datos es de una versión anterior del sistema (esquema {found}, aquí {needed}). Por favor detenga el servicio y ejecute «ventanilla upgrade», que la respalda y la actualiza.",
    ),
    ProblemKind(
        "DATABASE_NEWER",
        ERROR,
        OPERATOR,
        "La base de datos es de una versión más nueva del sistema (esquema {found}, aquí {needed}). Por favor use esa versión o una posterior, o restaure un respaldo de esta.",
    ),
    ProblemKind(
        "DATABASE_NOT_OWNED",
        ERROR,
        OPERATOR,
        "Las tablas son de otro rol, que es el único que puede cambiarlas. Por favor ejecute «ventanilla upgrade» con la dirección del dueño de las tablas en VENTANILLA_DATABASE_URL.",
    ),
    ProblemKind(
        "SERVICE_RUNNING",
        ERROR,
        OPERATOR,
        "El servicio o un trabajador está en marcha sobre esta base. Por favor deténgalo y repita la orden.",
    ),
    ProblemKind(
        "BLOB_ADDRESS_UNUSABLE",
        ERROR,
        OPERATOR,
        "No hay un almacén de documentos con la dirección «{value}». Por favor escriba file:///carpeta o s3://depósito/prefijo en VENTANILLA_BLOB_URL y VENTANILLA_COPY_URL.",
    ),
    ProblemKind(
        "BLOBS_OUT_OF_REACH",
        ERROR,
        OPERATOR,
        "No se llega al almacén de documentos: {reason}. Por favor compruebe que esté encendido, VENTANILLA_BLOB_URL y sus credenciales.",
    ),
    ProblemKind(
        "STORE_OUT_OF_REACH",
        ERROR,
        OPERATOR,
        "No se pudo usar {place}: {reason}. Por favor revise el lugar y sus permisos.",
    ),
    ProblemKind(
        "EDITIONS_CHANGED",
        ERROR,
        OPERATOR,
        "Las ediciones de los formularios no son las que se fijaron. Por favor instale otra vez la versión publicada.",
    ),
    ProblemKind(
        "FONTS_UNUSABLE",
        ERROR,
        OPERATOR,
        "Las letras de los documentos no se pueden cargar ({reason}). Por favor instale otra vez el programa con «make setup».",
    ),
    ProblemKind(
        "OCR_UNUSABLE",
        ERROR,
        OPERATOR,
        "Los datos del lector de texto faltan o están dañados ({reason}). Por favor instale otra vez los paquetes fijados con «make setup».",
    ),
    ProblemKind(
        "REGISTER_DOES_NOT_ANSWER",
        ERROR,
        OPERATOR,
        "El registro del instituto no responde en {address}. Por favor revise VENTANILLA_CORE_URL y avise a quien lo opera.",
    ),
    ProblemKind(
        "TRAIL_BROKEN",
        ERROR,
        OPERATOR,
        "La bitácora no está entera. Por favor vea dónde con «ventanilla archive audit verify» y no cambie nada más.",
    ),
    ProblemKind(
        "MAILS_STUCK",
        ERROR,
        OPERATOR,
        "Hay {count} correos que no salieron; el último: {last}. Por favor revise VENTANILLA_SMTP_URL y las direcciones.",
    ),
    ProblemKind(
        "CLOCK_WRONG",
        ERROR,
        OPERATOR,
        "El reloj está atrasado: la bitácora o la base ya vieron {other}. Por favor ponga en hora la máquina (NTP) antes de recibir papeles.",
    ),
)
