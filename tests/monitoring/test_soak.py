"""The soak of ``make soak``, short: a server and its senders killed and begun again by a seed: nothing lost."""

from benchmarks.soak_readings import delivery, expected, soak


def test_acknowledged_is_stored() -> None:
    account = soak(8, seed=7, say=lambda _: None)
    assert account.deliveries >= 4 and account.kills >= 4 and account.answers >= 20
    assert (account.lost, account.double, account.torn, account.damaged) == (0, 0, 0, 0)


def test_what_is_expected_counts_corrections_and_what_both_say() -> None:
    whole = expected(7, [20, 10])
    said = {(series, tick) for writer in (0, 1) for step in range(20 - 10 * writer)
            for series, tick, _ in delivery(7, writer, step)}  # fmt: skip
    assert whole.keys() == said
    assert any(count > 1 for _, count in whole.values())
    assert all(count == 1 for (series, _), (_, count) in whole.items() if series > 16), "said twice, stored once"
