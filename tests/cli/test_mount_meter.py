"""A change of meter that is told late: amounts, figures and the statements that rest on them follow at once."""

import json
import subprocess

import numpy as np
import pytest
from tests.monitoring.world import SOURCE, a_database, at
from tests.serving import JASYL, environment

from jasyl.figures import publish
from jasyl.ledger import create_keys, log_origin
from jasyl.monitoring import Batch, append, bring_up_to_date, definitions, make_figure
from jasyl.people import OPERATOR
from jasyl.registry import Provenance, Statement, add_series, facility_by_key, record
from jasyl.storage import create_folder

SAYS = Provenance("a test", "test", "high")
HOUR = 3_600_000_000
MARCH = at("2024-03-02 19:00")
NOW = at("2024-05-01 00:00")


@pytest.fixture
def folder(tmp_path):
    made = create_folder(tmp_path / "data", "real")
    database = a_database(made)
    create_keys(made)
    with database.writing() as connection:
        record(
            connection, "facility", [Statement("p", {"name": "p", "technology": "RP.PV", "status": "operating"}, SAYS)]
        )
        plant = facility_by_key(connection, "p", OPERATOR)
        add_series(
            connection, "register", SAYS, facility_id=plant["id"], quantity="electricity_generated", unit="W.h",
            interval_seconds=3600, kind="counter",
        )  # fmt: skip
        defined = definitions(connection)
    # 100 Wh an hour; at noon of the first day a new meter begins at 50, which nobody told.
    value = np.arange(72) * 100 + 10_000
    value[12:] += 50 - value[12]
    hours = MARCH + np.arange(72) * HOUR
    append(database, made, defined, Batch(np.ones(72, np.int64), hours, value, SOURCE, None), NOW)
    bring_up_to_date(database, made, NOW, author="operator")
    with database.writing() as connection:
        plant = facility_by_key(connection, "p", OPERATOR)
        stored = make_figure(connection, plant, "electricity.generated", "2024-03-03", "observed", NOW)
        made_public = publish(connection, stored.id, "analyst", NOW, log_origin=log_origin(made), signers=())
    database.close()
    return made, stored.figure.value, made_public.id


def test_figures_follow_and_the_statement_is_named(folder):
    made, before, statement = folder
    assert before == 2300  # the step over the change is missing
    words = [
        JASYL, "monitor", "mount-meter", "register", "--since", "2024-03-03T11:30+05:00", "--serial", "B", "--unit",
        "W.h", "--first", "0", "--last", "11150", "--data", str(made.path),
    ]  # fmt: skip
    done = subprocess.run([*words, "--json"], env=environment(), capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    (changed,) = said["changed_figures"]
    assert (float(changed["before"]), float(changed["after"])) == (2300, 2400)
    assert [one["id"] for one in said["outdated_statements"]] == [statement]
    again = subprocess.run(words, env=environment(), capture_output=True, text=True, check=True)
    assert "B" in again.stdout
