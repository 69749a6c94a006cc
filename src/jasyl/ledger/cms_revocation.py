"""Revocation lists given as files (RFC 5280, section 5): whether a certificate stood when its holder signed.

A list counts when the issuer of the certificate signed it, it is whole (no delta, none about some certificates only),
and it speaks of the time in question: made at or after it while the certificate could still be listed, or in force
then.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import NameOID

from jasyl.texts import Refusal

Standing = Literal["good", "revoked-later", "not-checked"]


# Names of attributes in certificates of people, which RFC 4514 leaves to X.520.
_ATTRIBUTES = {NameOID.SERIAL_NUMBER: "serialNumber", NameOID.SURNAME: "SN", NameOID.GIVEN_NAME: "GN"}


def name_of(certificate: x509.Certificate) -> str:
    """Whom a certificate names, as text (RFC 4514)."""
    return certificate.subject.rfc4514_string(_ATTRIBUTES)


@dataclass(frozen=True)
class Revocation:
    """``good``: no certificate of the chain below its root is listed. ``revoked-later``: one is, from ``since`` on,
    after the time the signer claims. ``not-checked``: no list speaks of ``about`` at that time."""

    standing: Standing
    about: str | None = None
    since: dt.datetime | None = None


def read_lists(data: bytes) -> list[x509.CertificateRevocationList]:
    """Lists from a file: one in DER, or some in PEM. Raises Refusal ``cms-list``."""
    end = b"-----END X509 CRL-----"
    try:
        if end not in data:
            return [x509.load_der_x509_crl(data)]
        return [x509.load_pem_x509_crl(part + end + b"\n") for part in data.split(end)[:-1]]
    except ValueError:
        raise Refusal("cms-list") from None


def revocation_of(
    chain: Sequence[x509.Certificate],
    lists: Sequence[x509.CertificateRevocationList],
    at: dt.datetime,
    now: dt.datetime,
) -> Revocation:
    """What the lists say of a chain, from the signer to its root, at the time of signing.

    Raises Refusal ``cms-revoked`` when one of its certificates was revoked, or known to be unsafe, by then.
    """
    later: Revocation | None = None
    unchecked: str | None = None
    for one, issuer in pairwise(chain):
        subject = name_of(one)
        speaking = [each for each in lists if _speaks(each, one, issuer, at, now)]
        if not speaking:
            unchecked = unchecked or subject
        since = min((found for each in speaking if (found := _since(each, one))), default=None)
        if since is not None and since <= at:
            raise Refusal("cms-revoked", received=subject, at=since.isoformat())
        if since is not None:
            later = Revocation("revoked-later", subject, since)
    if later is not None:
        return later
    return Revocation("good") if unchecked is None else Revocation("not-checked", unchecked)


def _speaks(
    one: x509.CertificateRevocationList,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    at: dt.datetime,
    now: dt.datetime,
) -> bool:
    made, until = one.last_update_utc, one.next_update_utc
    # Lists may leave out certificates that have expired: one made after that says nothing.
    timely = at <= made <= certificate.not_valid_after_utc or (until is not None and made <= at <= until)
    return timely and made <= now and one.issuer == certificate.issuer and _whole(one) and _signed(one, issuer)


def _whole(one: x509.CertificateRevocationList) -> bool:
    partial = (x509.DeltaCRLIndicator, x509.IssuingDistributionPoint)
    return not any(each.critical or isinstance(each.value, partial) for each in one.extensions)


def _signed(one: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    try:
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
        if not usage.crl_sign:
            return False
    except x509.ExtensionNotFound:
        pass
    try:
        return one.is_signature_valid(issuer.public_key())  # pyright: ignore[reportArgumentType]
    except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        return False


def _since(one: x509.CertificateRevocationList, certificate: x509.Certificate) -> dt.datetime | None:
    """From when on a certificate is revoked: the day it became unsafe, where that is told, counts."""
    entry = one.get_revoked_certificate_by_serial_number(certificate.serial_number)
    if entry is None:
        return None
    try:
        unsafe = entry.extensions.get_extension_for_class(x509.InvalidityDate).value.invalidity_date_utc
    except x509.ExtensionNotFound:
        return entry.revocation_date_utc
    return min(entry.revocation_date_utc, unsafe)
