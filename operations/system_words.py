"""What the operating system and other people's engines say, in words of ours: why something was refused."""

from __future__ import annotations

import errno
import re
from typing import Final

_SYSTEM: Final = {
    errno.ENOENT: "no existe",
    errno.EEXIST: "ya existe",
    errno.EACCES: "no hay permiso",
    errno.EPERM: "no está permitido",
    errno.EISDIR: "es una carpeta",
    errno.ENOTDIR: "una parte de la ruta no es una carpeta",
    errno.ENOTEMPTY: "la carpeta no está vacía",
    errno.ENOSPC: "no queda espacio en el disco",
    errno.EROFS: "el disco es solo de lectura",
    errno.ENAMETOOLONG: "el nombre es demasiado largo",
    errno.ECONNREFUSED: "rechazó la conexión",
}
_ENGINES: Final = (
    (r"connection refused|error sending request|tcp connect error", "rechazó la conexión"),
    (r"timed? ?out", "no contestó a tiempo"),
    (r"could not translate host|resolve host|dns error|name or service not known", "no se halló el servidor"),
    (
        r"password authentication|no password|authentication failed|role .* does not exist",
        "no aceptó el usuario o la clave",
    ),
    (r"database .* does not exist", "no existe esa base"),
    (
        r"access ?denied|forbidden|unauthori[sz]ed|credentials|invalidaccesskey|signature",
        "no aceptó las credenciales",
    ),
    (r"nosuchbucket|bucket does not exist|not found|404", "no existe ese depósito"),
    (r"readonly|read-only", "es solo de lectura"),
    (r"unable to open", "no se puede abrir el archivo"),
    (r"is locked", "otro programa lo tiene ocupado"),
    (r"not a database|malformed|disk image", "el archivo no es una base o está dañado"),
    (r"disk.* full|no space left", "no queda espacio en el disco"),
)
_LONGEST: Final = 160


def explain_system(error: OSError) -> str:
    """Why the system refused a file."""
    return _SYSTEM.get(error.errno or 0) or f"el sistema dice «{error.strerror or error}»"


def explain_engine(error: Exception) -> str:
    """Why an engine refused, from the first line of what it said; that line itself where it is none that we
    know.
    """
    said = str(error).strip().splitlines()
    first = said[0] if said else type(error).__name__
    for pattern, words in _ENGINES:
        if re.search(pattern, str(error), re.IGNORECASE):
            return words
    return f"dice «{first[:_LONGEST]}»"
