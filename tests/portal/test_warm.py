"""Made ready behind the first answers: the libraries of a report are there, and what is missing breaks no server."""

import logging
import subprocess
import sys

from jasyl.portal.house import open_house
from jasyl.portal.warm import warm, warm_behind
from jasyl.storage import open_folder

TRIAL = """
import sys, time
from pathlib import Path
from jasyl.portal.house import open_house
from jasyl.portal.warm import warm_behind
from jasyl.storage import open_folder
thread = warm_behind(open_house(open_folder(Path(sys.argv[1]))))
assert "shapely" not in sys.modules  # nobody has waited for it
thread.join(120)
assert not thread.is_alive()
assert sys.getrecursionlimit() == 1000  # what is nested deeper is refused, not parsed until the stack is full
print(all(name in sys.modules for name in ("duckdb", "pyarrow.parquet", "rasterio", "jasyl.atlas.report.paper")))
"""


def test_what_the_first_report_needs_is_loaded_behind(installation):
    done = subprocess.run(
        [sys.executable, "-c", TRIAL, str(installation)], capture_output=True, text=True, timeout=180, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("True", "")


def test_a_damaged_layer_leaves_the_server_up(installation, tmp_path, caplog):
    import shutil

    copy = shutil.copytree(installation, tmp_path / "data")
    house = open_house(open_folder(copy))
    (record, *_) = sorted(house.folder.atlas.glob("solar.*.json"))
    record.write_bytes(b"{")
    with caplog.at_level(logging.INFO, logger="jasyl.portal"):
        warm(house)
    assert "not made ready" in caplog.text
    thread = warm_behind(house)
    thread.join(60)
    assert not thread.is_alive()
