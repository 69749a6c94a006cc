"""Certificates in the fields of EnergyTag and CAD Trust: every unit once, in the terms that these schemes demand."""

import csv
import io
import re

import pytest

from jasyl.certificates import SCHEMES, hand_out, known_of, load, scheme_fields, scheme_of
from jasyl.papers import Column, write_csv
from jasyl.texts import Refusal

from .conftest import make_house
from .events import HOUR, START, cancel, expire, export, issue, retire, transfer

TONNE = 1_000_000


@pytest.fixture
def issued(tmp_path):
    """An hour's certificate in four hands and fates, a day's, and avoided carbon of 3.2 t."""
    made = make_house(tmp_path / "data")
    energy, other = made.measure(["4003", "40000000"])
    hour = {"start": START, "end": START + HOUR, "metered": "600", "amount": 600, "remainder": "0"}
    whole = {"start": START + 24 * HOUR, "end": START + 48 * HOUR, "batches": [other]}
    made.act(
        issue("h-1", batches=[energy], about={"source": "solar", "capacity_w": "5000"}, **hour),
        issue("d-1", metered="10000000", amount=10_000_000, remainder="0", **whole),
        issue(
            "k-1", attribute="carbon", factor="8/25", factor_source="grid factor", metered="10000000",
            amount=3_200_000, remainder="0", **whole,
        ),
        transfer(100, 400, certificate="h-1"), retire(100, 150, owner="baker", certificate="h-1"),
        cancel(0, 10, certificate="h-1"), export(500, 600, certificate="h-1", interval_end=START + HOUR),
        transfer(0, 1_500_000, certificate="k-1"), retire(0, TONNE, owner="baker", certificate="k-1"),
    )  # fmt: skip
    yield made
    made.database.close()


def written(house, scheme, **asked):
    """What a stranger reads back from the CSV, and what was handed out."""
    with house.database.reading() as connection:
        made = hand_out(scheme, known_of(connection), house.origin, **asked)
    columns = [Column(field.name, {}) for field in scheme_fields(scheme)]
    text = b"".join(write_csv(columns, made.rows, "en", keys=True)).decode()
    return made, list(csv.DictReader(io.StringIO(text)))


def pieces(house, identity):
    with house.database.reading() as connection:
        (one,) = load(connection, [identity])
    return one.pieces


def test_a_bundle_of_energytag_is_a_piece_of_an_hour(issued):
    made, rows = written(issued, "energytag")
    status = {"held": "Active", "retired": "Cancelled", "cancelled": "Withdrawn"}
    told = [(int(row["bundle_id_range_start"]), int(row["bundle_id_range_end"]) + 1, row["certificate_status"],
             row["account_id"]) for row in rows]  # fmt: skip
    assert told == [
        (one.start, one.end, status[one.standing], one.owner) for one in pieces(issued, "h-1") if one.standing in status
    ]
    assert sum(int(row["bundle_quantity"]) * int(row["face_value"]) for row in rows) == 500  # Wh that are still here
    for row in rows:
        assert int(row["bundle_quantity"]) == int(row["bundle_id_range_end"]) - int(row["bundle_id_range_start"]) + 1
        assert (row["energy_carrier"], row["energy_source"], row["issuing_body"]) == (
            "Electricity",
            "solar",
            issued.origin,
        )
        for stamp in ("production_starting_interval", "production_ending_interval"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row[stamp])
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["expiry_datestamp"])
    assert made.left_out == 1 + 1 + 3  # exported; the day; carbon
    assert {"country_of_issuance", "device_location"} <= set(made.missing)
    assert "hash" not in made.missing  # not demanded


def test_a_unit_of_cad_trust_is_a_whole_tonne(issued):
    made, rows = written(issued, "cad-trust", address="https://registry.example/")
    assert [(row["unitBlockStart"], row["unitBlockEnd"], row["unitCount"], row["unitStatus"], row["unitOwner"])
            for row in rows] == [
        ("k-1:0", "k-1:999999", "1", "Retired", "baker"), ("k-1:1500000", "k-1:2499999", "1", "Held", "solar"),
    ]  # fmt: skip
    assert [row["unitStatusReason"] for row in rows] == ["bakery; scope 2; 2024-10", ""]
    assert {row["unitRegistryLink"] for row in rows} == {"https://registry.example/certificates/k-1"}
    assert all(1900 <= int(row["vintageYear"]) <= 3000 for row in rows)
    assert made.left_out == 1 + 6 + 1  # half a tonne in one hand; the hour; the day
    assert {"countryJurisdictionOfOwner", "correspondingAdjustmentStatus"} <= set(made.missing)


def test_what_expired_and_schemes_nobody_knows(issued):
    issued.act(expire("h-1"))
    _, rows = written(issued, "energytag")
    assert {row["certificate_status"] for row in rows} == {"Expired", "Cancelled", "Withdrawn"}
    with pytest.raises(Refusal, match="verra"):
        scheme_of("verra")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_field_is_filled_or_says_why_not(scheme):
    fields = scheme_fields(scheme)
    assert len({one.name for one in fields}) == len(fields)
    assert all(one.ours or one.note for one in fields)
