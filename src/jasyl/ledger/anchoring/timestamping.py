"""RFC 3161: a time-stamping authority signs when it saw the head of the log.

The imprint is SHA-256 of the checkpoint's text (origin, size, root). Checked: status, imprint, our nonce, the critical
key purpose timeStamping, the signature, and the chain to the operator's root certificates, valid at genTime.
"""

import base64
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, VerificationError, VerifierBuilder
from rfc3161_client import decode_timestamp_response as decode

from jasyl.intake.outgoing import Limits, for_operator
from jasyl.texts import Refusal

from ..checkpoint import Checkpoint
from .states import Fixed

_LIMITS = Limits(size=64 * 1024, seconds=30, idle=10, redirects=0)
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


@dataclass(frozen=True)
class TimeStamping:
    """An authority at ``url``; ``roots`` are PEM certificates that the operator trusts."""

    url: str
    roots: bytes

    def submit(self, head: Checkpoint) -> Fixed:
        """A token over ``head``: confirmed at once, or refused."""
        request = TimestampRequestBuilder().data(head.text()).hash_algorithm(HashAlgorithm.SHA256).build()
        answer = for_operator(self.url, _LIMITS).request(
            "POST", self.url, headers={"Content-Type": _QUERY, "Accept": _REPLY}, body=request.as_bytes()
        )
        if answer.status != 200:
            raise Refusal("outgoing-failed", received=self.url, reason=f"HTTP {answer.status}")
        when, policy = verify_token(answer.body, head, self.roots, request.nonce)
        shown = {"time": when, "policy": policy, "nonce": str(request.nonce)}
        return Fixed("confirmed", base64.b64encode(answer.body).decode(), dict(shown))

    def check(self, head: Checkpoint, held: Fixed) -> Fixed:
        """The same token, verified again."""
        verify_token(base64.b64decode(held.receipt), head, self.roots, int(str(held.payload["nonce"])))
        return held


def verify_token(reply: bytes, head: Checkpoint, roots: bytes, nonce: int | None = None) -> tuple[str, str]:
    """The time (RFC 3339 UTC) and the policy of a time-stamp reply over ``head``. Raises Refusal ``anchor-token``."""
    try:
        token = decode(reply)
        if token.tst_info.message_imprint.hash_algorithm.dotted_string != "2.16.840.1.101.3.4.2.1":
            raise VerificationError("imprint is not SHA-256")
        verifier = VerifierBuilder(nonce=nonce, roots=x509.load_pem_x509_certificates(roots)).build()
        verifier.verify(token, sha256(head.text()).digest())
        info = token.tst_info
        return info.gen_time.isoformat().replace("+00:00", "Z"), info.policy.dotted_string
    except (ValueError, VerificationError) as error:
        raise Refusal("anchor-token", reason=str(error)[:160]) from error


def read_roots(file: Path) -> bytes:
    """Certificates from a PEM file. Raises Refusal ``anchor-roots``."""
    try:
        content = file.read_bytes()
        x509.load_pem_x509_certificates(content)
    except (OSError, ValueError) as error:
        raise Refusal("anchor-roots", received=str(file)) from error
    return content
