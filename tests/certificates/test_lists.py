"""Totals that add up, the residual mix, hashes by which registries find double counting, fields of other standards."""

from fractions import Fraction

import pytest

from jasyl.certificates import (
    STANDINGS,
    attribute_hashes,
    beginning_of,
    certificates,
    due,
    energytag,
    events_of,
    guarantee_of_origin,
    load,
    months_after,
    residual_mix,
    totals,
    tracked,
)  # fmt: skip
from jasyl.quantities import instant
from jasyl.texts import Refusal

from .events import DAY, EXPIRES, HOUR, START, cancel, expire, export, import_, issue, retire, transfer

SOLAR = {"source": "solar", "device_name": "Plant", "capacity_w": 5_000_000, "commissioned": "2020-05"}


@pytest.fixture
def lived(house):
    (batch,) = house.measure()
    house.act(issue(batches=[batch], about=SOLAR), transfer(0, 400), retire(0, 100, owner="baker"), cancel(400, 450))
    house.act(export(500, 600), import_())
    return house


def test_totals_add_up(lived):
    with lived.database.reading() as connection:
        (row,) = totals(connection)
        assert row["issued"] == 1200 == sum(row[name] for name in STANDINGS)
        assert (row["retired"], row["cancelled"], row["exported"]) == (100, 50, 100)
        assert [one.facts.id for one in certificates(connection, owner="solar")] == ["c-1"]
        assert {one.facts.id for one in certificates(connection, owner="baker", attribute="electricity")} == {
            "c-1", "i-1",
        }  # fmt: skip
        assert [one.name for one in events_of(connection, certificate="c-1")] == [
            "export", "cancel", "retire", "transfer", "issue",
        ]  # fmt: skip
        assert events_of(connection, name="retire")[0].said["beneficiary"] == "bakery"
        assert due(connection, EXPIRES - 1) == []
        assert due(connection, EXPIRES) == ["c-1", "i-1"]
        assert beginning_of(connection, "nothing") is None


def test_the_residual_mix_takes_back_what_fell_back(lived):
    lived.act(expire())
    with lived.database.reading() as connection:
        assert tracked(connection, "electricity", START, START + DAY) == {"solar": (1000, 800)}
        assert tracked(connection, "electricity", START + DAY, START + 2 * DAY) == {}
        mix = residual_mix({"solar": 1500, "coal": 8700}, tracked(connection, "electricity", START, START + DAY))
    assert [(one.source, one.tracked, one.residual) for one in mix] == [("coal", 0, 8700), ("solar", 200, 1300)]
    assert [one.share for one in mix] == [Fraction(87, 100), Fraction(13, 100)]
    with pytest.raises(Refusal, match="more was issued"):
        residual_mix({"solar": 999}, {"solar": (1000, 0)})
    assert residual_mix({}, {"": (0, 0)})[0].share is None


def test_two_registries_find_the_same_energy_sold_twice():
    """One certifies the day, the other an hour of it: one hash in common; another hour, device or attribute: none."""
    ours = set(attribute_hashes("electricity", "KZ-PLANT-1", START, START + DAY))
    assert len(ours) == 24
    for attribute, device, start, shared in (
        ("electricity", "KZ-PLANT-1", START + 5 * HOUR, 1),
        ("electricity", "KZ-PLANT-1", START + DAY, 0),
        ("electricity", "KZ-PLANT-2", START + 5 * HOUR, 0),
        ("carbon", "KZ-PLANT-1", START + 5 * HOUR, 0),
    ):
        assert len(ours & set(attribute_hashes(attribute, device, start, start + HOUR))) == shared
    # By hand, with nothing of ours: printf 'jasyl-attribute/1\nelectricity\nX\n1970-01-01T00:00:00Z\n' | sha256sum
    import hashlib

    said = b"jasyl-attribute/1\nelectricity\nX\n1970-01-01T00:00:00Z\n"
    assert list(attribute_hashes("electricity", "X", 0, HOUR)) == [hashlib.sha256(said).hexdigest()]


def test_fields_of_other_standards(lived):
    with lived.database.reading() as connection:
        for identity, issuer in (("c-1", "city.example/log"), ("i-1", "abroad.example/log")):
            (one,), event = load(connection, [identity]), beginning_of(connection, identity)
            tag, origin = energytag(one, event, lived.origin), guarantee_of_origin(one, event, lived.origin)
            assert tag["issuing_body"] == origin["issuer"] == issuer
            assert tag["unit"] == "Wh"
            assert tag["quantity"] == one.facts.amount
            assert tag["production_starting_interval"] == origin["production_start"] == "2024-10-04T00:00:00Z"
            assert (tag["energy_source"], tag["device_capacity_w"]) == (
                ("solar", 5_000_000) if identity == "c-1" else (None, None)
            )
            assert origin["whole_mwh"] == 0


def test_months():
    assert instant(months_after(START, 12)).isoformat() == "2025-10-04T00:00:00+00:00"
    january = 1_738_281_600_000_000  # 2025-01-31
    assert instant(months_after(january, 1)).isoformat() == "2025-02-28T00:00:00+00:00"
    assert instant(months_after(january, 18)).isoformat() == "2026-07-31T00:00:00+00:00"
