"""Others played on loopback: an EVM chain behind JSON-RPC, a calendar with a block explorer, an authority of time."""

import datetime as dt
import json
import subprocess
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from jasyl.ledger.anchoring.ots_file import APPEND, SHA256, Step, bitcoin_leaf, encode_tree, pending_leaf

Reply = tuple[int, bytes]


@contextmanager
def served(answer: Callable[[str, str, bytes], Reply]) -> Generator[str]:
    """An HTTP server on loopback that asks ``answer(method, path, body)``; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.reply(self.rfile.read(int(self.headers.get("content-length") or 0)))

        def do_GET(self) -> None:
            self.reply(b"")

        def reply(self, body: bytes) -> None:
            status, content = answer(self.command, self.path, body)
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class Chain:
    """A real EVM (py-evm) with the few methods of JSON-RPC that an anchor asks; ``lie`` changes an answer."""

    def __init__(self, tester: Any) -> None:
        self.tester, self.lock, self.down = tester, threading.Lock(), False
        self.lie: Callable[[str, Any], Any] = lambda method, result: result

    def answer(self, _method: str, _path: str, body: bytes) -> Reply:
        asked = json.loads(body)
        if self.down:
            return 503, b""
        with self.lock:
            try:
                said = {"result": self.lie(asked["method"], self.do(asked["method"], asked["params"]))}
            except (ValueError, TypeError, AssertionError) as error:
                said = {"error": {"code": -32000, "message": str(error)}}
        return 200, json.dumps({"jsonrpc": "2.0", "id": asked["id"], **said}).encode()

    def do(self, method: str, given: list[Any]) -> Any:
        from eth_tester.exceptions import TransactionNotFound
        from eth_utils.exceptions import ValidationError

        one = self.tester
        if method == "eth_chainId":
            return hex(one.backend.chain.chain_id)
        if method == "eth_gasPrice":
            return hex(10**10)
        if method == "eth_blockNumber":
            return hex(one.get_block_by_number("latest")["number"])
        if method == "eth_getTransactionCount":
            return hex(one.get_nonce(given[0]))
        if method == "eth_getCode":
            return one.get_code(given[0])
        if method == "eth_sendRawTransaction":
            try:
                return one.send_raw_transaction(given[0])
            except ValidationError as error:
                raise ValueError(str(error)) from error
        if method == "eth_getBlockByNumber":
            return {"hash": one.get_block_by_number(int(given[0], 16))["hash"]}
        assert method == "eth_getTransactionReceipt"
        try:
            found = one.get_transaction_receipt(given[0])
        except TransactionNotFound:
            return None
        logs = [{name: log[name] for name in ("address", "topics", "data")} for log in found["logs"]]
        return {
            "transactionHash": found["transaction_hash"], "status": hex(found["status"]), "logs": logs,
            "blockNumber": hex(found["block_number"]), "blockHash": found["block_hash"],
        }  # fmt: skip


class Calendar:
    """An OpenTimestamps calendar and an Esplora interface over one mined block."""

    height = 800_000

    def __init__(self) -> None:
        self.url, self.ready, self.seen = "", False, list[bytes]()
        self.false_root = False

    def answer(self, method: str, path: str, body: bytes) -> Reply:
        if method == "POST" and path == "/digest":
            self.seen.append(body)
            return 200, encode_tree((Step(APPEND, b"salt", (Step(SHA256, b"", (pending_leaf(self.url),)),)),))
        promised = sha256(self.seen[-1] + b"salt").digest() if self.seen else b""
        if path == f"/timestamp/{promised.hex()}" and self.ready:
            return 200, encode_tree((Step(APPEND, b"tx", (Step(SHA256, b"", (bitcoin_leaf(self.height),)),)),))
        header = self.header(b"\x00" * 32 if self.false_root else sha256(promised + b"tx").digest())
        name = sha256(sha256(header).digest()).digest()[::-1].hex()
        if path == f"/block-height/{self.height}":
            return 200, name.encode()
        return (200, header.hex().encode()) if path == f"/block/{name}/header" else (404, b"Pending")

    def header(self, root: bytes) -> bytes:
        """An 80-byte header whose hash meets the easiest target there is (regtest: 207fffff)."""
        head = bytes.fromhex("00000020") + bytes(32) + root + (1_700_000_000).to_bytes(4, "little")
        head += bytes.fromhex("ffff7f20")
        for nonce in range(1000):
            whole = head + nonce.to_bytes(4, "little")
            if int.from_bytes(sha256(sha256(whole).digest()).digest(), "little") < 0x7FFFFF << 8 * 29:
                return whole
        raise AssertionError("no nonce")


class Authority:
    """A time-stamping authority: ``openssl ts`` with certificates made here."""

    def __init__(self, folder: Path, *, purpose: bool = True, expired: bool = False) -> None:
        self.folder = folder
        folder.mkdir()
        now = dt.datetime.now(dt.UTC)
        root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        root_name, name = _name("root"), _name("tsa")
        root = _certificate(root_name, root_name, root_key.public_key(), now, now + dt.timedelta(days=3))
        root = root.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        end = now - dt.timedelta(hours=1) if expired else now + dt.timedelta(days=2)
        leaf = _certificate(name, root_name, key.public_key(), now - dt.timedelta(days=1), end)
        wanted = ExtendedKeyUsageOID.TIME_STAMPING if purpose else ExtendedKeyUsageOID.EMAIL_PROTECTION
        leaf = leaf.add_extension(x509.ExtendedKeyUsage([wanted]), critical=True)
        self.roots = root.sign(root_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        signed = leaf.sign(root_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        (folder / "tsa.pem").write_bytes(signed)
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / "tsa.key").write_bytes(secret)
        (folder / "serial").write_text("01\n")
        (folder / "ts.cnf").write_text(
            f"[tsa]\ndefault_tsa=t\n[t]\nserial={folder}/serial\nsigner_cert={folder}/tsa.pem\n"
            f"signer_key={folder}/tsa.key\nsigner_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256\n"
            "accuracy=secs:1\ness_cert_id_chain=no\ness_cert_id_alg=sha256\n"
        )

    def answer(self, _method: str, _path: str, body: bytes) -> Reply:
        (self.folder / "query").write_bytes(body)
        words = ["openssl", "ts", "-reply", "-config", self.folder / "ts.cnf", "-queryfile", self.folder / "query"]
        done = subprocess.run([*words, "-out", self.folder / "reply"], capture_output=True, check=False)
        return (200, (self.folder / "reply").read_bytes()) if done.returncode == 0 else (500, done.stderr)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, start: dt.datetime, end: dt.datetime
) -> x509.CertificateBuilder:
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    start = min(start, end - dt.timedelta(days=1)) - dt.timedelta(minutes=5)
    return made.serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(end)
