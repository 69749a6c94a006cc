"""The soak of ``make soak``, two minutes of it: a server and its senders killed and begun again by a seed."""

import pytest
from benchmarks.soak_actors import LEAST, WRITERS, delivery
from benchmarks.soak_readings import CALM, MORTAL, Account, expected, kills
from tests import soaking


def test_the_seed_kills_everybody_again_and_again() -> None:
    planned = kills(soaking.SECONDS, soaking.SEED, CALM)
    assert planned == kills(soaking.SECONDS, soaking.SEED, CALM) != kills(soaking.SECONDS, soaking.SEED + 1, CALM)
    assert all(sum(name == each for _, name in planned) > 2 for each in MORTAL)
    assert soaking.SECONDS - 2 * CALM.kill < sum(pause for pause, _ in planned) < soaking.SECONDS


def test_what_is_expected_counts_corrections_and_what_both_say() -> None:
    whole = expected(7, [20, 10])
    said = {(series, tick) for writer in (0, 1) for step in range(20 - 10 * writer)
            for series, tick, _ in delivery(7, writer, step)}  # fmt: skip
    assert whole.keys() == said
    assert any(count > 1 for _, count in whole.values())
    assert all(count == 1 for (series, _), (_, count) in whole.items() if series > 16), "said twice, stored once"


def test_acknowledged_is_stored(pytestconfig: pytest.Config) -> None:
    account = Account(**soaking.account(pytestconfig))
    assert account.kills == len(kills(soaking.SECONDS, soaking.SEED, CALM)) > 20
    assert account.deliveries >= WRITERS * LEAST
    assert account.answers >= LEAST
    assert (account.lost, account.double, account.torn, account.damaged) == (0, 0, 0, 0)
