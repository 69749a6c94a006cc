"""Pushing to the server: ``POST /api/readings`` with a token, repeated until it is acknowledged."""

import http.client
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .intervals import Reading


class TryLaterError(Exception):
    """Nothing was acknowledged: keep everything and try again."""


@dataclass(frozen=True)
class Acknowledged:
    """The server's answer: how many readings it holds now (new, corrected, known, outdated, quarantined), and the
    reasons of those that it will never take."""

    held: int
    refused: tuple[dict[str, Any], ...]


def document(sequence: int, readings: Sequence[Reading]) -> bytes:
    """The delivery as the server reads it (docs/push.md): the sequence number is the gateway's own."""
    rows = [{"series": one.series, "unit": one.unit, "start": one.start, "value": one.value} for one in readings]
    return json.dumps({"sequence": sequence, "readings": rows}, separators=(",", ":")).encode()


class Server:
    """A Jasyl server. ``certificates`` is a file of the authorities to trust, in place of the system's."""

    def __init__(self, address: str, token: str, *, timeout: float = 30.0, certificates: str | None = None) -> None:
        self.address, self._token, self.timeout = address.rstrip("/"), token, timeout
        self._context = ssl.create_default_context(cafile=certificates) if address.startswith("https") else None

    def push(self, body: bytes, headers: dict[str, str] | None = None) -> Acknowledged:
        """Deliver one document. Raises TryLaterError for anything but an answer that says what became of it."""
        found = self.ask("/api/readings", body, headers)
        outcome = found.get("outcome") if isinstance(found, dict) else None
        if not isinstance(outcome, list):
            raise TryLaterError(f"an answer without outcome: {str(found)[:200]}")
        refused = tuple(dict(one) for one in found.get("reasons", ()))
        return Acknowledged(len(outcome) - outcome.count("refused"), refused)

    def ask(self, path: str, body: bytes, headers: dict[str, str] | None = None) -> Any:
        """Post JSON and give the answer. Raises TryLaterError for anything but one of the kind 2xx."""
        request = urllib.request.Request(  # noqa: S310  (the address is the operator's own setting)
            f"{self.address}{path}",
            data=body,
            method="POST",
            headers={"content-type": "application/json", "authorization": f"Bearer {self._token}", **(headers or {})},
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout, context=self._context) as answer:  # noqa: S310
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise TryLaterError(f"{error.code}: {_said(error)}") from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise TryLaterError(str(error) or type(error).__name__) from error


def _said(error: urllib.error.HTTPError) -> str:
    try:
        return error.read(400).decode(errors="replace")
    except (OSError, http.client.HTTPException):  # the server ended in the middle of its answer
        return error.reason
