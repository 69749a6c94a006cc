"""A real installation as a new user has it: a starter in a folder, served on loopback by a process of its own."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
JASYL = PROGRAMS / "jasyl"


def environment(**more: str) -> dict[str, str]:
    """The surrounding environment, with ``jasyl`` of this tree first on the path and answers in English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JASYL_", "LC_"))}
    path = os.pathsep.join([str(PROGRAMS), kept.get("PATH", os.defpath)])
    return {**kept, "PATH": path, "PYTHONPATH": str(ROOT / "src"), "JASYL_LANG": "en", **more}


def initialise(data: Path, starter: str = "kazakhstan") -> str:
    """Make ``data`` with ``jasyl init`` and give the administrator's password that it printed."""
    said = subprocess.run(
        [JASYL, "init", "--data", data, "--starter", starter],
        env=environment(), check=True, capture_output=True, text=True, encoding="utf-8",
    ).stdout  # fmt: skip
    found = re.search(r"password: (\S+)", said)
    assert found, said
    return found[1]


@contextmanager
def serving(data: Path) -> Generator[str]:
    """The address of ``jasyl serve`` over ``data``; it and its workers are killed when the block ends.

    Nobody waits for an orderly stop here: that a server stops as it should is seen in ``tests/cli/test_start.py``.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [JASYL, "serve", "--data", data, "--port", str(port), "--workers", "1"],
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
        start_new_session=True,
    )  # fmt: skip
    try:
        _await(process, address)
        yield address
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def free_port() -> int:
    """A loopback port that nobody uses at this moment, and that the kernel gives to no client until a server has it.

    Clients get theirs from 32,768 on; beside hundreds of them a port from there can be gone before it is listened on.
    """
    while True:
        port = 10_000 + secrets.randbelow(22_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _await(process: "subprocess.Popen[str]", address: str) -> None:
    patience = time.monotonic() + 120
    while time.monotonic() < patience:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended at once: {process.communicate()[0]}")
        try:
            if httpx.get(f"{address}/health", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise RuntimeError("the server did not answer within two minutes")
