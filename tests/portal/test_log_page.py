"""The page of the log says plainly whether, how far and by whom the log is witnessed."""

import pytest

from jasyl.ledger import WitnessAddress, create_witness, log_policy, parse_vkey, set_witnesses
from jasyl.storage import open_folder


@pytest.mark.parametrize(
    ("language", "word"), [("kk", "Куәландырылмаған"), ("ru", "Не засвидетельствовано"), ("en", "Unwitnessed")]
)
def test_an_unwitnessed_log_says_so(browser, language, word):
    page = browser.get(f"/{language}/log")
    assert page.status_code == 200
    assert word in page.text
    data = browser.get(f"/{language}/log.json").json()
    assert (data["witnessed_size"], data["witnessed_by"], data["quorum"]) == (None, [], 0)
    assert [parse_vkey(line).algorithm for line in data["vkeys"]] == ["Ed25519", "ML-DSA-44"]
    assert browser.get("/log/witnessed").status_code == 404
    statements = browser.get("/statements.json").json()["statements"]
    assert browser.get(f"/statements/{statements[0]['id']}.json").json()["witnessed_by"] == []
    assert browser.get("/log.csv").text.count("\n") == 1


def test_a_witnessed_log_names_its_witnesses(browser, installation, tmp_path, monkeypatch):
    from jasyl.intake.outgoing import Answer, Outgoing
    from jasyl.ledger import ask_witnesses

    folder = open_folder(installation)
    before = log_policy(folder.log)
    witness = create_witness(tmp_path / "w", "w.example")
    witness.trust(before)

    def request(self, method, url, *, headers=None, body=None):
        reply = witness.add_checkpoint(body)
        return Answer(reply.status, {}, reply.body, url)

    monkeypatch.setattr(Outgoing, "request", request)
    keys = tuple(parse_vkey(line) for line in witness.vkeys)
    set_witnesses(folder, [WitnessAddress("city-two", "http://127.0.0.1:9", keys)], 1)
    try:
        assert ask_witnesses(folder).quorum
        data = browser.get("/en/log.json").json()
        assert (data["witnessed_size"], data["witnessed_by"]) == (data["size"], ["city-two"])
        assert "Witnessed: all" in browser.get("/en/log").text
        assert browser.get("/log/witnessed").content == browser.get("/log/checkpoint").content
        statements = browser.get("/statements.json").json()["statements"]
        assert browser.get(f"/statements/{statements[0]['id']}.json").json()["witnessed_by"] == ["city-two"]
        assert "by city-two" in browser.get(f"/en/statements/{statements[0]['id']}").text
    finally:
        set_witnesses(folder, [], 0)
        (folder.log / "witnessed").unlink()
    assert log_policy(folder.log) == before


@pytest.mark.parametrize(("language", "word"), [("kk", "Зәкірлер"), ("ru", "Якоря"), ("en", "Anchors")])
def test_anchors_and_energy_are_on_the_page(browser, installation, language, word):
    from jasyl.ledger.anchoring import AnchorTarget, remove_target, write_target

    folder = open_folder(installation)
    secret = AnchorTarget(name="time", kind="opentimestamps", urls=("https://calendar.example/key-4711",))
    write_target(folder, secret)
    try:
        page, data = browser.get(f"/{language}/log"), browser.get(f"/{language}/log.json").json()
    finally:
        remove_target(folder, "time")
    assert word in page.text
    assert "calendar.example" in page.text
    assert "4711" not in page.text + str(data)
    assert [one["state"] for one in data["anchors"]] == ["never"]
    energy = data["energy"]
    assert energy["estimate"] is True
    assert energy["joules_per_record"][0]["system"] == "own-marginal"
    assert {"ethereum", "bitcoin"} <= {row["system"] for row in energy["joules_per_record"]}


def test_what_became_of_an_anchor_is_told_in_words(browser, installation):
    from jasyl.ledger import Log
    from jasyl.ledger.anchoring import AnchorTarget, remove_target, write_target
    from jasyl.ledger.anchoring.states import STATES, AnchorState, write_states

    folder = open_folder(installation)
    head = Log(folder).checkpoint()
    write_target(folder, AnchorTarget(name="time", kind="opentimestamps", urls=("https://calendar.example",)))
    sent = {"sent": 1_800_000_000.0, "tried": 1_800_000_000.0, "error": "outgoing-failed", "state": "failed"}
    held = AnchorState(kind="opentimestamps", origin=head.origin, size=head.size, root=head.root.hex(), **sent)
    write_states(folder.log, {"time": held})
    try:
        pages = {language: browser.get(f"/{language}/log").text for language in ("kk", "ru", "en")}
        (data,) = browser.get("/log.json").json()["anchors"]
    finally:
        remove_target(folder, "time")
        (folder.log / STATES).unlink(missing_ok=True)
    assert (data["sent"], data["trouble"]) == ("2027-01-15T08:00:00+00:00", "outgoing-failed")
    assert all("2027-01-15 08:00" in page for page in pages.values())
    for language, words in (
        ("kk", ("Bitcoin-ге", "жарамды жауап жоқ")),
        ("ru", ("OpenTimestamps, в Bitcoin", "нет пригодного ответа")),
        ("en", ("OpenTimestamps, into Bitcoin", "no usable answer")),
    ):
        assert all(word in pages[language] for word in words)
