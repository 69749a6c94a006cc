"""frost_sta_client, as its users use it, against a server process on loopback."""

import datetime as dt

import frost_sta_client as fsc
import pytest
from frost_sta_client.service.auth_handler import AuthHandler
from geojson import Point
from tests.portal.register import copy_register
from tests.portal.sensorthings.conftest import OM
from tests.serving import serving

SERIES = [dt.datetime(2026, 1, 5, 5, 0, tzinfo=dt.UTC) + dt.timedelta(minutes=15 * step) for step in range(230)]


class Bearer(AuthHandler):
    """Our tokens instead of a password."""

    def __init__(self, token):
        super().__init__("user", "password")
        self.token = token

    def add_auth_header(self):
        def add(request):
            request.headers["Authorization"] = f"Bearer {self.token}"
            return request

        return add


@pytest.fixture(scope="module")
def client(template, tmp_path_factory):
    register = copy_register(template, tmp_path_factory.mktemp("frost"))
    register.database.close()
    with serving(register.folder.path) as address:
        yield fsc.SensorThingsService(f"{address}/sta/v1.1", auth_handler=Bearer(register.tokens["one"]))


@pytest.mark.filterwarnings("ignore:furl.pathstr")
def test_a_client_creates_reads_filters_pages_and_updates(client):
    thing = fsc.Thing(name="Weather mast", description="On the roof", properties={"owner": "school"})
    thing.locations = [
        fsc.Location(name="Roof", description="d", encoding_type="application/geo+json", location=Point((76.95, 43.24)))
    ]
    unit = fsc.UnitOfMeasurement(name="degree Celsius", symbol="°C", definition="https://ucum.org/#Cel")
    stream = fsc.Datastream(
        name="Air",
        description="Air temperature",
        observation_type=OM,
        unit_of_measurement=unit,
        properties={"interval_seconds": 900},
    )
    stream.sensor = fsc.Sensor(name="PT100", description="d", encoding_type="text/html", metadata="https://example.org")
    stream.observed_property = fsc.ObservedProperty(
        name="Air temperature", definition="https://example.org/t", description="d"
    )
    thing.datastreams = [stream]
    client.create(thing)
    assert isinstance(thing.id, str)
    found = client.things().find(thing.id)
    assert found.name == "Weather mast" and found.properties["owner"] == "school"
    streams = found.get_datastreams().query().list()
    assert [each.name for each in streams] == ["Air"]
    air = streams.get(0)

    client.create(fsc.Observation(phenomenon_time=SERIES[0].isoformat(), result=-5.5, datastream=air))
    array = fsc.model.ext.data_array_value.DataArrayValue()
    array.components = {array.Property.PHENOMENON_TIME, array.Property.RESULT}
    array.datastream = air
    for at, moment in enumerate(SERIES[1:], 1):
        array.add_observation(fsc.Observation(phenomenon_time=moment.isoformat(), result=at / 8, datastream=air))
    document = fsc.model.ext.data_array_document.DataArrayDocument()
    document.add_data_array_value(array)
    made = client.observations().create(document)
    assert len(made) == 229

    listed = air.get_observations().query().orderby("phenomenonTime", "asc").top(50).list()
    assert [each.result for each in listed] == [-5.5, *(at / 8 for at in range(1, 230))]
    warm = (
        air.get_observations().query().filter("result gt 28 and phenomenonTime lt 2026-01-07T14:00:00Z").count().list()
    )
    assert len(list(warm)) == warm.count > 0
    expanded = (
        client.things()
        .query()
        .filter("name eq 'Weather mast'")
        .expand("Datastreams($expand=Observations($top=3)),Locations")
        .list()
    )
    one = next(iter(expanded))
    assert len(one.datastreams.get(0).observations.entities) == 3 and one.locations.get(0).location["coordinates"] == [
        76.95,
        43.24,
    ]

    found.description = "Moved"
    client.update(found)
    client.patch(found, [{"op": "replace", "path": "/name", "value": "Mast 2"}])
    again = client.things().find(thing.id)
    assert (again.name, again.description) == ("Mast 2", "Moved")
    reading = air.get_observations().query().orderby("phenomenonTime", "asc").top(1).list().get(0)
    client.patch(reading, [{"op": "replace", "path": "/result", "value": -6}])
    whole = client.observations().find(reading.id)
    assert whole.result == -6
    whole.result = -6.5
    client.update(whole)
    assert client.observations().find(reading.id).result == -6.5
    sensor = fsc.Sensor(name="spare", description="d", encoding_type="text/html", metadata="m")
    client.create(sensor)
    client.delete(sensor)
