"""How long somebody waits: for ``jasyl --help``, and for the first answer after a restart of the server."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

COMMAND = [sys.executable, "-c", "from jasyl.cli import main; main()"]


def help_seconds() -> float:
    """The best of five."""
    took: list[float] = []
    for _ in range(5):
        before = time.perf_counter()
        subprocess.run([*COMMAND, "--help"], stdout=subprocess.DEVNULL, check=True)
        took.append(time.perf_counter() - before)
    return min(took)


def restart_seconds(data: Path) -> float:
    """From the command to the first answer of /health."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    before = time.perf_counter()
    asked = [*COMMAND, "serve", "--data", str(data), "--port", str(port)]
    process = subprocess.Popen(asked, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        while time.perf_counter() - before < 60 and process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                    return time.perf_counter() - before
            except OSError:
                time.sleep(0.02)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
    raise RuntimeError("the server did not answer")


def run() -> None:
    print(f"jasyl --help: {help_seconds():.2f} s (target ≤ 0.4 s)")
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "data"
        made = [*COMMAND, "init", "--data", str(data), "--starter", "empty"]
        subprocess.run(made, stdout=subprocess.DEVNULL, check=True)
        restart_seconds(data)  # the first one also writes caches
        print(f"server restart to the first answer: {restart_seconds(data):.2f} s (target ≤ 5 s)")


if __name__ == "__main__":
    run()
