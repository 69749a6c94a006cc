"""The program without its start: ``jasyl`` as a fork of a process that has loaded the libraries once.

An example of the manual asks the program many times, and each time most of the work is loading what it is made of. The
server here loads that once and answers every call by a fork of itself, with the arguments, the folder, the surroundings
and the three streams of the caller. What the command does is the same from the first line of ``jasyl.cli.main`` on.

Called with the path of a socket, this file is the server: it prints a line when it is ready and ends with SIGTERM.
"""

import contextlib
import importlib
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import textwrap
from collections.abc import Generator
from pathlib import Path

FORKING = multiprocessing.get_context("fork")
LOADED_ONCE = (
    "alembic.command", "duckdb", "ibis", "jasyl.atlas", "jasyl.certificates", "jasyl.circular.reconciliation",
    "jasyl.cities", "jasyl.cli", "jasyl.emissions", "jasyl.indicators", "jasyl.monitoring", "jasyl.registry", "numba",
    "openpyxl", "pandas", "pyarrow.parquet", "rasterio", "scipy.optimize", "shapely",
)  # fmt: skip
_CALLER = """\
    #!{python} -IS
    import json, os, socket, sys
    with socket.socket(socket.AF_UNIX) as program:
        program.connect({address!r})
        call = json.dumps([sys.argv, os.getcwd(), dict(os.environ)]).encode()
        socket.send_fds(program, [call[:1]], [0, 1, 2])
        program.sendall(call[1:])
        program.shutdown(socket.SHUT_WR)
        said = b"".join(iter(lambda: program.recv(8), b""))
    sys.exit(int(said))
"""


@contextlib.contextmanager
def program_in_forks(folder: Path, surroundings: dict[str, str]) -> Generator[Path]:
    """A folder with a ``jasyl`` for the path; ``folder`` is new, its path short enough for a socket's name."""
    address = str(folder / "socket")
    caller = folder / "jasyl"
    caller.write_text(textwrap.dedent(_CALLER).format(python=sys.executable, address=address))
    caller.chmod(0o755)
    command = [sys.executable, __file__, address]
    with subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout
            assert server.stdout.readline() == b"ready\n"
            yield folder
        finally:
            server.terminate()


def _serve(address: str) -> None:
    for name in LOADED_ONCE:
        importlib.import_module(name)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        print("ready", flush=True)
        while True:
            caller, _ = door.accept()
            # Such forks leave at once when all is written: taking apart what was loaded would take most of a second.
            FORKING.Process(target=_answer, args=(caller,)).start()
            caller.close()


def _answer(caller: socket.socket) -> None:
    """In the fork: takes the caller's place, runs the command and says how it ended."""
    call, streams, _, _ = socket.recv_fds(caller, 1, 3)
    arguments, folder, surroundings = json.loads(call + b"".join(iter(lambda: caller.recv(1 << 16), b"")))
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(surroundings)
    sys.argv[:] = arguments
    from jasyl.cli import main

    ended = 1
    with open(0, encoding="utf-8") as sys.stdin:
        try:
            main()
        except SystemExit as leaving:
            ended = leaving.code or 0
        finally:
            sys.stdout.flush()
            caller.sendall(str(ended).encode())


if __name__ == "__main__":
    _serve(sys.argv[1])
