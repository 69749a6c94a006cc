"""Accounts, sessions, tokens, and the one function that decides on rights."""

import itertools

import pytest
import sqlalchemy as sa

from jasyl.people import (
    ANYBODY,
    CITY_BOOK,
    Actor,
    Resource,
    create_account,
    may,
    new_password,
    new_token,
    of_session,
    of_token,
    sign_in,
    sign_out,
    tokens_of,
    withdraw_token,
)
from jasyl.people.tables import account, session, token, token_reach
from jasyl.texts import Refusal

PASSWORD = "a long enough password"


@pytest.fixture
def connection():
    engine = sa.create_engine("sqlite://")
    with engine.begin() as made:
        for table in (account, session, token, token_reach):
            table.create(made)
        yield made
    engine.dispose()


def test_signing_in_gives_a_session_that_ends(connection):
    create_account(connection, "aigul", PASSWORD, frozenset({"agency"}), region="KZ-75")
    signed = sign_in(connection, "aigul", PASSWORD)
    actor = of_session(connection, signed.secret)
    assert actor is not None
    assert (actor.name, actor.roles, actor.region) == ("aigul", {"agency"}, "KZ-75")
    assert actor.form_key == signed.actor.form_key
    sign_out(connection, signed.secret)
    assert of_session(connection, signed.secret) is None


def test_wrong_name_and_wrong_password_are_refused_alike(connection):
    create_account(connection, "aigul", PASSWORD, frozenset({"agency"}))
    texts = set()
    for name, password in (("aigul", "wrong"), ("nobody", PASSWORD)):
        with pytest.raises(Refusal) as refused:
            sign_in(connection, name, password)
        texts.add(refused.value.text("en"))
    assert len(texts) == 1


def test_an_old_session_and_a_disabled_account_are_nobody(connection):
    create_account(connection, "aigul", PASSWORD, frozenset({"agency"}))
    signed = sign_in(connection, "aigul", PASSWORD)
    connection.execute(sa.update(session).values(expires_at=1))
    assert of_session(connection, signed.secret) is None
    again = sign_in(connection, "aigul", PASSWORD)
    connection.execute(sa.update(account).values(disabled=True))
    assert of_session(connection, again.secret) is None
    with pytest.raises(Refusal):
        sign_in(connection, "aigul", PASSWORD)


def test_secrets_are_stored_as_hashes_only(connection):
    made = create_account(connection, "aigul", PASSWORD, frozenset({"agency"}))
    signed = sign_in(connection, "aigul", PASSWORD)
    secret = new_token(connection, made, "gateway", frozenset({"write_readings"}), series=["S1"])
    stored = str([connection.execute(sa.select(table)).all() for table in (account, session, token)])
    assert not any(text in stored for text in (PASSWORD, signed.secret, secret))


def test_a_token_narrows_and_can_be_revoked(connection):
    made = create_account(connection, "aigul", PASSWORD, frozenset({"agency"}))
    secret = new_token(connection, made, "gateway", frozenset({"write_readings"}), series=["S1"])
    actor = of_token(connection, secret)
    assert actor is not None
    assert may(actor, "write_readings", Resource(series_id="S1"))
    assert not may(actor, "write_readings", Resource(series_id="S2"))
    assert not may(actor, "publish", Resource())
    connection.execute(sa.update(token).values(revoked=True))
    assert of_token(connection, secret) is None
    assert of_token(connection, "jasyl_guess") is None


def test_a_token_reaches_named_series_or_an_enterprise_and_is_withdrawn_by_its_label(connection):
    made = create_account(connection, "aigul", PASSWORD, frozenset({"agency"}))
    write = frozenset({"write_readings"})
    some = of_token(connection, new_token(connection, made, "two meters", write, series=["S1", "S2"]))
    whole = of_token(connection, new_token(connection, made, "one firm", write, enterprises=["E1"]))
    assert [may(some, "write_readings", Resource(series_id=one)) for one in ("S1", "S2", "S3")] == [True, True, False]
    assert may(whole, "write_readings", Resource(enterprise_id="E1", series_id="S9"))
    assert not may(whole, "write_readings", Resource(enterprise_id="E2", series_id="S9"))
    assert not may(whole, "write_readings", Resource())
    listed = tokens_of(connection, "aigul")
    assert [(one.label, one.series, one.enterprises) for one in listed] == [
        ("two meters", ("S1", "S2"), ()),
        ("one firm", (), ("E1",)),
    ]
    assert withdraw_token(connection, "aigul", "two meters").id == listed[0].id
    assert [one.label for one in tokens_of(connection, "aigul")] == ["one firm"]
    with pytest.raises(Refusal) as refused:
        withdraw_token(connection, "aigul", "two meters")
    assert refused.value.code == "unknown-token"


def test_names_are_taken_once_and_passwords_are_long(connection):
    create_account(connection, "aigul", PASSWORD, frozenset({"agency"}))
    with pytest.raises(Refusal) as refused:
        create_account(connection, "aigul", PASSWORD, frozenset())
    assert refused.value.code == "account-taken"
    with pytest.raises(Refusal) as refused:
        create_account(connection, "other", "short", frozenset())
    assert refused.value.code == "password-too-short"
    assert len(new_password()) >= 20
    assert new_password() != new_password()


OWN = {"enterprise_id": "E1", "region": "KZ-75"}
# Rows: who; columns: read public, read closed own, read closed foreign, write own registry, write foreign registry,
# write own readings, publish own region, publish foreign, administer
MATRIX = {
    "anybody": "y n n n n n n n n",
    "enterprise": "y y n y n y n n n",
    "investor": "y n n n n n n n n",
    "akimat": "y y n y n n y n n",
    "agency": "y y y y y y y y n",
    "auditor": "y y y n n n n n n",
    "verifier": "y n n n n n n n n",
    "administrator": "y n n n n n n n y",
}


@pytest.mark.parametrize(("role", "row"), MATRIX.items())
def test_the_matrix_of_rights(role, row):
    actor = ANYBODY if role == "anybody" else Actor("a", "a", frozenset({role}), **_belongings(role))
    own, foreign = Resource("closed", **OWN), Resource("closed", "E2", "KZ-10")
    asked = [
        ("read", Resource("public")), ("read", own), ("read", foreign),
        ("write_registry", own), ("write_registry", foreign), ("write_readings", own),
        ("publish", own), ("publish", foreign), ("administer", own),
    ]  # fmt: skip
    assert ["y" if may(actor, action, resource) else "n" for action, resource in asked] == row.split()


def _belongings(role):
    return {"enterprise": {"enterprise_id": "E1"}, "akimat": {"region": "KZ-75"}}.get(role, {})


def test_aggregated_values_are_read_like_closed_ones():
    for role, level in itertools.product(MATRIX, ("aggregated",)):
        actor = ANYBODY if role == "anybody" else Actor("a", "a", frozenset({role}), **_belongings(role))
        foreign = Resource(level, "E2", "KZ-10")
        assert may(actor, "read", foreign) == (role in {"agency", "auditor"})


def test_a_verifier_reads_and_judges_books_of_cities_and_writes_no_value():
    book = Resource("closed", region="KZ-75", tags=frozenset({CITY_BOOK}))
    verifier = Actor("v", "v", frozenset({"verifier"}))
    asked = ("read", "verify", "write_registry", "write_readings", "publish", "administer")
    assert [may(verifier, action, book) for action in asked] == [True, True, False, False, False, False]
    assert not may(verifier, "read", Resource("closed", region="KZ-75"))
    # Whoever could have written the values does not judge them.
    both = Actor("b", "b", frozenset({"verifier", "akimat"}), region="KZ-75")
    assert not may(both, "verify", book)
    assert may(both, "verify", Resource("closed", region="KZ-71", tags=frozenset({CITY_BOOK})))
    assert not any(may(Actor("x", "x", frozenset({role})), "verify", book) for role in ("agency", "auditor", "akimat"))
