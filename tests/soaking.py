"""The two minutes of ``make soak`` beside the other tests: begun with the run, asked for what came of it at its end.

They are two minutes of the clock and a sixth of one core, so the suite is not longer for them. The process that leads
a run (with xdist the one that has the workers) begins the soak when its test was chosen, and ends it, whatever became
of it, with the run. The test may be any worker's: what passes between them is a folder.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.serving import ROOT, environment

SECONDS, SEED = 120, 7
TEST = "monitoring/test_soak.py::test_acknowledged_is_stored"
# For how long the test waits, when it is alone and the machine is busy with other work.
PATIENCE = 420
_HOME = pytest.StashKey["tempfile.TemporaryDirectory[str]"]()
_RUNNING = pytest.StashKey["subprocess.Popen[bytes]"]()


def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.stash[_HOME] = tempfile.TemporaryDirectory(prefix="jasyl-soak-", ignore_cleanup_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    node.workerinput["soak"] = node.config.stash[_HOME].name


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node, ids):
    _begin(node.config, ids)


def pytest_collection_finish(session):
    if _HOME in session.config.stash and not session.config.option.collectonly:
        _begin(session.config, [item.nodeid for item in session.items])


def pytest_unconfigure(config):
    if _RUNNING in config.stash:
        config.stash[_RUNNING].terminate()
        config.stash[_RUNNING].wait()
    if _HOME in config.stash:
        config.stash[_HOME].cleanup()


def _begin(config, chosen):
    if _RUNNING in config.stash or not any(each.endswith(TEST) for each in chosen):
        return
    home = Path(config.stash[_HOME].name)
    command = [sys.executable, "-m", "benchmarks.soak_readings", "--calm", "--account", home / "account"]
    with (home / "said").open("wb") as said:
        config.stash[_RUNNING] = subprocess.Popen(
            [*command, str(SECONDS), str(SEED)], cwd=ROOT, env=environment(TMPDIR=str(home)),
            stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
        )  # fmt: skip


def account(config):
    """What came of the soak of this run; waits for its end."""
    home = Path(config.workerinput["soak"] if hasattr(config, "workerinput") else config.stash[_HOME].name)
    until = time.monotonic() + PATIENCE
    while not (home / "account").exists():
        assert time.monotonic() < until, (home / "said").read_text()
        time.sleep(0.2)
    came = (home / "account").read_text()
    assert came, (home / "said").read_text()
    return json.loads(came)
