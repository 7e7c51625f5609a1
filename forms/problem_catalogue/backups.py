"""Backups, and the place where one is restored."""

from __future__ import annotations

from typing import Final

from forms.problem_kinds import ERROR, OPERATOR, ProblemKind

KINDS: Final = (
    ProblemKind(
        "BACKUP_UNREADABLE",
        ERROR,
        OPERATOR,
        "El respaldo «{file}» no se pudo leer: {detail}. Por favor use otro respaldo.",
    ),
    ProblemKind(
        "BACKUP_BASE_MISSING",
        ERROR,
        OPERATOR,
        "El respaldo «{file}» continúa a otro que no está a su lado: «{base}». Por favor póngalos en la misma carpeta.",
    ),
    ProblemKind(
        "BACKUP_CHANGED",
        ERROR,
        OPERATOR,
        "«{name}» del respaldo no es lo que se guardó. Por favor use otro respaldo.",
    ),
    ProblemKind(
        "BACKUP_SCHEMA",
        ERROR,
        OPERATOR,
        "El respaldo es de una versión más nueva del sistema (esquema {found}, aquí {needed}). Por favor restáurelo con esa versión o con una posterior.",
    ),
    ProblemKind(
        "BACKUP_NOT_EMPTY",
        ERROR,
        OPERATOR,
        "Ya hay datos donde se quiere restaurar ({what}). Por favor señale una carpeta de datos y una base vacías.",
    ),
    ProblemKind(
        "RESTORE_LEFT_OVER",
        ERROR,
        OPERATOR,
        "Una restauración que se interrumpió dejó una copia de la base de datos: {folders}. Por favor repita la restauración, que la quita, o borre esa carpeta.",
    ),
    ProblemKind(
        "RESTORE_UNPROVED",
        ERROR,
        OPERATOR,
        "Hay una carpeta de una restauración de la que no se sabe si sigue en marcha: {folders}. Por favor bórrela si ahora no se está restaurando nada.",
    ),
)
