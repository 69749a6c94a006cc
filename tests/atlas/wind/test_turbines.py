"""The turbines of the package against the two packages they come from."""

import csv
import warnings
from importlib.resources import files

import numpy as np
import pytest

from jasyl.atlas import turbine, turbines
from jasyl.texts import Refusal


def test_all_of_windpowerlib():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from windpowerlib import WindTurbine, get_turbine_types
    listed = get_turbine_types(print_out=False, filter_=False)
    names = sorted(listed[listed["has_power_curve"]]["turbine_type"])
    ours = {name: one for name, one in turbines().items() if one.collection == "windpowerlib"}
    assert sorted(ours) == names
    assert len(names) == 67
    for name in names:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pandas 3.1 deprecates an argument that windpowerlib uses
            theirs = WindTurbine(hub_height=100, turbine_type=name)
        assert ours[name].rated == theirs.nominal_power
        assert list(ours[name].curve.speeds) == theirs.power_curve["wind_speed"].tolist()
        np.testing.assert_allclose(ours[name].curve.powers, theirs.power_curve["value"], rtol=1e-12)


def test_all_of_atlite():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from atlite.resource import get_windturbineconfig, windturbines
    ours = {name: one for name, one in turbines().items() if one.collection == "atlite"}
    assert sorted(ours) == sorted(windturbines)
    assert len(ours) == 27
    for name, one in ours.items():
        theirs = get_windturbineconfig(name)
        assert one.rated == pytest.approx(theirs["P"] * 1e6)
        assert one.hub_heights == (theirs["hub_height"],)
        np.testing.assert_allclose(one.curve.closed[0][-len(theirs["V"]) :], theirs["V"])
        np.testing.assert_allclose(one.curve.closed[1][-len(theirs["POW"]) :] / 1e6, theirs["POW"])


def test_heights_licence_and_what_was_cut_short():
    assert turbine("ENO114/3500").hub_heights == (92, 127.5, 142)
    assert turbine("GE100/2500").hub_heights == (75, 85)
    assert turbine("vestas_v112_3mw").hub_height() == 80
    assert turbine("E-126/4200").hub_height() == 99
    assert turbine("E-126/4200").hub_height(159) == 159
    assert {one.licence for one in turbines().values()} == {"MIT", "CC BY 4.0"}
    assert [name for name, one in turbines().items() if one.cut_short] == ["V90/2000"]
    data = turbine("V126/3450").as_data()
    assert data["rotor_diameter_m"] == 126
    assert data["cut_out_m_s"] == 22.5
    assert data["collection"] == "windpowerlib 0.2.2"


def test_unknown_names_and_heights():
    with pytest.raises(Refusal, match="Vestas_V112_3MW"):
        turbine("Vestas V112")
    with pytest.raises(Refusal, match="turbine"):
        turbine("???")
    with pytest.raises(Refusal):
        turbine("V112/3000").hub_height()  # its collection states none
    with pytest.raises(Refusal):
        turbine("V112/3000").hub_height(3000)


def test_sources_are_listed():
    rows = list(csv.DictReader((files("jasyl.facts") / "data" / "sources.csv").read_text("utf-8").splitlines()))
    listed = {file for row in rows for file in row["files"].split()}
    assert {"atlas/wind/data/turbines.json", "atlas/climate/data/normals.csv"} <= listed
