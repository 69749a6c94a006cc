"""EVM chains: one event a day, ``Anchored(bytes32 origin, address sender, uint256 size, bytes32 root)``.

The contract has no state and no owner; it writes down who called it. Its runtime, byte by byte::

    60 40  60 20  60 00  37     memory[0:64] = calldata[32:96]         size, root
    33                          caller                                 third topic
    60 00  35                   calldata[0:32], SHA-256 of the origin  second topic
    7f <32 bytes>               Keccak-256 of the signature            first topic
    60 40  60 00  a3            LOG3(memory[0:64], …)
    00                          STOP

and before it, at creation: ``60 32 60 0c 60 00 39 60 32 60 00 f3``: copy those 50 bytes to memory and return them.
Strangers look for the event by contract, origin and sender; the sender's address stands in the log's own records.

An endpoint is believed only as far as it agrees with itself and with all others that are named: chain id, hash of
our transaction, event, canonical block at that height, depth. It cannot make us pay more
than the limit of the settings.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

from jasyl.intake.outgoing import Limits, for_operator
from jasyl.texts import Refusal

from ..checkpoint import Checkpoint
from .states import Fixed

EVENT = "Anchored(bytes32,address,uint256,bytes32)"
EVENT_TOPIC = bytes.fromhex("10a9b6d176f4b3d1265bee9bd88ce3edfc2df8e0e3c6bbf12eee52df2f99425a")
RUNTIME = bytes.fromhex("6040602060003733600035") + b"\x7f" + EVENT_TOPIC + bytes.fromhex("60406000a300")
CREATION = bytes([0x60, len(RUNTIME), 0x60, 0x0C, 0x60, 0x00, 0x39, 0x60, len(RUNTIME), 0x60, 0x00, 0xF3]) + RUNTIME
GAS_CALL, GAS_CREATION = 60_000, 150_000
_LIMITS = Limits(size=1024 * 1024, seconds=20, idle=10, redirects=0)


@dataclass(frozen=True)
class Evm:
    """A chain behind ``urls`` (JSON-RPC; all must agree before anything is confirmed).

    ``depth`` blocks confirm, the one with the transaction counted; ``gas_price_limit`` in wei; ``key`` the account's
    32 bytes, empty where only checking is done.
    """

    urls: tuple[str, ...]
    chain: int
    contract: str
    key: bytes
    depth: int = 12
    gas_price_limit: int = 200_000_000_000

    @property
    def address(self) -> str:
        """The account that pays. Raises Refusal ``anchor-no-signer``."""
        return str(_account().from_key(self.key).address)

    def deploy(self) -> tuple[str, str]:
        """Send the contract's creation; its address to be, and the transaction."""
        nonce = self._number(self.urls[0], "eth_getTransactionCount", self.address, "pending")
        sent, _ = self._send(CREATION, GAS_CREATION, nonce, None)
        return _contract_address(self.address, nonce), sent

    def deployed(self) -> bool:
        """Whether every endpoint shows the runtime of the contract at its address."""
        return all(_bytes(self._call(url, "eth_getCode", self.contract, "latest")) == RUNTIME for url in self.urls)

    def submit(self, head: Checkpoint) -> Fixed:
        """Send the event's transaction; pending until it is ``depth`` blocks deep."""
        if not self.deployed():
            raise Refusal("anchor-contract", received=self.contract)
        nonce = self._number(self.urls[0], "eth_getTransactionCount", self.address, "pending")
        sent, raw = self._send(_call_data(head), GAS_CALL, nonce, self.contract)
        payload = {"chain": self.chain, "contract": self.contract, "sender": self.address, "transaction": sent}
        return Fixed("pending", raw, dict(payload))

    def check(self, head: Checkpoint, held: Fixed) -> Fixed:
        """Confirmed when every endpoint has the event deep enough in its chain; pending again when one lost it, and
        then the same transaction is sent once more."""
        sent, sender = str(held.payload["transaction"]), str(held.payload["sender"])
        found = [self._depth(url, head, sent, sender) for url in self.urls]
        payload = {name: value for name, value in held.payload.items() if name not in {"block", "height", "reason"}}
        if any(one is None for one in found):
            if all(one is None for one in found):
                self._rebroadcast(held.receipt)
            return Fixed("pending", held.receipt, payload)
        blocks = [one for one in found if one is not None]
        if len({(block, height) for _, block, height in blocks}) != 1:
            raise Refusal("anchor-lies", received=sent)
        depth, block, height = min(blocks)
        shown = payload | {"block": block, "height": height}
        return Fixed("confirmed" if depth >= self.depth else "pending", held.receipt, shown)

    def _depth(self, url: str, head: Checkpoint, sent: str, sender: str) -> tuple[int, str, int] | None:
        """Depth, block and height of the event as one endpoint has it; None when it has no such transaction."""
        if self._number(url, "eth_chainId") != self.chain:
            raise Refusal("anchor-lies", received=f"chain of {_host(url)}")
        receipt = self._call(url, "eth_getTransactionReceipt", sent)
        if receipt is None:
            return None
        given = _mapping(receipt)
        logs = given.get("logs")
        wanted = (self.contract.lower(), _topics(head, sender), head.size.to_bytes(32) + head.root)
        has = isinstance(logs, list) and any(_event(_mapping(one)) == wanted for one in cast("list[Any]", logs))
        same = str(given.get("transactionHash", "")).lower() == sent.lower()
        if not same or _int(given.get("status")) != 1 or not has:
            raise Refusal("anchor-lies", received=sent)
        height, block = _int(given.get("blockNumber")), str(given.get("blockHash", "")).lower()
        canonical = self._call(url, "eth_getBlockByNumber", hex(height), False)
        if canonical is None or str(_mapping(canonical).get("hash", "")).lower() != block:
            return None  # its block was left behind by a reorganisation
        return self._number(url, "eth_blockNumber") - height + 1, block, height

    def _rebroadcast(self, raw: str) -> None:
        for url in self.urls:
            try:
                self._call(url, "eth_sendRawTransaction", raw)
            except Refusal:  # known already, or its number is taken: the next check will tell
                continue

    def _send(self, data: bytes, gas: int, nonce: int, to: str | None) -> tuple[str, str]:
        if self._number(self.urls[0], "eth_chainId") != self.chain:
            raise Refusal("anchor-lies", received=f"chain of {_host(self.urls[0])}")
        price = self._number(self.urls[0], "eth_gasPrice")
        if price > self.gas_price_limit:
            raise Refusal("anchor-too-dear", received=price, expected=self.gas_price_limit)
        transaction: dict[str, Any] = {
            "nonce": nonce, "gasPrice": price, "gas": gas, "value": 0, "data": data, "chainId": self.chain,
        }  # fmt: skip
        if to is not None:
            transaction["to"] = _bytes(to)
        signed = _account().sign_transaction(transaction, self.key)
        raw, own = "0x" + bytes(signed.raw_transaction).hex(), "0x" + bytes(signed.hash).hex()
        said = self._call(self.urls[0], "eth_sendRawTransaction", raw)
        if str(said).lower() != own:
            raise Refusal("anchor-lies", received=own)
        return own, raw

    def _number(self, url: str, method: str, *parameters: object) -> int:
        return _int(self._call(url, method, *parameters))

    def _call(self, url: str, method: str, *parameters: object) -> object:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": list(parameters)}).encode()
        answer = for_operator(url, _LIMITS).request(
            "POST", url, headers={"Content-Type": "application/json"}, body=body
        )
        try:
            said = json.loads(answer.body) if answer.status == 200 else None
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict) or "result" not in said:
            error = cast("dict[str, Any]", said).get("error") if isinstance(said, dict) else f"HTTP {answer.status}"
            raise Refusal("anchor-rpc", received=method, reason=str(error)[:160])
        return cast("dict[str, object]", said)["result"]


def _call_data(head: Checkpoint) -> bytes:
    return sha256(head.origin.encode()).digest() + head.size.to_bytes(32) + head.root


def _topics(head: Checkpoint, sender: str) -> tuple[bytes, ...]:
    return EVENT_TOPIC, sha256(head.origin.encode()).digest(), bytes(12) + _bytes(sender)


def _event(given: Mapping[str, Any]) -> tuple[str, tuple[bytes, ...], bytes]:
    topics = given.get("topics")
    listed = tuple(_bytes(one) for one in cast("list[Any]", topics)) if isinstance(topics, list) else ()
    return str(given.get("address", "")).lower(), listed, _bytes(given.get("data"))


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Refusal("anchor-rpc", received=str(value)[:60], reason="{…}")
    return cast("Mapping[str, Any]", value)


def _int(value: object) -> int:
    try:
        text = str(value)
        return int(text, 16) if text.startswith("0x") and len(text) <= 66 else int("")
    except ValueError:
        raise Refusal("anchor-rpc", received=str(value)[:60], reason="0x…") from None


def _bytes(value: object) -> bytes:
    try:
        return bytes.fromhex(str(value).removeprefix("0x"))
    except ValueError:
        raise Refusal("anchor-rpc", received=str(value)[:60], reason="0x…") from None


def _host(url: str) -> str:
    return url.split("/")[2] if url.count("/") >= 2 else url


def _account() -> Any:
    try:
        from eth_account import Account  # noqa: PLC0415
    except ImportError:
        raise Refusal("anchor-no-signer") from None
    return Account


def _contract_address(sender: str, nonce: int) -> str:
    """Keccak-256 of RLP([sender, nonce]), the last 20 bytes."""
    from eth_utils.crypto import keccak  # noqa: PLC0415

    number = b"\x80" if nonce == 0 else bytes([nonce]) if nonce < 0x80 else b""
    if not number:
        body = nonce.to_bytes((nonce.bit_length() + 7) // 8)
        number = bytes([0x80 + len(body)]) + body
    inner = b"\x94" + _bytes(sender) + number
    return "0x" + keccak(bytes([0xC0 + len(inner)]) + inner)[12:].hex()
