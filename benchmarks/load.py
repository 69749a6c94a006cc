"""A bounded load of HTTP requests on loopback: wrk where it is installed, a small client of our own otherwise."""

import asyncio
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

CONNECTIONS = 16
SECONDS = 5
_NUMBER_OF_WRK = re.compile(r"Requests/sec:\s+([\d.]+)")
_SCRIPT = """
local paths = {%s}
local turn = 0
request = function()
  turn = turn + 1
  return wrk.format("GET", paths[turn %% #paths + 1])
end
"""


def requests_per_second(base: str, paths: Sequence[str]) -> tuple[float, str]:
    """Answers a second to ``paths`` in turn, and what asked. Raises AssertionError when an answer is not 200."""
    asyncio.run(_by_hand(base, paths, 1.0))  # worker processes fill their caches
    if shutil.which("wrk"):
        return _by_wrk(base, paths), f"wrk, {CONNECTIONS} connections"
    return asyncio.run(_by_hand(base, paths, SECONDS)), f"a Python client, {CONNECTIONS} connections"


def _by_wrk(base: str, paths: Sequence[str]) -> float:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_SCRIPT % ", ".join(f'"{path}"' for path in paths))
        script.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", script.name, base]
        said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=SECONDS + 30).stdout
    assert "Non-2xx" not in said, said
    return float(_NUMBER_OF_WRK.search(said)[1])


async def _by_hand(base: str, paths: Sequence[str], seconds: float) -> float:
    address = urlsplit(base)
    until = time.perf_counter() + seconds

    async def ask(first: int) -> int:
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        done = 0
        while time.perf_counter() < until:
            path = paths[(first + done) % len(paths)]
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            await reader.readexactly(int(re.search(rb"content-length: (\d+)", head.lower())[1]))
            done += 1
        writer.close()
        return done

    return sum(await asyncio.gather(*(ask(number * 7) for number in range(CONNECTIONS)))) / seconds
