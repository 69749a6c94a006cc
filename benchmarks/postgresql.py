"""A PostgreSQL server of our own on loopback, for as long as a benchmark needs it."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """The folder of ``initdb`` and ``pg_ctl``, None where PostgreSQL is not installed."""
    on_path = shutil.which("pg_ctl")
    if on_path:
        return Path(on_path).parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return found[-1].parent if found else None


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def server(found: Path) -> Generator[str]:
    """The address of an empty database on a fresh server with its usual settings (fsync on); ended at the end."""
    with tempfile.TemporaryDirectory(prefix="jasyl-pg-", dir="/tmp") as home:
        Path(home).chmod(0o777)
        as_user = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(home, "postgres", "postgres")
            as_user = ["runuser", "-u", "postgres", "--"]
        port, data = free_port(), f"{home}/data"
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, "cwd": home}
        subprocess.run([*as_user, found / "initdb", "-D", data, "-A", "trust", "-U", "jasyl", "-E", "UTF8"], **quiet)
        options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1"
        control = [*as_user, found / "pg_ctl", "-D", data, "-w"]
        subprocess.run([*control, "-o", options, "-l", f"{home}/log", "start"], **quiet)
        try:
            yield f"postgresql+psycopg://jasyl@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
