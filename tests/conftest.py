"""What many tests need: a database of either kind with all tables, and the folder of shared data where there is one."""

import asyncio
import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from jasyl.cli import program
from jasyl.storage import Database, create_folder
from tests.serving import initialise, serving
from tests.tables import postgresql_with_tables, with_tables

# A peer of the tests brings lxml, which openpyxl would then write with; the product has none.
os.environ["OPENPYXL_LXML"] = "False"
# Workers of a Dask cluster fork from one process that has loaded its libraries, instead of each loading them again.
os.environ["DASK_DISTRIBUTED__WORKER__MULTIPROCESSING_METHOD"] = "forkserver"
# Laws are tested, not speed: a busy machine must not make a property fail, and every run tries the same examples.
# To look for new ones: pytest --hypothesis-profile searching
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("searching", deadline=None)
settings.load_profile("steady")
RECURSION_LIMIT = sys.getrecursionlimit()
ROOT = Path(__file__).resolve().parent.parent
pytest_plugins = ("tests.soaking",)
# The files that take longest (30 s and more): begun first, so that no worker is still at one when the others are done.
LONGEST = (
    "manual/test_examples.py",
    "monitoring/test_training.py",
    "gateway/test_end_to_end.py",
    "browser/test_accessibility.py",
    "browser/test_live.py",
    "ledger/test_keeper.py",
    "ledger/test_verify.py",
    "monitoring/test_performance_figures.py",
    "monitoring/test_crashes.py",
    "monitoring/test_mqtt.py",
    "atlas/weather/test_past_one_machine.py",
    "atlas/recompute/test_planner.py",
    "atlas/solar/test_against_atlite.py",
    "cli/test_commands.py",
)
# Waits for what goes on beside all others since the beginning (tests.soaking): asked last.
LAST = "monitoring/test_soak.py"


def pytest_collection_modifyitems(items):
    """The longest files first, the rest in its order (xdist with ``--no-loadscope-reorder`` hands files out so)."""
    place = {ROOT / "tests" / file: number for number, file in enumerate(LONGEST)}
    place[ROOT / "tests" / LAST] = len(place) + 1
    items.sort(key=lambda item: place.get(item.path, len(LONGEST)))


def need(thing, reason):
    """``thing``, or a skip that says what to install; in the full run (JASYL_NO_SKIP) a failure instead."""
    if not thing:
        if os.environ.get("JASYL_NO_SKIP"):
            pytest.fail(reason)
        pytest.skip(reason)
    return thing


@pytest.fixture(autouse=True)
def no_loop_of_a_browser(request):
    """Hides the event loop that an open browser keeps in this thread from every test that is not about the browser.

    Playwright's plain interface leaves its loop marked as running for the whole session; a test of another kind that
    happens to come later on the same worker could then not run a coroutine.
    """
    if "browser" in request.path.parts:
        yield
        return
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


@pytest.fixture(autouse=True)
def pythons_own_recursion_limit():
    """Every test begins with the depth that Python allows, as the product runs.

    A peer of the tests (py_ecc, below a chain) raises the limit to 100,000 when it is imported. Text nested ever deeper
    would after that not be refused but overflow the stack and end the worker, without a word from any fault handler.
    """
    sys.setrecursionlimit(RECURSION_LIMIT)


@pytest.fixture(scope="session")
def shared_data():
    """The folder of real files for comparison; never part of the product."""
    named = os.environ.get("JASYL_SHARED_DATA")
    candidates = [Path(named)] if named else [parent / "shared" / "data" for parent in ROOT.parents]
    found = next((folder for folder in candidates if folder.is_dir()), None)
    if found is None:
        pytest.skip("the shared data folder is absent (set JASYL_SHARED_DATA)")
    return found


def _postgres_binaries():
    on_path = shutil.which("pg_ctl")
    if on_path:
        return Path(on_path).parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return found[-1].parent if found else None


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory):
    """Address of a PostgreSQL server of our own on loopback, ended with the session."""
    binaries = need(_postgres_binaries(), "PostgreSQL is not installed: apt install postgresql postgresql-15-postgis-3")
    home = Path("/tmp") / f"jasyl-pg-{os.getpid()}"
    home.mkdir(mode=0o777)
    as_user = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(home, "postgres", "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = home / "data"
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, "cwd": home}
    subprocess.run(
        [*as_user, binaries / "initdb", "-D", data, "-A", "trust", "-U", "jasyl", "-E", "UTF8", "--no-sync"], **quiet
    )
    options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off"
    subprocess.run(
        [*as_user, binaries / "pg_ctl", "-D", data, "-w", "-o", options, "-l", home / "log", "start"], **quiet
    )
    try:
        yield f"postgresql+psycopg://jasyl@127.0.0.1:{port}"
    finally:
        subprocess.run([*as_user, binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **quiet)
        shutil.rmtree(home, ignore_errors=True)


def once_a_run(tmp_path_factory, name, build):
    """The folder that ``build`` fills: by the first worker of the run that asks for it; the others wait and read it."""
    base = tmp_path_factory.getbasetemp()
    common = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, growing = common / name, common / f"{name}.growing"
    with (common / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            shutil.rmtree(growing, ignore_errors=True)
            growing.mkdir()
            build(growing)
            growing.rename(folder)
    return folder


@pytest.fixture(scope="session")
def starter_folder(tmp_path_factory):
    """A data folder as ``jasyl init`` makes it, the administrator's password in a file beside it. Tests copy it."""

    def build(home):
        (home / "password").write_text(initialise(home / "data"))

    return once_a_run(tmp_path_factory, "starter", build) / "data"


@pytest.fixture(scope="session")
def national_weather(tmp_path_factory):
    """A data folder whose atlas has a made-up year of the country and wind layers built of it; read it or copy it."""

    def build(home):
        from tests.atlas.recompute.national_weather import load_weather

        load_weather(home, create_folder(home / "data", "real"))

    return once_a_run(tmp_path_factory, "weather", build) / "data"


@pytest.fixture(scope="session")
def planning_folder(starter_folder, national_weather, tmp_path_factory):
    """The starter with that weather."""
    data = shutil.copytree(starter_folder, tmp_path_factory.mktemp("planning") / "data")
    return shutil.copytree(national_weather / "atlas", data / "atlas", dirs_exist_ok=True).parent


@pytest.fixture(scope="session")
def served(starter_folder, tmp_path_factory):
    """The address of a server process of its own over a copy of the starter."""
    data = shutil.copytree(starter_folder, tmp_path_factory.mktemp("served") / "data")
    with serving(data) as address:
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request, tmp_path):
    """An empty database with every table: the same tests run on both engines."""
    if request.param == "sqlite":
        made = with_tables(Database(f"sqlite:///{tmp_path}/registry.sqlite"))
    else:
        made = postgresql_with_tables(request.getfixturevalue("postgresql_server"))
    yield made
    made.close()


class Command:
    """The whole command line in this process: exit code, standard output and error as a shell sees them."""

    def __init__(self, capsysbinary, monkeypatch):
        self.capture, self.monkeypatch = capsysbinary, monkeypatch

    def __call__(self, *arguments):
        words = [str(one) for one in arguments]
        self.monkeypatch.setattr("sys.argv", ["jasyl", *words])
        with pytest.raises(SystemExit) as ended:
            program.main(words)
        out, err = self.capture.readouterr()
        self.out, self.err, self.code = out.decode(), err.decode(), ended.value.code
        return self.code

    def json(self, *arguments):
        assert self(*arguments, "--json") == 0, self.err
        return json.loads(self.out)


@pytest.fixture
def jasyl(capsysbinary, monkeypatch):
    """``jasyl("import", file, …)`` gives the exit code; ``jasyl.json(…)`` what it says with ``--json``."""
    return Command(capsysbinary, monkeypatch)
