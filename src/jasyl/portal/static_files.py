"""The built browser part: the files that stood there when the server started, and no others."""

from functools import cache
from mimetypes import guess_type

from litestar import Response, get
from litestar.params import FromPath

from .assets import STATIC
from .cache import CACHEABLE
from .page import NotFoundError

_YEAR = 31_536_000


@get("/static/{path:path}", summary="Scripts, styles and pictures of the pages", media_type="text/plain")
async def static_file(path: FromPath[str]) -> Response[bytes]:
    """A file of the browser part; those whose name carries a hash of their content may be kept for a year."""
    name = path.lstrip("/")
    if name not in _files():
        raise NotFoundError
    kind = "text/javascript" if name.endswith(".js") else guess_type(name)[0] or "application/octet-stream"
    age = f"public, max-age={_YEAR}, immutable" if name.startswith("assets/") else "public, max-age=3600"
    headers = {CACHEABLE.decode(): "1", "cache-control": age}
    return Response((STATIC / name).read_bytes(), media_type=kind, headers=headers)


@cache
def _files() -> frozenset[str]:
    """Every file by its path below the folder: an address is looked up here, never joined to a path."""
    return frozenset(str(file.relative_to(STATIC)) for file in STATIC.rglob("*") if file.is_file())
