"""The read side of a log: what `/log` serves, single entries, and proofs made from tiles."""

import re
from collections.abc import Sequence
from pathlib import Path

from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from .checkpoint import Checkpoint, read_checkpoint
from .keys import POLICY, log_policy
from .merkle import EMPTY_ROOT, HASH_SIZE, consistency_proof, fold_pairs, inclusion_proof, range_hash
from .multiproof import prove_many
from .note import parse_note
from .policy import Policy
from .proof import Proof
from .published import CHECKPOINT, WITNESSED
from .tile_files import read_tile
from .tiles import ENTRIES, WIDTH, TilePath, decode_bundle, parse_tile_path, tile_width

# What stands beside the tiles and is text; it changes, tiles do not.
NOTES = frozenset({CHECKPOINT, WITNESSED, POLICY})


# Former policies, and the heads at which a log was frozen under a former name.
_HISTORY = re.compile(r"past/[0-9]{4}\.policy|frozen/(0|[1-9][0-9]{0,15})", re.ASCII)


class Log:
    """A log in a data folder, or an exported copy of one. Reads what the published checkpoint covers.

    Nothing is kept in memory but the tiles of the proof being made; any number of processes may read.
    """

    def __init__(self, folder: DataFolder | Path) -> None:
        self.path = folder.log if isinstance(folder, DataFolder) else folder

    @property
    def policy(self) -> Policy:
        """Which keys sign this log, as the log itself says. Raises Refusal ``log-no-policy``."""
        return log_policy(self.path)

    def checkpoint_bytes(self) -> bytes:
        """The published checkpoint. Raises Refusal ``log-missing``."""
        try:
            return (self.path / CHECKPOINT).read_bytes()
        except FileNotFoundError:
            raise Refusal("log-missing", received=str(self.path)) from None

    def checkpoint(self) -> Checkpoint:
        """The published head, its signatures not verified."""
        return read_checkpoint(self.checkpoint_bytes())

    @property
    def size(self) -> int:
        """The number of entries under the published checkpoint."""
        return self.checkpoint().size

    def read(self, path: str) -> bytes | None:
        """The bytes at a URL path below the log's prefix, or None (404).

        ``checkpoint``, ``witnessed``, ``policy``, ``past/…``, ``frozen/…``, tiles and bundles; any other spelling or
        place is None.
        """
        if path in NOTES or _HISTORY.fullmatch(path):
            try:
                return (self.path / path).read_bytes()
            except FileNotFoundError:
                return None
        tile = parse_tile_path(path)
        return read_tile(self.path, tile) if tile else None

    def entry(self, index: int) -> bytes:
        """The bytes of entry ``index``. Raises Refusal ``log-no-entry`` or ``log-damaged``."""
        size = self.size
        if not 0 <= index < size:
            raise Refusal("log-no-entry", received=index, expected=size)
        return self.block(index // WIDTH)[index % WIDTH]

    def block(self, index: int) -> list[bytes]:
        """The entries of bundle ``index``: 256, the last bundle fewer. Raises Refusal ``log-damaged``."""
        bundle = TilePath(ENTRIES, index, tile_width(ENTRIES, index, self.size))
        entries = decode_bundle(read_tile(self.path, bundle) or b"")
        if entries is None or len(entries) != bundle.width:
            raise Refusal("log-damaged", received=str(bundle))
        return entries

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The inclusion path of entry ``index`` in the tree of ``size`` (the published one when None)."""
        published = self.size
        size = published if size is None else size
        if not 0 <= index < size <= published:
            raise Refusal("log-no-entry", received=index, expected=min(size, published))
        return inclusion_proof(_TileNodes(self.path, published), index, size)

    def inclusion_of_many(self, indices: Sequence[int], size: int) -> list[bytes]:
        """The proof of several entries at once in the tree of ``size`` (see ``multiproof``)."""
        published = self.size
        if not indices or not 0 <= min(indices) <= max(indices) < size <= published:
            raise Refusal("log-no-entry", received=max(indices, default=0), expected=min(size, published))
        return prove_many(_TileNodes(self.path, published), indices, size)

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """The proof that the log of ``old`` entries is a prefix of that of ``new`` (the published one when None)."""
        published = self.size
        new = published if new is None else new
        if not 0 <= old <= new <= published:
            raise Refusal("log-no-entry", received=old, expected=min(new, published))
        return consistency_proof(_TileNodes(self.path, published), old, new)

    def root(self, size: int) -> bytes:
        """The root over the first ``size`` entries, from the tiles."""
        published = self.size
        if not 0 <= size <= published:
            raise Refusal("log-no-entry", received=size, expected=published)
        return range_hash(_TileNodes(self.path, published), 0, size) if size else EMPTY_ROOT

    def proven_by(self) -> bytes:
        """The checkpoint under which things are proven: the newest, or the newest witnessed where that is demanded.

        Raises Refusal ``log-unwitnessed`` when witnesses are demanded and none has cosigned yet.
        """
        if not self.policy.demands_witnesses:
            return self.checkpoint_bytes()
        try:
            return (self.path / WITNESSED).read_bytes()
        except FileNotFoundError:
            raise self._unwitnessed(self.size) from None

    def proof_file(self, index: int) -> bytes:
        """The ``.tlog-proof`` of entry ``index``, the entry itself in its extra data.

        Raises Refusal ``log-no-entry``, ``log-unwitnessed`` (not before the quorum has cosigned it), ``log-damaged``.
        """
        checkpoint = self.proven_by()
        size = read_checkpoint(checkpoint).size
        if size <= index < self.size:
            raise self._unwitnessed(index)
        return Proof(index, tuple(self.inclusion(index, size)), checkpoint, self.entry(index)).encode()

    def _unwitnessed(self, received: int) -> Refusal:
        """That a quorum is missing, and who has not cosigned the newest head."""
        lines = {(line.name, line.key_id) for line in parse_note(self.checkpoint_bytes()).signatures}
        outside = self.policy.outside_witnesses.items()
        missing = [name.partition("/")[0] for name, key in outside if (key.name, key.key_id) not in lines]
        return Refusal("log-unwitnessed", received=received, missing=", ".join(dict.fromkeys(missing)) or "—")


class _TileNodes:
    """The node function of a log's tiles at the published size, for which files exist; remembers those of one proof."""

    def __init__(self, path: Path, size: int) -> None:
        self.path, self.size = path, size
        self._tiles: dict[tuple[int, int], bytes] = {}

    def __call__(self, height: int, index: int) -> bytes:
        level, inner = divmod(height, 8)
        # The 2**inner hashes of this level that make up the node stand in one tile.
        first = index << inner
        hashes = self._tile(level, first // WIDTH)
        at = (first % WIDTH) * HASH_SIZE
        return fold_pairs(hashes[at : at + (HASH_SIZE << inner)])

    def _tile(self, level: int, index: int) -> bytes:
        found = self._tiles.get((level, index))
        if found is None:
            width = tile_width(level, index, self.size)
            tile = TilePath(level, index, width)
            found = read_tile(self.path, tile) if width else None
            if found is None or len(found) != width * HASH_SIZE:
                raise Refusal("log-damaged", received=str(tile))
            self._tiles[level, index] = found
        return found
