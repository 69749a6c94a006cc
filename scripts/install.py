"""Installs a hashed lock and this package into the running environment, with progress and one clear sentence on failure.

``--alone`` leaves this package out: the environment of Spark holds Spark only.
"""

import subprocess
import sys
import time
from pathlib import Path

lock = sys.argv[1]
pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
wanted = sum(1 for line in Path(lock).read_text(encoding="utf-8").splitlines() if "==" in line)
print(f"Installing up to {wanted} packages from {lock} (hashes checked) …", flush=True)
begin = time.monotonic()
log = Path(sys.prefix) / "install.log"
with log.open("w", encoding="utf-8") as out:
    process = subprocess.Popen(
        [*pip, "--require-hashes", "--no-deps", "--progress-bar", "off", "-r", lock],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    seen = 0
    for line in process.stdout or ():
        out.write(line)
        if line.startswith(("Collecting ", "Requirement already")):
            seen += 1
            if sys.stdout.isatty():
                print(f"\r  {seen}/{wanted} {line.split()[1][:40]:40}", end="", flush=True)
    code = process.wait()
print(end="\r" if sys.stdout.isatty() else "", flush=True)
if code:
    said = log.read_text(encoding="utf-8")
    if any(
        sign in said
        for sign in (
            "Temporary failure",
            "NewConnectionError",
            "No matching distribution",
            "Name or service",
            "ConnectTimeout",
            "Connection refused",
        )
    ):
        sys.exit(
            f"The Python package registry cannot be reached, or lacks a package. Check the network or pip's index setting; details: {log}"
        )
    if "HASHES" in said or "hash" in said.lower():
        sys.exit(f"A downloaded package is not the one in {lock} (hash differs). Nothing was installed; details: {log}")
    sys.exit(
        f"Installing failed; the last line was: {said.strip().splitlines()[-1] if said.strip() else '?'} (details: {log})"
    )
if "--alone" not in sys.argv:
    subprocess.run([*pip, "-q", "--no-deps", "--no-build-isolation", "-e", "."], check=True)
print(f"  done in {time.monotonic() - begin:.0f} s", flush=True)
