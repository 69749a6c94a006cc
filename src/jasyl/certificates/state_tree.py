"""The state hash: a tree over all certificates whose root depends on what they are, not on how they came about.

A certificate stands at the place that the first four hexadecimal digits of SHA-256(its id) name. A place holds the
leaf hashes of its certificates in the order of those SHA-256; its hash is SHA-256(02 ‖ id hash ‖ leaf hash ‖ …).
Four levels of nodes stand above, with sixteen children each: SHA-256(03 ‖ hashes of the children); an empty place
or node counts as 32 zero bytes. Changing one certificate costs five hashes, whatever the number of certificates.
"""

from collections.abc import Mapping
from hashlib import sha256

DEPTH = 4
EMPTY = bytes(32)
_NODE, _PLACE = b"\x03", b"\x02"
_BRANCHES = 16


def place_of(certificate: str) -> tuple[str, bytes]:
    """The place of a certificate and the SHA-256 of its id."""
    digest = sha256(certificate.encode()).digest()
    return digest[:2].hex(), digest


class StateTree:
    """Places with their certificates, and nodes by path. It may hold a part only: the paths that are to change.

    ``nodes`` has the hash of every node and place that is not empty, by path (``""`` is the root, ``"a3f0"`` a place).
    """

    def __init__(self) -> None:
        self.places: dict[str, dict[bytes, bytes]] = {}
        self._children: dict[str, bytearray] = {}
        self.root = EMPTY

    def load(self, nodes: Mapping[str, bytes], places: Mapping[str, Mapping[bytes, bytes]]) -> None:
        """Take in what is kept elsewhere: the children of every node on a path, and the certificates at its place."""
        for path, value in nodes.items():
            if path:
                self._set(path, value)
            else:
                self.root = value
        for path, held in places.items():
            self.places[path] = dict(held)

    def put(self, certificate: str, leaf: bytes) -> dict[str, bytes]:
        """Set the leaf of a certificate; gives every node that changed, by path."""
        path, digest = place_of(certificate)
        held = self.places.setdefault(path, {})
        held[digest] = leaf
        parts = held.items() if len(held) == 1 else sorted(held.items())
        value = sha256(_PLACE + b"".join([key + each for key, each in parts])).digest()
        changed = {path: value}
        for _ in range(DEPTH):
            children = self._set(path, value)
            path = path[:-1]
            value = sha256(_NODE + children).digest()
            changed[path] = value
        self.root = value
        return changed

    def _set(self, path: str, value: bytes) -> bytearray:
        children = self._children.get(path[:-1])
        if children is None:
            children = self._children[path[:-1]] = bytearray(32 * _BRANCHES)
        at = 32 * int(path[-1], 16)
        children[at : at + 32] = value
        return children
