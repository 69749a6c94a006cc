"""The mark of a thing: the same for the same thing, and of no use to anybody who tries numbers against it."""

import hmac
import os
import re
import unicodedata
from contextlib import suppress

from jasyl.ledger.secrets import write_secret
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

DOMAIN = b"jasyl-title/1\n"
SECRET_SIZE = 32
_FILE = "title-registry.key"


def object_mark(secret: bytes, object_class: str, identification: str) -> str:
    """HMAC-SHA256(secret, ``jasyl-title/1`` LF ‖ class LF ‖ identification in one spelling).

    Raises Refusal ``title-identification`` when no letter or digit is left.
    """
    if len(secret) != SECRET_SIZE:
        raise ValueError("the secret of the registry has 32 bytes")
    spelled = one_spelling(identification)
    if not spelled:
        raise Refusal("title-identification", received=identification[:80])
    return hmac.digest(secret, DOMAIN + object_class.encode() + b"\n" + spelled.encode(), "sha256").hex()


def one_spelling(identification: str) -> str:
    """NFKC, upper case, letters and digits only: ``20-315-914-012`` and ``20 315 914 012`` name one plot."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", identification).upper())


def registry_secret(folder: DataFolder, *, create: bool) -> bytes:
    """The registry's secret beside the keys of the log, made for the first title.

    Raises Refusal ``title-no-secret`` when it is missing and may not be made, since there are titles already: with
    another secret every one of them could be registered again.
    """
    file = folder.keys / _FILE
    if create and not file.exists():
        with suppress(FileExistsError):  # another process was quicker; its secret counts
            write_secret(file, os.urandom(SECRET_SIZE).hex() + "\n")
    try:
        secret = bytes.fromhex(file.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        raise Refusal("title-no-secret", received=str(file)) from None
    if len(secret) != SECRET_SIZE:
        raise Refusal("title-no-secret", received=str(file))
    return secret
