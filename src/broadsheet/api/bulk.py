"""The whole catalogue as files: `/bulk/manifest.json` names them, and each has an address beside it.

A file's name holds the beginning of its hash: under one name there is one file for ever, so it may be kept for good and
fetched in parts (`Range`). The list is to be asked for anew.
"""

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from broadsheet.library import Library

_LIST = "manifest.json"
_KINDS = {".json": "application/json", ".zst": "application/zstd", ".parquet": "application/vnd.apache.parquet"}


def file(library: Library, request: Request) -> Response:
    """One file of the catalogue, or the list of them. Raises NotFound."""
    name = request.path_params["name"]
    path = library.bulk_file(name)
    status = path.stat()
    tag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"' if name == _LIST else f'"{name.split("-")[-1][:12]}"'
    age = "no-cache" if name == _LIST else "public, max-age=31536000, immutable"
    headers = {"ETag": tag, "Cache-Control": age}
    asked = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in asked or "*" in asked:
        return Response(status_code=304, headers=headers)
    return FileResponse(path, headers=headers, media_type=_KINDS[path.suffix])
