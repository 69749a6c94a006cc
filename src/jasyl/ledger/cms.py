"""National electronic signatures: CMS containers (RFC 5652), verified with the roots that the reader trusts.

asn1crypto takes the container apart; all algebra is done by ``cryptography``. Signatures by GOST algorithms are told
apart by the arc of their identifiers and named, never passed over.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store, VerificationError

from jasyl.texts import Refusal

from .cms_revocation import Revocation, name_of, revocation_of

MAX_CONTAINER = 32 * 1024 * 1024
_DIGESTS: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
# Arcs of identifiers, from general knowledge of the registers: Russia's GOST R 34.10/34.11, Kazakhstan's own.
_GOST_ARCS = {
    "1.2.398.3.10.1.1.1": "GOST 34.310-2004",
    "1.2.398.3.10.1.1.2": "GOST R 34.10-2015",
    "1.2.398.3.10.1": "GOST",
    "1.2.643": "GOST R 34.10/34.11",
}


@dataclass(frozen=True)
class ContainerSigner:
    """One signer of a container. Subject and serial are personal data: they are shown, not logged.

    ``signed_at`` is what the signer says; None where nothing is said. ``valid_until`` is the end of the certificate.
    """

    subject: str
    serial: str
    algorithm: str
    signed_at: dt.datetime | None
    root: str
    revocation: Revocation
    valid_until: dt.datetime


@dataclass(frozen=True)
class SignedContainer:
    """A verified container: what was signed (SHA-256), whether it lies inside, and by whom."""

    content_sha256: str
    detached: bool
    signers: tuple[ContainerSigner, ...]


def verify_container(
    container: bytes,
    roots: Sequence[x509.Certificate],
    content: bytes | None = None,
    *,
    now: dt.datetime,
    lists: Sequence[x509.CertificateRevocationList] = (),
) -> SignedContainer:
    """Every signer's digest, signature and chain; PEM or DER. ``content`` is what a detached container signs.

    A chain is verified at the time its signer claims, which must not lie after ``now``; without a claim, at ``now``;
    so is its revocation, as far as ``lists`` speak of it.
    Raises Refusal ``cms-malformed``, ``cms-no-signer``, ``cms-content`` (none, or two that differ), ``cms-digest``,
    ``cms-signature``, ``cms-chain``, ``cms-expired``, ``cms-revoked``, ``cms-time``, ``cms-algorithm`` (GOST or another
    that is not verified here).
    """
    signed = _signed_data(container)
    inside = signed["encap_content_info"]["content"].native
    held = inside if isinstance(inside, bytes) else None
    if (held is None and content is None) or (held is not None and content is not None and held != content):
        raise Refusal("cms-content")
    data = held if held is not None else content
    assert data is not None
    infos = list(signed["signer_infos"])
    if not infos:
        raise Refusal("cms-no-signer")
    certificates = _certificates(signed)
    kind = signed["encap_content_info"]["content_type"].dotted
    trust = _Trust(certificates, roots, lists, now)
    signers = tuple(_check_signer(one, trust, data, kind) for one in infos)
    return SignedContainer(hashlib.sha256(data).hexdigest(), held is None, signers)


def read_roots(pem: bytes) -> list[x509.Certificate]:
    """Certificates from a PEM file, or one in DER. Raises Refusal ``cms-roots``."""
    try:
        found = x509.load_pem_x509_certificates(pem) if b"-----BEGIN" in pem else [x509.load_der_x509_certificate(pem)]
    except ValueError:
        raise Refusal("cms-roots") from None
    return found


def _signed_data(container: bytes) -> Any:
    from asn1crypto import pem  # noqa: PLC0415

    if len(container) > MAX_CONTAINER:
        raise Refusal("cms-malformed", received=len(container))
    try:
        armoured: Any = pem.unarmor(container) if pem.detect(container) else (None, None, container)
        der = armoured[2]
        info = cms.ContentInfo.load(der, strict=True)
        if info["content_type"].native != "signed_data":
            raise Refusal("cms-malformed", received=str(info["content_type"].native))
        signed = info["content"]
        _ = signed.native  # asn1crypto reads lazily: everything is read here or nothing
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError) as error:
        raise Refusal("cms-malformed", received=len(container)) from error
    return signed


def _certificates(signed: Any) -> list[x509.Certificate]:
    found: list[x509.Certificate] = []
    for each in signed["certificates"]:
        if each.name == "certificate":
            try:
                found.append(x509.load_der_x509_certificate(each.chosen.dump()))
            except ValueError as error:
                raise Refusal("cms-malformed", received="certificate") from error
    return found


@dataclass(frozen=True)
class _Trust:
    """What signers are held against: the container's certificates, the reader's roots and lists, the time."""

    certificates: list[x509.Certificate]
    roots: Sequence[x509.Certificate]
    lists: Sequence[x509.CertificateRevocationList]
    now: dt.datetime


def _check_signer(info: Any, trust: _Trust, data: bytes, kind: str) -> ContainerSigner:
    digest = _digest(info["digest_algorithm"])
    algorithm = info["signature_algorithm"]
    _refuse_gost(algorithm["algorithm"].dotted)
    certificate = _certificate_of(info["sid"], trust.certificates)
    message, signed_at = _signed_message(info, data, kind, digest)
    _check_signature(certificate, algorithm, digest, info["signature"].native, message)
    if signed_at is not None and signed_at > trust.now:
        raise Refusal("cms-time", received=signed_at.isoformat())
    at = signed_at or trust.now
    subject, until = name_of(certificate), certificate.not_valid_after_utc
    if not certificate.not_valid_before_utc <= at <= until:
        span = f"{certificate.not_valid_before_utc.isoformat()} – {until.isoformat()}"
        raise Refusal("cms-expired", received=subject, at=at.isoformat(), expected=span)
    chain = _check_chain(certificate, trust, at)
    revocation = revocation_of(chain, trust.lists, at, trust.now)
    name, root = str(algorithm["algorithm"].native), name_of(chain[-1])
    return ContainerSigner(subject, f"{certificate.serial_number:x}", name, signed_at, root, revocation, until)


def _signed_message(
    info: Any, data: bytes, kind: str, digest: hashes.HashAlgorithm
) -> tuple[bytes, dt.datetime | None]:
    """What was signed: the content, or attributes that hold its digest and type (RFC 5652, section 5.4)."""
    attributes = info["signed_attrs"]
    if not len(attributes):
        return data, None
    said: dict[str, Any] = {}
    for each in attributes:
        name = each["type"].native
        if name in said or len(each["values"]) != 1:
            raise Refusal("cms-malformed", received=str(name))
        said[name] = each["values"][0]
    if "message_digest" not in said or "content_type" not in said or said["content_type"].dotted != kind:
        raise Refusal("cms-malformed", received="signed attributes")
    computed = hashes.Hash(digest)
    computed.update(data)
    if said["message_digest"].native != computed.finalize():
        raise Refusal("cms-digest")
    signed_at = said["signing_time"].native if "signing_time" in said else None
    # Signed as SET OF in DER, not under the implicit tag they are carried with.
    return attributes.untag().dump(force=True), signed_at


def _check_signature(
    certificate: x509.Certificate, algorithm: Any, digest: hashes.HashAlgorithm, signature: bytes, message: bytes
) -> None:
    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):
        _refuse_gost(certificate.public_key_algorithm_oid.dotted_string)
        raise Refusal("cms-algorithm", received=certificate.public_key_algorithm_oid.dotted_string) from None
    name = str(algorithm["algorithm"].native)
    try:
        if isinstance(key, rsa.RSAPublicKey) and name == "rsassa_pss":
            key.verify(signature, message, *_pss(algorithm))
        elif isinstance(key, rsa.RSAPublicKey) and (name.endswith("rsa") or name == "rsassa_pkcs1v15"):
            key.verify(signature, message, padding.PKCS1v15(), _agreeing(name, digest))
        elif isinstance(key, ec.EllipticCurvePublicKey) and name.endswith("ecdsa"):
            key.verify(signature, message, ec.ECDSA(_agreeing(name, digest)))
        elif isinstance(key, ed25519.Ed25519PublicKey) and name == "ed25519":
            key.verify(signature, message)
        else:
            raise Refusal("cms-algorithm", received=name)
    except InvalidSignature:
        raise Refusal("cms-signature", received=name_of(certificate)) from None


def _pss(algorithm: Any) -> tuple[padding.PSS, hashes.HashAlgorithm]:
    parameters = algorithm["parameters"]
    digest = _digest(parameters["hash_algorithm"])
    mask = _digest(parameters["mask_gen_algorithm"]["parameters"])
    return padding.PSS(padding.MGF1(mask), int(parameters["salt_length"].native)), digest


def _agreeing(name: str, digest: hashes.HashAlgorithm) -> hashes.HashAlgorithm:
    """The digest of ``sha256_rsa`` and its like; it must be the signer's own."""
    said = name.partition("_")[0]
    if said in _DIGESTS and said != digest.name:
        raise Refusal("cms-algorithm", received=f"{name}, {digest.name}")
    if said.startswith(("sha1", "md")):
        raise Refusal("cms-algorithm", received=name)
    return digest


def _digest(algorithm: Any) -> hashes.HashAlgorithm:
    _refuse_gost(algorithm["algorithm"].dotted)
    name = str(algorithm["algorithm"].native)
    if name not in _DIGESTS:
        raise Refusal("cms-algorithm", received=name)
    return _DIGESTS[name]()


def _refuse_gost(identifier: str) -> None:
    for arc, name in _GOST_ARCS.items():
        if identifier == arc or identifier.startswith(arc + "."):
            raise Refusal("cms-algorithm", received=f"{name} ({identifier})")


def _certificate_of(sid: Any, certificates: list[x509.Certificate]) -> x509.Certificate:
    for each in certificates:
        if sid.name == "issuer_and_serial_number":
            same = each.serial_number == sid.chosen["serial_number"].native
            if same and each.issuer.public_bytes() == sid.chosen["issuer"].dump():
                return each
        else:
            try:
                named = each.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
            except (x509.ExtensionNotFound, ValueError):
                continue
            if named == sid.chosen.native:
                return each
    raise Refusal("cms-malformed", received="no certificate of the signer")


def _check_chain(certificate: x509.Certificate, trust: _Trust, at: dt.datetime) -> list[x509.Certificate]:
    """The chain from the signer to a root. Purposes of web servers are not asked for; signing is."""
    subject = name_of(certificate)
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        if not (usage.digital_signature or usage.content_commitment):
            raise Refusal("cms-chain", received=subject)
    except x509.ExtensionNotFound:
        pass
    if not trust.roots:
        raise Refusal("cms-chain", received=subject)
    anything = ExtensionPolicy.permit_all()
    builder = PolicyBuilder().store(Store(list(trust.roots))).time(at)
    builder = builder.extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=anything)
    others = [each for each in trust.certificates if each != certificate]
    try:
        return builder.build_client_verifier().verify(certificate, others).chain
    except (VerificationError, ValueError) as error:
        raise Refusal("cms-chain", received=subject) from error
