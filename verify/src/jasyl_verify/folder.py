"""An exported log: checkpoint, entry bundles and tiles must tell one story, and the signatures in its records hold."""

from hashlib import sha256
from pathlib import Path

from .notes import Policy, all_of, parse_policy
from .passport import Verdict
from .records import Record, Refused, parse_record
from .trees import EMPTY_ROOT, node_hash
from .trust import Trust

WIDTH = 256


def check_folder(folder: Path, policy: Policy | None = None) -> Verdict:
    """Check a log folder; without ``policy`` with the one beside it.

    Raises Refused, with the first wrong file, or the place of the first record whose signature does not hold.
    """
    folder = folder / "log" if (folder / "log" / "checkpoint").is_file() else folder
    try:
        note = (folder / "checkpoint").read_bytes()
        known = policy or parse_policy((folder / "policy").read_bytes())
    except OSError as error:
        raise Refused("missing", Path(error.filename).name) from None
    head = known.check(note)
    former = [parse_policy(file.read_bytes()) for file in sorted((folder / "past").glob("*.policy"))]
    verdict, trust = Verdict("log", policy is not None, head), Trust()
    hashes, names = list[bytes](), list[str]()
    for index in range(-(-head.size // WIDTH)):
        width = min(WIDTH, head.size - index * WIDTH)
        entries = _entries(folder, index, width)
        tile = [sha256(b"\x00" + entry).digest() for entry in entries]
        for place, entry in enumerate(entries, index * WIDTH):
            record = parse_record(entry)
            names.append(record["log_origin"])
            _signatures(trust, place, entry, record, verdict)
        _partials(folder, "entries", index, b"".join(len(each).to_bytes(2, "big") + each for each in entries))
        hashes += tile
    level = 0
    here = hashes
    while here:
        for index in range(-(-len(here) // WIDTH)):
            tile = here[index * WIDTH : (index + 1) * WIDTH]
            path = _path(str(level), index, len(tile))
            if _read(folder, path, len(tile) * 32) != b"".join(tile):
                raise Refused("file", path)
            _partials(folder, str(level), index, b"".join(tile))
        here = [_root(here[at : at + WIDTH]) for at in range(0, len(here) - WIDTH + 1, WIDTH)]
        level += 1
    if _root(hashes) != head.root:
        raise Refused("file", "checkpoint")
    trust.names(head, dict(enumerate(names)))
    for file in sorted((folder / "frozen").glob("*")):
        if not any(_began(each, file.read_bytes(), hashes) for each in former):
            raise Refused("file", f"frozen/{file.name}")
    verdict.index = head.size
    return verdict


def _began(policy: Policy, note: bytes, hashes: list[bytes]) -> bool:
    """Whether a head at which the log was frozen is signed by its former keys, and the beginning of this tree."""
    own = [key for key in [*policy.logs, *policy.witnesses.values()] if key.name == policy.logs[0].name]
    try:
        head = all_of(own).check(note)
    except Refused:
        return False
    return head.size <= len(hashes) and _root(hashes[: head.size]) == head.root


def _signatures(trust: Trust, place: int, entry: bytes, record: Record, verdict: Verdict) -> None:
    """Check what one record is signed with; afterwards only keys and meters are remembered."""
    trust.tell(place, sha256(entry).hexdigest(), record)
    verdict.signatures += trust.author(place)
    if record["type"] == "batch":
        level = trust.level(place)
        verdict.levels[level] += 1
        verdict.signatures += len(record["day_sigs"]) if level != "operator-entered" else 0
    if record["type"] not in {"key", "device"}:
        trust.forget(place)


def _entries(folder: Path, index: int, width: int) -> list[bytes]:
    path = _path("entries", index, width)
    data = _read(folder, path, None)
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data) or end <= at + 2:
            raise Refused("file", path)
        entries.append(data[at + 2 : end])
        at = end
    # A full bundle may stand where a partial one was: its first entries are those that were asked for.
    if len(entries) < width or (len(entries) > width and (folder / path).is_file()):
        raise Refused("file", path)
    return entries[:width]


def _read(folder: Path, path: str, size: int | None) -> bytes:
    """A file, or the beginning of the full one that took its place."""
    whole = path.partition(".p/")[0]
    for name in dict.fromkeys((path, whole)):
        try:
            data = (folder / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            continue
        return data[:size] if name != path else data
    raise Refused("file", path)


def _partials(folder: Path, level: str, index: int, expected: bytes) -> None:
    """Older, shorter states of a tile that still lie there."""
    place = folder / f"{_path(level, index, WIDTH)}.p"
    for file in sorted(place.iterdir()) if place.is_dir() else []:
        data = file.read_bytes()
        if file.name.isdigit() and len(data) < len(expected) and not expected.startswith(data):
            raise Refused("file", f"{_path(level, index, WIDTH)}.p/{file.name}")


def _path(level: str, index: int, width: int) -> str:
    groups = f"{index % 1000:03d}"
    while index := index // 1000:
        groups = f"x{index % 1000:03d}/{groups}"
    return f"tile/{level}/{groups}" + ("" if width == WIDTH else f".p/{width}")


def _root(hashes: list[bytes]) -> bytes:
    """The root over leaf hashes, pair by pair; an odd one waits for its level."""
    while len(hashes) > 1:
        odd = hashes[-1:] if len(hashes) % 2 else []
        hashes = [*map(node_hash, hashes[::2], hashes[1::2]), *odd]
    return hashes[0] if hashes else EMPTY_ROOT
