"""The service over a small register with readings; asked over ASGI."""

import json

import pytest
from tests.portal.conftest import Browser
from tests.portal.register import copy_register, make_register

from jasyl.portal.app import create_app

BASE = "/sta/v1.1"
AT = 1_767_589_200_000_000  # 2026-01-05T05:00:00Z
HOUR = 3_600_000_000
OM = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
KWH = {"name": "Kilowatt hour", "symbol": "kWh", "definition": "https://ucum.org/#kW.h"}


class Service:
    """Requests of one account."""

    def __init__(self, register):
        self.register = register
        self.browser = Browser(create_app(register.folder, ["127.0.0.1"]))

    def ask(self, method, path, document=None, account="agency", **headers):
        path = path.partition(BASE)[2] if BASE in path else path
        content = (
            document if isinstance(document, bytes) else None if document is None else json.dumps(document).encode()
        )
        sent = {"accept-language": "en", **(self.register.bearer(account) if account else {}), **headers}
        return self.browser.ask(method, BASE + path, content=content, headers=sent)

    def get(self, path, account=None, status=200):
        answered = self.ask("GET", path, account=account)
        assert answered.status_code == status, answered.text
        return answered.json()

    def post(self, path, document, account="agency", status=201):
        answered = self.ask("POST", path, document, account)
        assert answered.status_code == status, answered.text
        return answered.json() if answered.content else None

    def all(self, path, account=None):
        """Every value of a set, page after page."""
        found = []
        while path:
            page = self.get(path, account)
            found += page["value"]
            path = page.get("@iot.nextLink")
        return found


@pytest.fixture(scope="package")
def template(tmp_path_factory):
    made = make_register(tmp_path_factory.mktemp("sta"))
    browser = Browser(create_app(made.folder, ["127.0.0.1"]))
    for series, step, count in (
        ("solar-energy", 900_000_000, 250),
        ("solar-power", HOUR, 60),
        ("wind-energy", HOUR, 60),
    ):
        unit = "kW" if series == "solar-power" else "kW.h"
        readings = [{"series": series, "start": AT + step * place, "value": place % 24} for place in range(count)]
        answered = browser.post(
            "/api/readings", json={"unit": unit, "readings": readings}, headers=made.bearer("agency")
        )
        assert answered.json()["stored"] == count
    hidden = {"series": "hidden-energy", "start": AT, "value": 1, "unit": "kW.h"}
    assert browser.post("/api/readings", json={"readings": [hidden]}, headers=made.bearer("one")).json()["stored"] == 1
    made.database.close()
    return made


@pytest.fixture(scope="module")
def service(template, tmp_path_factory):
    made = Service(copy_register(template, tmp_path_factory.mktemp("served")))
    yield made
    made.register.database.close()


def a_thing(**more):
    """A Thing with everything inside, as a client inserts it at once."""
    point = {"type": "Point", "coordinates": [76.9, 43.25]}
    return {
        "name": "School roof",
        "description": "Panels on a school",
        "properties": {"technology": "RP.PVR", "floor": 3},
        "Locations": [{"name": "Roof", "description": "d", "encodingType": "application/geo+json", "location": point}],
        "Datastreams": [
            {
                "name": "Energy",
                "description": "Energy by the quarter",
                "observationType": OM,
                "unitOfMeasurement": KWH,
                "properties": {"interval_seconds": 900, "kind": "amount", "scale": 0},
                "Sensor": {
                    "name": "M1",
                    "description": "d",
                    "encodingType": "text/html",
                    "metadata": "https://example.org",
                },
                "ObservedProperty": {"name": "Electricity", "description": "d", "definition": "https://example.org/e"},
                "Observations": [
                    {"phenomenonTime": "2026-01-05T05:00:00Z", "result": 1.5},
                    {"phenomenonTime": "2026-01-05T05:15:00Z/2026-01-05T05:30:00Z", "result": 2},
                ],
            }
        ],
        **more,
    }
