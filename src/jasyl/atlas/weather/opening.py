"""What stands behind a source that somebody names: a file, a folder of files, a zip, a Zarr folder or address."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from jasyl.jobs import Progress
from jasyl.storage import write_durably
from jasyl.texts import Refusal, Where

from .netcdf import open_netcdf
from .netcdf_variable import Gridded

ENDINGS = {".nc", ".nc4", ".netcdf", ".cdf", ".zip"}
ZARR_MARKS = ("zarr.json", ".zmetadata", ".zgroup")


@dataclass(frozen=True)
class Opened:
    """The files of a source, and the SHA-256 of each input by its name."""

    files: tuple[Gridded, ...]
    inputs: Mapping[str, str]

    def close(self) -> None:
        for file in self.files:
            file.close()


def open_source(source: str, scratch: Path, progress: Progress, *, private: bool = False) -> Opened:
    """Open ``source``; what must be unpacked goes to ``scratch``. ``private`` allows addresses of the own network.

    Raises Refusal ``weather-source-missing``, ``weather-source-empty``, ``weather-zip-damaged``, ``weather-disk`` and
    what ``open_netcdf`` and ``open_zarr`` raise.
    """
    from .zarr_input import open_zarr, open_zarr_address  # noqa: PLC0415

    if "://" in source:
        file = open_zarr_address(source, private=private)
        return Opened((file,), {file.name: file.digest})
    path = Path(source)
    if path.is_dir() and any((path / mark).exists() for mark in ZARR_MARKS):
        file = open_zarr(path)
        return Opened((file,), {file.name: file.digest})
    named = sorted(found for found in path.iterdir() if found.suffix.lower() in ENDINGS) if path.is_dir() else [path]
    if not named:
        raise Refusal("weather-source-empty", received=source, expected=", ".join(sorted(ENDINGS)))
    if not all(found.is_file() for found in named):
        raise Refusal("weather-source-missing", received=source)
    inputs = _hashes(named, scratch, progress)
    files: list[Gridded] = []
    for found in named:
        unpacked = _unzip(found, scratch) if zipfile.is_zipfile(found) else [found]
        files += [open_netcdf(each) for each in unpacked]
    return Opened(tuple(files), inputs)


def _hashes(files: list[Path], scratch: Path, progress: Progress) -> dict[str, str]:
    """SHA-256 of each file; those known from before by size and time of change are not read again."""
    kept = scratch / "inputs.json"
    known: dict[str, list[str]] = json.loads(kept.read_bytes()) if kept.exists() else {}
    total, done, found = sum(file.stat().st_size for file in files), 0, dict[str, list[str]]()
    for file in files:
        state = file.stat()
        mark = f"{state.st_size} {state.st_mtime_ns}"
        before = known.get(str(file.absolute()))
        if before is not None and before[0] == mark:
            found[str(file.absolute())] = before
            continue
        digest = hashlib.sha256()
        with file.open("rb") as opened:
            while block := opened.read(1 << 24):
                digest.update(block)
                progress.step("weather-step-hash", (done + opened.tell()) >> 20, total >> 20)
        done += state.st_size
        found[str(file.absolute())] = [mark, digest.hexdigest()]
    write_durably(kept, json.dumps(found).encode())
    return {file.name: found[str(file.absolute())][1] for file in files}


def _unzip(file: Path, scratch: Path) -> list[Path]:
    """The NetCDF files inside a zip, unpacked flat under ``scratch``; left as they are when they stand there whole."""
    into = scratch / f"{file.name}.unpacked"
    into.mkdir(exist_ok=True)
    try:
        with zipfile.ZipFile(file) as archive:
            members = [entry for entry in archive.infolist() if PurePosixPath(entry.filename).suffix.lower() in ENDINGS]
            if not members:
                raise Refusal("weather-source-empty", received=file.name, expected=", ".join(sorted(ENDINGS)))
            needed, free = sum(entry.file_size for entry in members), shutil.disk_usage(into).free
            if needed > free:
                raise Refusal("weather-disk", received=f"{free / 1e9:.1f}", expected=f"{needed / 1e9:.1f}")
            found: list[Path] = []
            for number, entry in enumerate(members):
                target = into / f"{number}-{PurePosixPath(entry.filename).name}"
                found.append(target)
                if target.exists() and target.stat().st_size == entry.file_size:
                    continue
                part = target.with_suffix(".part")
                with archive.open(entry) as packed, part.open("wb") as out:
                    shutil.copyfileobj(packed, out, 1 << 20)
                part.replace(target)
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise Refusal("weather-zip-damaged", where=Where(file.name), reason=str(error)[:200]) from error
    return found
