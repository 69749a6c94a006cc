"""The book of a city: entries are only added, rights decide, evidence lies under its hash."""

from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa
from tests.cities.book_world import AKIMAT, NOW, OTHER, U4SSC, VERIFIER, entry

from jasyl.cities import (
    books,
    city,
    city_named,
    entries,
    evidence_files,
    history,
    keep_evidence,
    may_read,
    read_evidence,
    write_entries,
    write_entry,
    year_of,
)
from jasyl.cities.tables import entry_table
from jasyl.figures import Figure, Subject, store
from jasyl.people import ANYBODY, OPERATOR
from jasyl.storage import create_folder
from jasyl.texts import LANGUAGES, Refusal

ASTANA = city("KZ-71")
INTERNET, BROADBAND = "EC.ICT.ICT.1C", "EC.ICT.ICT.2C"


def code_of(call, *arguments):
    with pytest.raises(Refusal) as refused:
        call(*arguments)
    assert refused.value.text("kk") != refused.value.text("ru")
    return refused.value.code


def test_a_city_is_one_of_three_or_a_settlement_by_kato():
    assert [city(code).place for code in ("KZ-71", "kz-75", "710000000")] == ["KZ-71", "KZ-75", "KZ-71"]
    turkistan = city("612010000")
    assert (turkistan.region.iso, turkistan.name("en")) == ("KZ-61", "612010000 (Turkistan)")
    for wrong in ("KZ-61", "610000000", "999999999", "Astana"):
        assert code_of(city, wrong) == "city-unknown"
    karaganda = city_named("Қарағанды")
    assert (karaganda.place, city("351010000")) == ("351010000", karaganda)
    assert [karaganda.name(language) for language in LANGUAGES] == ["Қарағанды", "Караганда", "Karaganda"]
    assert [city_named(name).place for name in ("Шымкент", "Turkistan")] == ["KZ-79", "G1517945"]
    assert city("g1517945") == city_named("Туркестан")
    assert code_of(city_named, "Atlantis") == "unknown-settlement"
    assert [code_of(year_of, wrong) for wrong in ("24", "1800", "²⁰²⁴")] == ["city-year"] * 3


def test_the_newest_entry_counts_and_all_stay(connection):
    first = write_entry(connection, ASTANA, 2024, U4SSC, entry(INTERNET, 300_000, 400_000), AKIMAT, NOW)
    again = write_entry(connection, ASTANA, 2024, U4SSC, entry(INTERNET, 300_000, 400_000), AKIMAT, NOW + 5)
    assert again == first
    second = write_entry(connection, ASTANA, 2024, U4SSC, entry(INTERNET, 310_000, 400_000), OPERATOR, NOW + 9)
    assert entries(connection, "KZ-71", 2024, "u4ssc") == {INTERNET: second}
    assert history(connection, "KZ-71", 2024, "u4ssc", INTERNET) == [first, second]
    assert (second.author, second.recorded_at) == ("operator", NOW + 9)
    assert first.digest != second.digest
    assert second.sealed("KZ-71", 2024, "u4ssc").digest == second.digest
    assert replace(second, note="x").sealed("KZ-71", 2024, "u4ssc").digest != second.digest
    assert entries(connection, "KZ-71", 2023, "u4ssc") == {}
    assert books(connection) == [("KZ-71", 2024, "u4ssc", 1)]
    assert books(connection, "KZ-75") == []


def test_only_the_akimat_of_the_region_and_the_agency_write(connection):
    given = entry(INTERNET, 300_000, 400_000)
    for actor in (OTHER, VERIFIER, ANYBODY):
        assert code_of(write_entry, connection, ASTANA, 2024, U4SSC, given, actor, NOW) == "not-allowed"
    assert entries(connection, "KZ-71", 2024, "u4ssc") == {}
    assert [may_read(actor, ASTANA, "closed") for actor in (AKIMAT, VERIFIER, OTHER, ANYBODY)] == [
        True,
        True,
        False,
        False,
    ]
    assert may_read(ANYBODY, ASTANA, "public")


def test_what_cannot_stand_in_a_book_is_refused_and_several_go_in_together_or_not(connection):
    good, bad = entry(INTERNET, 300_000, 400_000), entry("EC.ICT.ICT.2C", 300_000)
    assert code_of(write_entries, connection, ASTANA, 2024, U4SSC, [good, bad], AKIMAT, NOW) == "city-numerator-only"
    assert connection.execute(sa.select(sa.func.count()).select_from(entry_table)).scalar() == 0
    refused = {
        "indicator-unknown-point": entry("X.1", value=1),
        "city-reason-missing": entry(INTERNET, value=90, proposal="01FIGURE"),
        "city-evidence-unknown": entry(INTERNET, value=90, evidence="0" * 64),
        "cell-too-long": entry(INTERNET, value=90, note="x" * 5_000),
    }
    for code, given in refused.items():
        assert code_of(write_entry, connection, ASTANA, 2024, U4SSC, given, AKIMAT, NOW) == code
    overridden = entry(BROADBAND, value=30, proposal="01FIGURE", origin="utility", reason="the provider counts lines")
    assert write_entry(connection, ASTANA, 2024, U4SSC, overridden, AKIMAT, NOW).reason


def test_a_number_said_to_be_the_systems_own_is_one_that_it_proposed(connection):
    def proposed(value, place="KZ-71"):
        figure = Figure(
            f"proposed.u4ssc.{INTERNET}", Subject("place", place), "2024", 0, 1, "%", Decimal(value), None, None,
            "published", "m", "1.0.0", {}, (),
        )  # fmt: skip
        return store(connection, figure, (), NOW).id

    right, elsewhere = proposed(90), proposed(90, "KZ-75")
    for number, figure in ((91, right), (90, elsewhere), (90, "01FIGURE"), (90, None)):
        given = entry(INTERNET, value=number, origin="system", proposal=figure)
        assert code_of(write_entry, connection, ASTANA, 2024, U4SSC, given, AKIMAT, NOW) == "city-not-proposed"
    given = entry(INTERNET, value=90, origin="system", proposal=right)
    assert write_entry(connection, ASTANA, 2024, U4SSC, given, AKIMAT, NOW).origin == "system"


def test_evidence_lies_under_its_hash_and_is_noticed_when_it_changes(connection, tmp_path):
    folder = create_folder(tmp_path / "data", "real")
    kept = keep_evidence(connection, folder, ASTANA, b"%PDF-1.7 letter", "C:\\letters\\reply.pdf", AKIMAT, NOW)
    assert (kept.file_name, kept.media_type, kept.size) == ("reply.pdf", "application/pdf", 15)
    assert keep_evidence(connection, folder, ASTANA, b"%PDF-1.7 letter", "copy.pdf", AKIMAT, NOW + 1) == kept
    assert evidence_files(connection, [kept.sha256, "0" * 64]) == {kept.sha256: kept}
    assert read_evidence(folder, kept) == b"%PDF-1.7 letter"
    given = entry(INTERNET, value=90, evidence=kept.sha256)
    assert write_entry(connection, ASTANA, 2024, U4SSC, given, AKIMAT, NOW).evidence == kept.sha256
    (folder.evidence / kept.sha256).write_bytes(b"another")
    assert code_of(read_evidence, folder, kept) == "city-evidence-lost"
    for code, content, name in (
        ("city-evidence-kind", b"x", "run.html"), ("city-evidence-empty", b"", "a.pdf"),
        ("file-too-large", b"x" * (20 * 2**20 + 1), "a.pdf"),
    ):  # fmt: skip
        assert code_of(keep_evidence, connection, folder, ASTANA, content, name, AKIMAT, NOW) == code
    assert code_of(keep_evidence, connection, folder, ASTANA, b"x", "a.pdf", VERIFIER, NOW) == "not-allowed"
