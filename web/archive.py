"""The archivist's pages: search and download."""

from __future__ import annotations

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from operations.archive import find_documents
from web.access import ARCHIVISTS, PageRequest, threaded
from web.public import house_of
from web.window import document_response


@get("/archivo", guards=[ARCHIVISTS])
@threaded
def search_archive(request: PageRequest, q: FromQuery[str] = "") -> Template:
    found = find_documents(house_of(request), q, request.user.name) if q.strip() else []
    return Template("archive.html", context={"user": request.user, "query": q, "found": found})


@get("/archivo/documentos/{document_id:int}", guards=[ARCHIVISTS])
@threaded
def download_archived(request: PageRequest, document_id: FromPath[int]) -> Response[bytes]:
    return document_response(house_of(request), document_id, request.user.name)


archive_routes = (search_archive, download_archived)
