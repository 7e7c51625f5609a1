"""Packages of cases for the archivist's browser, streamed while they are made."""

from __future__ import annotations

from litestar import get
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath
from litestar.response import Stream

from operations.casework import CaseNotFoundError
from operations.packages import export_cases, inspect_case
from operations.personal_data import may_export
from web.access import ARCHIVISTS, PageRequest, threaded
from web.downloads import named
from web.public import house_of


@get("/archivo/tramites/{number:str}/paquete.zip", guards=[ARCHIVISTS])
@threaded
def download_package(request: PageRequest, number: FromPath[str]) -> Stream:
    """The whole file, unmasked: only for who may have the masks taken off, and an event."""
    if not may_export(request.user):
        raise PermissionDeniedException("Su perfil no permite sacar expedientes completos.")
    house = house_of(request)
    try:
        # What is damaged is told on a page now; once the bytes flow, the browser can only see them end.
        inspect_case(house, number)
        package = export_cases(house, [number], request.user.name)
    except CaseNotFoundError:
        raise NotFoundException("No existe ese trámite.") from None
    headers = named(f"{package.name}.zip")
    return Stream(package.as_zip(), media_type="application/zip", headers=headers)


package_routes = (download_package,)
