"""CMS containers made by two independent programs: ``cryptography``'s builder and Debian's openssl."""

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pytest
from asn1crypto import cms as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from tests.conftest import need
from tests.ledger.conftest import House

from jasyl.ledger import entry, parse_record
from jasyl.ledger.cms import SignedContainer, read_roots, verify_container
from jasyl.ledger.cms_revocation import Revocation, read_lists
from jasyl.ledger.container_evidence import keep_container
from jasyl.texts import Refusal

ACT = "Акт приёмки № 17".encode()
NOW = dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)
START, END = NOW - dt.timedelta(days=100), NOW + dt.timedelta(days=100)
PEM = serialization.Encoding.PEM
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def certificate(
    name: str, key: Key, issuer: tuple[x509.Certificate, Key] | None = None, *, ca: bool = False,
    end: dt.datetime = END, signs: bool = True,
) -> x509.Certificate:  # fmt: skip
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    by, with_key = (issuer[0].subject, issuer[1]) if issuer else (subject, key)
    usage = x509.KeyUsage(signs and not ca, False, not signs, False, False, ca, ca, False, False)
    built = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(by).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(START).not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca, None), critical=True).add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(with_key.public_key()), critical=False)
    )  # fmt: skip
    return built.sign(with_key, hashes.SHA256())


def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


ROOT_KEY, CENTRE_KEY, PERSON_KEY, CURVE_KEY = rsa_key(), rsa_key(), rsa_key(), ec.generate_private_key(ec.SECP256R1())
ROOT = certificate("National root (test)", ROOT_KEY, ca=True)
CENTRE = certificate("Certification centre (test)", CENTRE_KEY, (ROOT, ROOT_KEY), ca=True)
PERSON = certificate("A PERSON", PERSON_KEY, (CENTRE, CENTRE_KEY))
CURVE = certificate("ANOTHER PERSON", CURVE_KEY, (CENTRE, CENTRE_KEY))


def container(
    *, key: Key = PERSON_KEY, who: x509.Certificate = PERSON, chain: tuple[x509.Certificate, ...] = (CENTRE,),
    options: tuple[pkcs7.PKCS7Options, ...] = (), pss: bool = False, data: bytes = ACT,
) -> bytes:  # fmt: skip
    with_padding = padding.PSS(padding.MGF1(hashes.SHA256()), 32) if pss else None
    builder = pkcs7.PKCS7SignatureBuilder().set_data(data)
    builder = builder.add_signer(who, key, hashes.SHA256(), rsa_padding=with_padding)
    for each in chain:
        builder = builder.add_certificate(each)
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary, *options])


def verify(made: bytes, content: bytes | None = None, roots: tuple[x509.Certificate, ...] = (ROOT,)) -> SignedContainer:
    return verify_container(made, roots, content, now=NOW)


def refused(code: str, made: bytes, content: bytes | None = None, roots: tuple[x509.Certificate, ...] = (ROOT,)) -> str:
    with pytest.raises(Refusal) as caught:
        verify(made, content, roots)
    assert caught.value.code == code
    return str(caught.value.arguments.get("received"))


def test_containers_of_the_library_verify() -> None:
    found = verify(container())
    assert (found.detached, found.signers[0].subject) == (False, "CN=A PERSON")
    assert found.signers[0].root == "CN=National root (test)"
    assert found.signers[0].signed_at is not None
    assert verify(container(pss=True)).signers[0].algorithm == "rsassa_pss"
    assert verify(container(key=CURVE_KEY, who=CURVE)).signers[0].subject == "CN=ANOTHER PERSON"
    detached = container(options=(pkcs7.PKCS7Options.DetachedSignature,))
    assert verify(detached, ACT).detached
    refused("cms-content", detached)
    refused("cms-digest", detached, ACT + b"!")
    refused("cms-content", container(), b"another")
    bare = container(options=(pkcs7.PKCS7Options.NoAttributes,))
    assert verify(bare).signers[0].signed_at is None


@pytest.mark.parametrize("kind", ["rsa", "pss", "ec", "detached", "keyid", "pem"])
def test_containers_of_openssl_verify(tmp_path: Path, kind: str) -> None:
    program = need(shutil.which("openssl"), "openssl: apt install openssl")
    key, who = (CURVE_KEY, CURVE) if kind == "ec" else (PERSON_KEY, PERSON)
    formats = (PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "key.pem").write_bytes(key.private_bytes(*formats))
    (tmp_path / "who.pem").write_bytes(who.public_bytes(PEM))
    (tmp_path / "centre.pem").write_bytes(CENTRE.public_bytes(PEM))
    (tmp_path / "act").write_bytes(ACT)
    more = {"pss": ["-keyopt", "rsa_padding_mode:pss"], "keyid": ["-keyid"]}.get(kind, [])
    command = [
        program,
        "cms",
        "-sign",
        "-binary",
        "-md",
        "sha256",
        "-in",
        "act",
        "-signer",
        "who.pem",
        "-inkey",
        "key.pem",
    ]
    command += ["-certfile", "centre.pem", "-out", "act.p7s", "-outform", "PEM" if kind == "pem" else "DER", *more]
    command += [] if kind == "detached" else ["-nodetach"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    made = (tmp_path / "act.p7s").read_bytes()
    found = verify(made, ACT if kind == "detached" else None)
    assert found.signers[0].root == "CN=National root (test)"
    # And the other way round: openssl accepts what we accept, with the same roots.
    (tmp_path / "root.pem").write_bytes(ROOT.public_bytes(PEM))
    check = [program, "cms", "-verify", "-in", "act.p7s", "-inform", "PEM" if kind == "pem" else "DER", "-binary"]
    check += ["-CAfile", "root.pem", "-purpose", "any", "-content" if kind == "detached" else "-out", "act"]
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 0


def test_a_changed_byte_never_passes() -> None:
    made = container()
    whole = verify(made)
    at = made.index(ACT)
    refused("cms-digest", made[:at] + b"X" + made[at + 1 :])
    refused("cms-signature", made[:-1] + bytes([made[-1] ^ 1]))
    for place in range(0, len(made), 37):
        changed = made[:place] + bytes([made[place] ^ 0x10]) + made[place + 1 :]
        try:
            assert verify(changed).signers[0].root == whole.signers[0].root  # a byte that nothing rests on
            assert verify(changed).content_sha256 == whole.content_sha256
        except Refusal as refusal:
            assert refusal.code.startswith("cms-")


def test_the_chain_must_end_in_a_given_root_and_be_one_for_signing() -> None:
    made = container()
    other = certificate("National root (test)", rsa_key(), ca=True)
    refused("cms-chain", made, roots=(other,))
    refused("cms-chain", made, roots=())
    refused("cms-chain", container(chain=()))
    old = certificate("A PERSON", PERSON_KEY, (CENTRE, CENTRE_KEY), end=NOW - dt.timedelta(days=1))
    assert refused("cms-expired", container(who=old)) == "CN=A PERSON"
    cipher = certificate("A PERSON", PERSON_KEY, (CENTRE, CENTRE_KEY), signs=False)
    refused("cms-chain", container(who=cipher))
    no_centre = certificate("B", CURVE_KEY, (PERSON, PERSON_KEY))  # a person is no certification centre
    refused("cms-chain", container(key=CURVE_KEY, who=no_centre, chain=(PERSON, CENTRE)))
    with pytest.raises(Refusal) as caught:
        verify_container(made, [ROOT], now=NOW - dt.timedelta(hours=3))
    assert caught.value.code == "cms-time"


def revocations(
    *entries: tuple[x509.Certificate, dt.timedelta, dt.timedelta | None],
    by: str = "centre",
    made: dt.timedelta = dt.timedelta(0),
    partial: bool = False,
) -> x509.CertificateRevocationList:
    """A list of the centre, or of the root; times as distances from the moment of signing (now)."""
    key, issuer = {"centre": (CENTRE_KEY, CENTRE), "root": (ROOT_KEY, ROOT), "thief": (PERSON_KEY, CENTRE)}[by]
    signing = NOW - dt.timedelta(hours=2)
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.subject)
    builder = builder.last_update(signing + made).next_update(signing + made + dt.timedelta(days=7))
    for who, revoked, unsafe in entries:
        one = x509.RevokedCertificateBuilder().serial_number(who.serial_number).revocation_date(signing + revoked)
        if unsafe is not None:
            one = one.add_extension(x509.InvalidityDate((signing + unsafe).replace(tzinfo=None)), critical=False)
        builder = builder.add_revoked_certificate(one.build())
    if partial:
        point = x509.IssuingDistributionPoint(None, None, True, False, None, False, False)
        builder = builder.add_extension(point, critical=True)
    return builder.sign(key, hashes.SHA256())


def test_revocation_lists_are_asked_about_the_time_of_signing() -> None:
    made, hour = container(), dt.timedelta(hours=1)
    empty_root = revocations(by="root", made=-hour)

    def found(*lists: x509.CertificateRevocationList) -> Revocation:
        return verify_container(made, [ROOT], now=NOW, lists=lists).signers[0].revocation

    assert found() == Revocation("not-checked", "CN=A PERSON")
    assert found(revocations(made=-hour)) == Revocation("not-checked", "CN=Certification centre (test)")
    assert found(revocations(made=-hour), empty_root) == Revocation("good")
    other = (CURVE, -hour, None)
    assert found(revocations(other, made=-hour), empty_root).standing == "good"
    later = found(revocations((PERSON, hour, None), made=hour), empty_root)
    assert (later.standing, later.about) == ("revoked-later", "CN=A PERSON")
    for revoked, by in (
        ((PERSON, -hour, None), "centre"),
        ((PERSON, hour, -hour), "centre"),
        ((CENTRE, -hour, None), "root"),
    ):
        with pytest.raises(Refusal) as caught:
            found(revocations(revoked, by=by, made=hour))
        assert caught.value.code == "cms-revoked"
    stolen = (PERSON, -hour, None)
    for idle in (
        revocations(stolen, by="thief", made=-hour),  # not the issuer's signature
        revocations(stolen, made=-30 * 24 * hour),  # no longer in force when it was signed
        revocations(stolen, made=3 * hour),  # not made yet
        revocations(stolen, made=-hour, partial=True),
    ):
        assert found(idle, empty_root).standing == "not-checked"


def test_lists_come_in_pem_and_der() -> None:
    one, other = revocations(), revocations(by="root")
    both = one.public_bytes(PEM) + other.public_bytes(PEM)
    assert [each.issuer for each in read_lists(both)] == [CENTRE.subject, ROOT.subject]
    assert len(read_lists(one.public_bytes(serialization.Encoding.DER))) == 1
    for wrong in (b"", b"nothing", ROOT.public_bytes(PEM)):
        with pytest.raises(Refusal, match="revocation list"):
            read_lists(wrong)


def test_gost_is_named_and_not_passed_over() -> None:
    for place, identifier, name in (
        ("digest_algorithm", "1.2.643.7.1.1.2.2", "GOST R 34.10/34.11 (1.2.643.7.1.1.2.2)"),
        ("signature_algorithm", "1.2.398.3.10.1.1.1.2", "GOST 34.310-2004 (1.2.398.3.10.1.1.1.2)"),
        ("signature_algorithm", "1.2.398.3.10.1.1.2.3.2", "GOST R 34.10-2015 (1.2.398.3.10.1.1.2.3.2)"),
    ):
        info = asn1.ContentInfo.load(container())
        signer = info["content"]["signer_infos"][0]
        signer[place] = {"algorithm": identifier}
        assert refused("cms-algorithm", info.dump(force=True)) == name


def test_what_is_no_container() -> None:
    for made in (
        b"",
        b"nothing",
        ACT,
        ROOT.public_bytes(serialization.Encoding.DER),
        container()[:-20],
        container() + b"x",
    ):
        refused("cms-malformed", made)
    info = asn1.ContentInfo.load(container())
    info["content"]["signer_infos"] = []
    refused("cms-no-signer", info.dump(force=True))
    info = asn1.ContentInfo.load(container())
    info["content"]["signer_infos"][0]["digest_algorithm"] = {"algorithm": "sha1"}
    refused("cms-algorithm", info.dump(force=True))
    with pytest.raises(Refusal, match="certificate"):
        read_roots(b"nothing")
    assert read_roots(ROOT.public_bytes(PEM)) == read_roots(ROOT.public_bytes(serialization.Encoding.DER)) == [ROOT]


def test_a_container_is_kept_and_nobody_is_named_in_the_log(house: House) -> None:
    made = container()
    said = {"origin": "city.example/log", "author": "agency", "actor": "account:1", "custodian": "agency"}
    with house.database.writing(visible=False) as connection:
        record = keep_container(connection, house.folder, made, title="acceptance act", **said)
        data = entry(connection, record) or b""
        with pytest.raises(Refusal) as caught:
            keep_container(connection, house.folder, made, title="act of 850101400123", **said)
    assert caught.value.code == "evidence-personal"
    assert parse_record(data).kind == "evidence"
    assert b"PERSON" not in data
    kept = list(house.folder.evidence.iterdir())
    assert [file.read_bytes() for file in kept] == [made]
    assert kept[0].name.encode() in data
