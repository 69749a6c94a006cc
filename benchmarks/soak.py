"""``make soak``: one server under readers and a writer for some minutes; prints answers, faults, memory and losses.

Usage: python -m benchmarks.soak [SECONDS]. Loopback only, bounded in time and number; ends its server by process id.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from jasyl.people import create_account, new_token
from jasyl.storage import database_of, open_folder

PAGES = ("/", "/facilities", "/facilities.json", "/dynamics", "/regions/KZ-71", "/atlas.json", "/log/checkpoint")
READERS = 3


def run(seconds: float = 120.0) -> None:
    """Serve the starter; read pages and import small files meanwhile; then check the log and count what came in."""
    with tempfile.TemporaryDirectory() as home:
        data = Path(home) / "data"
        jasyl = [sys.executable, "-c", "from jasyl.cli import main; main()"]
        subprocess.run([*jasyl, "init", "--data", data], check=True, stdout=subprocess.DEVNULL)
        folder = open_folder(data)
        database = database_of(folder)
        with database.writing(visible=False) as connection:
            account = create_account(connection, "soak", "a long enough password", frozenset({"agency"}))
            token = new_token(connection, account, "soak", frozenset({"write_registry"}))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = subprocess.Popen([*jasyl, "serve", "--data", data, "--port", str(port)], stdout=subprocess.DEVNULL)
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(base)
            # Libraries are loaded when they are first needed, some 80 MiB in each process: that is no growth.
            _load(base, token, 8)
            before = _memory(server.pid)
            counts = _load(base, token, seconds)
            after = _memory(server.pid)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=20)
        verified = (
            subprocess.run([*jasyl, "ledger", "verify", "--data", data], stdout=subprocess.DEVNULL).returncode == 0
        )
        with database.reading() as connection:
            from sqlalchemy import text

            held = connection.execute(text("select count(*) from facility where key like 'soak-%'")).scalar_one()
        database.close()
    print(f"{seconds:.0f} s: {counts['read']} pages read, {counts['faults']} faults, {counts['written']} files written")
    print(f"facilities acknowledged {counts['written']}, held {held}; log verifies: {verified}")
    print(f"resident memory of the server's processes: {before:.0f} → {after:.0f} MiB")


def _wait(base: str) -> None:
    for _ in range(1200):
        try:
            urllib.request.urlopen(f"{base}/health", timeout=2).read()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError("the server did not answer in two minutes")


def _load(base: str, token: str, seconds: float) -> dict[str, int]:
    counts = {"read": 0, "faults": 0, "written": 0}  # a second call says the facilities of the first once more
    end = time.monotonic() + seconds
    lock = threading.Lock()

    def count(what: str) -> None:
        with lock:
            counts[what] += 1

    def read(first: int) -> None:
        number = first
        while time.monotonic() < end:
            number += 1
            try:
                urllib.request.urlopen(base + PAGES[number % len(PAGES)], timeout=20).read()
                count("read")
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                count("faults")

    def write() -> None:
        while time.monotonic() < end:
            number = counts["written"]
            row = f"key,name,technology,status,region\nsoak-{number},Soak {number},RP.PV,operating,KZ-71\n"
            ask = urllib.request.Request(f"{base}/api/facilities?name=soak.csv", row.encode(), method="POST")
            ask.add_header("Authorization", f"Bearer {token}")
            try:
                urllib.request.urlopen(ask, timeout=20).read()
                count("written")
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                count("faults")
            time.sleep(0.2)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
    threads.append(threading.Thread(target=write))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return counts


def _memory(parent: int) -> float:
    """Resident memory of a process and its children in MiB (Linux)."""
    total = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                status = (folder / "status").read_text()
            except OSError:
                continue
            fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
            if int(folder.name) == parent or int(fields.get("PPid", "0")) == parent:
                total += int(fields.get("VmRSS", "0 kB").split()[0])
    return total / 1024


if __name__ == "__main__":
    os.nice(5)
    run(float(sys.argv[1]) if len(sys.argv) > 1 else 120.0)
