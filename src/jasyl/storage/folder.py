"""The data folder of one installation: what lies where, and what kind of data it holds."""

import fcntl
import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from jasyl.texts import Refusal

SETTINGS = "jasyl.json"
Kind = Literal["real", "training"]


@dataclass(frozen=True)
class DataFolder:
    """Paths inside a data folder. Nothing else in the program spells these names."""

    path: Path

    @property
    def settings_file(self) -> Path:
        return self.path / SETTINGS

    @property
    def database_file(self) -> Path:
        return self.path / "registry.sqlite"

    @property
    def readings(self) -> Path:
        return self.path / "readings"

    @property
    def segment_cache(self) -> Path:
        """Copies of segments that lie in S3-compatible storage; made when the first is fetched."""
        return self.path / "segment-cache"

    @property
    def atlas(self) -> Path:
        return self.path / "atlas"

    @property
    def places(self) -> Path:
        """Imported boundaries; made when the first are imported."""
        return self.path / "places"

    @property
    def tiles(self) -> Path:
        return self.path / "tiles"

    @property
    def signed_days(self) -> Path:
        """Days as devices or gateways signed them, one file each; made when the first comes."""
        return self.path / "signed-days"

    @property
    def deliveries(self) -> Path:
        """Signed deliveries as they came, by the SHA-256 of their bytes; made with the first."""
        return self.path / "deliveries"

    @property
    def evidence(self) -> Path:
        """Documents that records of the log speak of, each under its hash; made with the first."""
        return self.path / "evidence"

    @property
    def uploads(self) -> Path:
        """Files that people look at before they take them in; made with the first, each removed after an hour."""
        return self.path / "uploads"

    @property
    def log(self) -> Path:
        """The verifiable log: journal, tiles and checkpoint."""
        return self.path / "log"

    @property
    def keys(self) -> Path:
        """Signing keys, readable by the owner only."""
        return self.path / "keys"

    @property
    def settings(self) -> dict[str, str]:
        """What ``init`` wrote down. Raises Refusal ``no-data-folder`` or ``settings-broken``."""
        try:
            found = json.loads(self.settings_file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise Refusal("no-data-folder", received=str(self.path)) from None
        except (OSError, ValueError) as error:
            raise Refusal("settings-broken", received=str(self.settings_file), reason=str(error)[:200]) from error
        if not isinstance(found, dict) or found.get("kind") not in get_args(Kind):
            raise Refusal("settings-broken", received=str(self.settings_file), reason=str(found)[:80])
        return found

    @property
    def kind(self) -> Kind:
        """``training`` data is fictional and watermarked wherever it is shown."""
        return "training" if self.settings.get("kind") == "training" else "real"

    @property
    def exists(self) -> bool:
        return self.settings_file.is_file()

    @contextmanager
    def locked(self, name: str, *, wait: bool = True) -> Generator[None]:
        """Hold the lock ``name`` of this folder; other processes wait, or are refused when ``wait`` is False."""
        file = self.path / f".{name}.lock"
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                raise Refusal("folder-in-use", received=name, path=str(self.path)) from None
            yield
        finally:
            os.close(descriptor)


def create_folder(path: Path, kind: Kind, database: str | None = None, segments: str | None = None) -> DataFolder:
    """Make an empty data folder. ``database`` is a SQLAlchemy address, SQLite inside the folder when None;
    ``segments`` the address of S3-compatible storage for readings, the folder itself when None.

    Raises Refusal when the folder already holds data, cannot be written, or is not a folder.
    """
    folder = DataFolder(path.absolute())
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        if folder.exists:
            raise Refusal("data-folder-taken", received=str(path))
        for inner in (folder.readings, folder.atlas, folder.tiles, folder.log, folder.keys):
            inner.mkdir(exist_ok=True)
        folder.keys.chmod(0o700)
        named = {"database": database, "segments": segments}
        settings = {"kind": kind} | {name: value for name, value in named.items() if value}
        write_durably(folder.settings_file, json.dumps(settings, indent=2).encode())
        if database:
            folder.settings_file.chmod(0o600)  # the address may carry a password
    except (PermissionError, NotADirectoryError, FileExistsError, OSError) as error:
        raise Refusal("data-folder-unwritable", received=str(path), reason=error.strerror or str(error)) from error
    return folder


def open_folder(path: Path) -> DataFolder:
    """The data folder at ``path``. Raises Refusal ``no-data-folder``."""
    folder = DataFolder(path.absolute())
    if not folder.exists:
        raise Refusal("no-data-folder", received=str(path))
    return folder


def check_writable(folder: DataFolder) -> None:
    """Raises Refusal ``data-folder-unwritable`` unless files can be made where a server makes them."""
    for place in (folder.path, folder.log, folder.readings):
        probe = place / f".probe.{os.getpid()}"
        try:
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise Refusal("data-folder-unwritable", received=str(place), reason=error.strerror or str(error)) from error


def write_durably(file: Path, content: bytes) -> None:
    """Replace ``file`` by ``content`` so that after a power cut either the old or the new bytes stand there."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}.new")
    with temporary.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(file)
    sync_directory(file.parent)


def sync_directory(path: Path) -> None:
    """Make the names in a directory durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
