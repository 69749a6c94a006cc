"""Weather published as Zarr, version 2 or 3, in a folder or at an address (ARCO-ERA5 and stores like it)."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray
from zarr.abc.store import ByteRequest, OffsetByteRequest, RangeByteRequest, Store, SuffixByteRequest
from zarr.core.buffer import Buffer, BufferPrototype

from jasyl.intake.outgoing import Limits, Outgoing
from jasyl.texts import Refusal, Where

from .axes import LATITUDES, LONGITUDES
from .netcdf_variable import Variable
from .product import PRODUCTS
from .track import TIMES

# A chunk of the whole globe for an hour is 4 MB, packed; metadata of hundreds of variables some more.
LIMITS = Limits(size=256_000_000, seconds=300.0, idle=60.0)
METADATA = ("zarr.json", ".zmetadata", ".zgroup")


class ZarrFile:
    """A Zarr group of variables over time, latitude and longitude, as the readers of files want it."""

    def __init__(self, name: str, store: Any, digest: str) -> None:
        import zarr  # noqa: PLC0415

        self.name = name
        self.digest = digest
        try:
            self._group: Any = zarr.open_group(store, mode="r")
            self._arrays: dict[str, Any] = dict(_arrays(self._group))
        except Refusal:
            raise
        except Exception as error:  # zarr raises many kinds for documents that it cannot take
            raise Refusal("weather-file-damaged", where=Where(name), reason=str(error)[:200]) from error
        self.attributes: Mapping[str, Any] = dict(self._group.attrs)
        self.variables: Mapping[str, Variable] = {key: _variable(key, found) for key, found in self._arrays.items()}

    def values(self, name: str) -> NDArray[Any]:
        return np.asarray(self._arrays[name][...])

    def read(
        self, name: str, first: int, last: int, rows: slice, columns: slice, *, flip: bool = False
    ) -> NDArray[Any]:
        try:
            values = np.asarray(self._arrays[name][first:last, ..., rows, columns])
        except Refusal:
            raise
        except Exception as error:  # of the codec
            raise Refusal(
                "weather-file-damaged", where=Where(self.name, field=name), reason=str(error)[:200]
            ) from error
        return np.ascontiguousarray(values[..., ::-1, :] if flip else values)

    def close(self) -> None:
        self._arrays.clear()


def open_zarr(path: Path) -> ZarrFile:
    """The Zarr folder at ``path``. Raises Refusal ``weather-file-damaged``."""
    digest = hashlib.sha256()
    for name in METADATA:
        if (path / name).exists():
            digest.update((path / name).read_bytes())
    return ZarrFile(path.name, path, digest.hexdigest())


def open_zarr_address(address: str, *, private: bool = False) -> ZarrFile:
    """The Zarr group at an address: https://, or gs://bucket/… and s3://bucket/… that everybody may read.

    Raises Refusal ``weather-address`` for other schemes, and what asking a server raises.
    """
    base = _public(address)
    store = AddressStore(base, Outgoing(LIMITS, private=private))
    digest = hashlib.sha256(base.encode())
    for name in METADATA:
        found = store.fetch(name)
        if found is not None:
            digest.update(found)
    return ZarrFile(base.rpartition("/")[2] or base, store, digest.hexdigest())


class AddressStore(Store):
    """Zarr's view of files behind an address: reading only, through the client that this program asks others with."""

    def __init__(self, base: str, client: Outgoing) -> None:
        super().__init__(read_only=True)
        self.base, self.client = base, client

    def fetch(self, key: str, headers: Mapping[str, str] | None = None) -> bytes | None:
        """The bytes of a key; None when the server has no such file."""
        answer = self.client.request("GET", f"{self.base}/{key}", headers=headers)
        if answer.status in {403, 404}:  # object stores hide what is not there
            return None
        if answer.status not in {200, 206}:
            raise Refusal("outgoing-failed", received=f"{self.base}/{key}"[:200], reason=f"HTTP {answer.status}")
        return answer.body

    async def get(self, key: str, prototype: BufferPrototype, byte_range: ByteRequest | None = None) -> Buffer | None:
        """Zarr's reading of a key or a part of it."""
        found = await asyncio.to_thread(self.fetch, key, _range(byte_range))
        return None if found is None else prototype.buffer.from_bytes(found)

    async def get_partial_values(
        self, prototype: BufferPrototype, key_ranges: Iterable[tuple[str, ByteRequest | None]]
    ) -> list[Buffer | None]:
        """Several parts."""
        return [await self.get(key, prototype, part) for key, part in key_ranges]

    async def exists(self, key: str) -> bool:
        """Whether the server has the key."""
        return await asyncio.to_thread(self.fetch, key) is not None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AddressStore) and other.base == self.base

    __hash__ = None  # type: ignore[assignment]

    @property
    def supports_writes(self) -> bool:
        return False

    @property
    def supports_deletes(self) -> bool:
        return False

    @property
    def supports_listing(self) -> bool:
        return False

    async def set(self, key: str, value: Buffer) -> None:
        raise NotImplementedError(key)

    async def delete(self, key: str) -> None:
        raise NotImplementedError(key)

    def list(self) -> AsyncIterator[str]:
        raise NotImplementedError

    def list_prefix(self, prefix: str) -> AsyncIterator[str]:
        raise NotImplementedError(prefix)

    def list_dir(self, prefix: str) -> AsyncIterator[str]:
        raise NotImplementedError(prefix)


def _public(address: str) -> str:
    parts = urlsplit(address.rstrip("/"))
    if parts.scheme in {"https", "http"}:
        return parts.geturl()
    if parts.scheme == "gs":
        return f"https://storage.googleapis.com/{parts.netloc}{parts.path}"
    if parts.scheme == "s3":
        return f"https://{parts.netloc}.s3.amazonaws.com{parts.path}"
    raise Refusal("weather-address", received=address, expected="https://, gs://, s3://")


def _range(part: ByteRequest | None) -> dict[str, str]:
    if isinstance(part, RangeByteRequest):
        return {"Range": f"bytes={part.start}-{part.end - 1}"}
    if isinstance(part, OffsetByteRequest):
        return {"Range": f"bytes={part.offset}-"}
    if isinstance(part, SuffixByteRequest):
        return {"Range": f"bytes=-{part.suffix}"}
    return {}


def _arrays(group: Any) -> Iterable[tuple[str, Any]]:
    """The coordinates and the variables we know: asked for by name, because a server may not list."""
    import zarr  # noqa: PLC0415

    known = {alias for product in PRODUCTS.values() for raw in product.raws.values() for alias in raw.names}
    for name in sorted(known | {*TIMES, *LATITUDES, *LONGITUDES, "expver"}):
        found = group.get(name)
        if isinstance(found, zarr.Array):
            yield name, found


def _variable(name: str, array: Any) -> Variable:
    attributes = dict(array.attrs)
    dimensions = attributes.pop("_ARRAY_DIMENSIONS", None) or getattr(array.metadata, "dimension_names", None) or ()
    # In version 2 the fill value is CF's _FillValue too; a zero is only the default of who wrote it, and a true night.
    fill = array.metadata.fill_value
    if array.metadata.zarr_format == 2 and fill and array.dtype.kind in "if":
        attributes.setdefault("_FillValue", np.asarray(fill).item())
    block = int(array.chunks[0]) if array.chunks else 1
    attributes = {key: json.loads(json.dumps(value, default=str)) for key, value in attributes.items()}
    return Variable(name, tuple(dimensions), tuple(array.shape), np.dtype(array.dtype), attributes, block)
