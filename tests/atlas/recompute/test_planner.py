"""A planner's answers: the same numbers as the layers, the difference to them, kept and shared, refused where wrong."""

import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from jasyl.atlas import build_solar, legend, load, statistics, turbine
from jasyl.atlas.recompute import Planner, Recomputed, SolarSettings, WindSettings, pasted_turbine, written_curve
from jasyl.atlas.solar import recompute as solar_recompute
from jasyl.atlas.solar.mounting import Mounting
from jasyl.atlas.solar.panels import Losses
from jasyl.atlas.weather.store import open_store
from jasyl.atlas.wind.turbine_yield import Losses as WindLosses
from jasyl.places.boundaries import current
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

ALL = SolarSettings(period="all")


@pytest.fixture(scope="module")
def planner(planned: DataFolder) -> Planner:
    return Planner(planned, threads=2)


def test_the_standard_over_all_years_is_the_built_layer(planned: DataFolder, planner: Planner):
    source: Any = open_store(planned, "year")
    (pvout,) = [one for one in build_solar(planned, source) if one.id == "solar.pvout"]
    found = planner.solar(ALL)
    stored = load(planned, pvout.id).values * 0.001
    np.testing.assert_allclose(found.values, stored, atol=0.00051)
    assert found.period == pvout.period
    assert found.inputs == pvout.inputs
    assert found.layer.kind == "modelled"
    assert found.legend().classes == legend("solar.pvout").classes  # the same colours as the layer
    assert not found.band(0, "difference").any()


def test_losses_and_inverter_are_products_and_tilt_is_a_pass(planner: Planner, monkeypatch: pytest.MonkeyPatch):
    standard = planner.solar(ALL)
    calls: list[int] = []
    real = solar_recompute.fold
    monkeypatch.setattr(solar_recompute, "fold", lambda *a, **k: calls.append(1) or real(*a, **k))
    lossy = planner.solar(SolarSettings(inverter=0.98, losses=Losses(0.1, 0.05, 0.99), period="all"))
    assert not calls
    factor = 0.98 / 0.9 * 0.9 * 0.95 * 0.99 / 0.965
    np.testing.assert_allclose(lossy.values, standard.values * factor, rtol=1e-6)
    level = SolarSettings(mounting=Mounting(None, 1.0, 180.0), period="all")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: planner.solar(level), range(4)))
    assert len(calls) == 1  # four users, one pass
    assert all(one is answers[0] for one in answers)
    # Lying flat gives less than the best tilt in every cell so far north.
    assert (answers[0].band(0, "difference") < 0).all()
    # Another process of the same server does not work it out again.
    other = Planner(planner.folder, threads=2)
    assert (other.solar(level).values == answers[0].values).all()
    assert len(calls) == 1


def test_made_ready_it_works_out_nothing_twice(planned: DataFolder, empty: DataFolder, monkeypatch: pytest.MonkeyPatch):
    ready = Planner(planned, threads=2)
    ready.make_ready()
    calls: list[int] = []
    monkeypatch.setattr(solar_recompute, "fold", lambda *a, **k: calls.append(1))
    assert ready.solar().standard is not None
    assert not calls
    Planner(empty).make_ready()  # without weather there is nothing to do


def test_an_answer_cut_on_disk_is_made_again(planner: Planner):
    expected = planner.solar(ALL).values
    for file in (planner.folder.tiles / "recompute").glob("*.npy"):
        file.write_bytes(file.read_bytes()[:100])
    assert (Planner(planner.folder, threads=2).solar(ALL).values == expected).all()


def test_the_last_whole_year_is_the_period_unless_another_is_named(planner: Planner):
    assert planner.solar().settings["period"] == "2023"
    assert planner.solar() is planner.solar(SolarSettings(store="year", period="2023"))
    for settings, code in (
        (SolarSettings(period="1999"), "recompute-period"),
        (SolarSettings(store="x"), "recompute-store"),
    ):
        with pytest.raises(Refusal) as told:
            planner.solar(settings)
        assert told.value.code == code
        assert str(told.value)
    with pytest.raises(Refusal) as told:
        SolarSettings(inverter=1.2)
    assert told.value.code == "inverter-invalid"


def test_regions_are_those_of_the_statistics(planned: DataFolder, planner: Planner):
    found = planner.wind(WindSettings(turbine("V90/2000"), turbine("V90/2000").hub_height()))
    means = planner.regions(found)
    assert [one.place for one in means][:2] == ["KZ", "KZ-10"]
    assert len(means) == 21
    (expected,) = statistics(planned, "wind.capacity_factor", [current(planned).unit("KZ-10").shape])
    assert expected.mean is not None
    assert means[1].values.mean == pytest.approx(expected.mean, abs=0.005)  # a layer keeps two decimals
    assert means[1].standard == pytest.approx(expected.mean)
    assert means[1].difference == pytest.approx(0, abs=0.005)


def test_a_turbine_answers_at_once_and_losses_are_a_product(planner: Planner):
    one = turbine("E-126/4200")
    plain = planner.wind(WindSettings(one, 135.0))
    lossy = planner.wind(WindSettings(one, 135.0, WindLosses(wake=0.1, electrical=0.02)))
    np.testing.assert_allclose(lossy.values, plain.values * 0.9 * 0.98, rtol=1e-6)
    higher = planner.wind(WindSettings(one, 160.0))
    assert (higher.values > plain.values).all()
    thick = planner.wind(WindSettings(one, 135.0, density_correction=False))
    assert np.nanmean(thick.values) > np.nanmean(plain.values)  # thin air on high ground gives less
    assert [source.licence for source in plain.sources] == ["none", "MIT"]
    with pytest.raises(Refusal) as told:
        planner.wind(WindSettings(one, 135.0, scaled=True))
    assert told.value.code == "layer-waiting"


def test_own_curve_as_people_copy_it():
    ours = turbine("V90/2000")
    rows = list(zip(ours.curve.speeds, ours.curve.powers, strict=True))
    lines = {
        "tabs": "\n".join(f"{speed}\t{power / 1000}" for speed, power in rows),
        "commas of decimals": "\n".join(f"{speed};{power / 1000}".replace(".", ",") for speed, power in rows),
        "blanks": "\r\n".join(f"  {speed}   {power / 1000} " for speed, power in rows),
        "a header in megawatts": "Скорость, м/с\tМощность, МВт\n" + "\n".join(f"{s}\t{p / 1e6:.10f}" for s, p in rows),
        "commas": "\n".join(f"{speed},{power / 1000}" for speed, power in rows),
        "the short form": written_curve(ours),
    }
    for how, text in lines.items():
        found = pasted_turbine(text)
        assert found.collection == "own", how
        np.testing.assert_allclose(found.curve.speeds, ours.curve.speeds, err_msg=how)
        np.testing.assert_allclose(found.curve.powers, ours.curve.powers, err_msg=how)
        assert written_curve(found) == written_curve(ours)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "power-curve-points"),
        ("hello", "power-curve-points"),
        ("3 26\n2 73", "power-curve-order"),
        ("3 26\n100 73", "power-curve-speed"),
        ("3 x\n4 y", "not-number"),
        ("\n".join(f"{number / 10} 1" for number in range(200)), "recompute-curve"),
    ],
)
def test_what_is_no_curve_is_refused(text: str, code: str):
    with pytest.raises(Refusal) as told:
        pasted_turbine(text)
    assert told.value.code == code, told.value.code
    assert str(told.value)


def test_a_folder_without_weather_says_what_to_load(empty: DataFolder):
    planner = Planner(empty)
    assert planner.solar_stores() == []
    assert planner.wind_climate() is None
    for ask, code in (
        (planner.solar, "recompute-weather"),
        (lambda: planner.wind(WindSettings(turbine("V90/2000"), 100.0)), "recompute-climate"),
    ):
        with pytest.raises(Refusal) as told:
            ask()
        assert told.value.code == code


def test_a_tile_shows_the_class_of_the_cell_under_each_pixel(planner: Planner):
    found = planner.solar(ALL)
    for view in ("value", "difference"):
        pixels, palette = _pixels(found.tile(0, view, (5, 21, 11)))
        classes = found.legend(0, view).classes
        assert palette[1:] == [entry.colour for entry in classes]
        values = found.band(0, view)
        for y in range(0, 256, 37):
            for x in range(0, 256, 37):
                longitude = 360 * (21 + (x + 0.5) / 256) / 32 - 180
                latitude = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (11 + (y + 0.5) / 256) / 32))))
                cell = found.grid.cell(longitude, float(latitude))
                assert cell is not None
                number = pixels[y, x] - 1
                lower, upper = classes[number].lower, classes[number].upper
                assert lower is None or float(lower) <= values[cell] + 1e-9
                assert upper is None or values[cell] < float(upper) + 1e-9
    with pytest.raises(Refusal):
        found.tile(0, "value", (5, 99, 11))
    with pytest.raises(Refusal):
        found.tile(13, "value", (5, 21, 11))


def test_legends_of_what_the_standard_does_not_reach(planner: Planner):
    turned = planner.solar(
        SolarSettings(mounting=Mounting(tracking="dual"), inverter=1.0, losses=Losses(0, 0, 1), period="all")
    )
    made = turned.legend()
    assert made.classes != legend("solar.pvout").classes
    edges = [float(edge) for edge in made.breaks]
    known = turned.values[0][~np.isnan(turned.values[0])]
    inside = np.count_nonzero((known >= edges[0]) & (known < edges[-1]))
    assert inside >= 0.6 * known.size
    assert len(made.classes) <= 15
    below = turned.legend(0, "difference").breaks
    assert [-edge for edge in reversed(below)] == list(below)  # the same to both sides of zero


def test_a_place(planner: Planner):
    found = planner.solar(ALL)
    answer = found.at(71.4, 51.1)
    assert answer is not None
    values, standard = answer
    assert len(values) == 13
    assert values == standard
    assert found.at(0, 0) is None


def test_without_a_standard_there_is_no_difference(planner: Planner):
    found = planner.solar(ALL)
    alone = Recomputed(
        found.layer, found.difference, found.standard_layer, found.grid, found.values, None, found.period,
        found.settings, found.sources, found.inputs, found.method,
    )  # fmt: skip
    with pytest.raises(Refusal) as told:
        alone.legend(0, "difference")
    assert told.value.code == "recompute-no-standard"
    assert planner.regions(alone)[0].difference is None
    assert alone.at(71.4, 51.1) == (found.at(71.4, 51.1)[0], [None] * 13)  # type: ignore[index]


def _pixels(png: bytes) -> tuple[np.ndarray[Any, Any], list[tuple[int, ...]]]:
    """Palette indices [row, column] and colours of a four-bit PNG."""
    place, palette, packed = 8, [], b""
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        name, body = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        if name == b"PLTE":
            palette = [tuple(body[at : at + 3]) for at in range(0, length, 3)]
        if name == b"IDAT":
            packed += body
        place += 12 + length
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(256, 129)[:, 1:]
    return np.stack([rows >> 4, rows & 15], axis=-1).reshape(256, 256).astype(int), palette
