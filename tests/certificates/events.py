"""Events as tests need them: a solar plant's day of 1,000.75 Wh, issued, moved, ended."""

from fractions import Fraction

from jasyl.certificates import Cancel, Expire, Export, Import, Issue, MeasuredDay, Retire, State, Transfer

HOUR = 3_600_000_000
DAY = 24 * HOUR
START = 20_000 * DAY
USABLE, EXPIRES = START + 365 * DAY, START + 548 * DAY
AT = START + 2 * DAY
BATCH = "ab" * 32


def day(amount="4003/4", number=0, series="meter-1", quantity="electricity_generated", unit="W.h"):
    return MeasuredDay(series, quantity, unit, START + number * DAY, START + (number + 1) * DAY, Fraction(amount))


def state(**days):
    return State(measured=days or {BATCH: day()})


def issue(certificate="c-1", **changed):
    given = {
        "certificate": certificate, "command": f"issue-{certificate}", "at": AT, "actor": "operator", "owner": "solar",
        "attribute": "electricity", "device": "KZ-PLANT-1", "series": "meter-1", "start": START, "end": START + DAY,
        "batches": [BATCH], "metered": "4003/4", "factor": "1", "factor_source": None, "amount": 1000,
        "remainder": "3/4", "trust": "operator-entered", "usable_until": USABLE, "expires_at": EXPIRES,
    }  # fmt: skip
    return Issue(**{**given, **changed})


def transfer(start, end, owner="solar", to="baker", command=None, at=AT, certificate="c-1"):
    command = command or f"t-{owner}-{to}-{start}-{end}"
    return Transfer(
        certificate=certificate, command=command, at=at, actor="operator", owner=owner, to=to, start=start, end=end
    )


def retire(start, end, owner="solar", command=None, at=AT, beneficiary="bakery", certificate="c-1"):
    return Retire(
        certificate=certificate, command=command or f"r-{owner}-{start}-{end}", at=at, actor="operator", owner=owner,
        start=start, end=end, beneficiary=beneficiary, purpose="scope 2", period="2024-10",
    )  # fmt: skip


def cancel(start, end, owner="solar", command=None, certificate="c-1"):
    return Cancel(
        certificate=certificate, command=command or f"x-{owner}-{start}-{end}", at=AT, actor="operator", owner=owner,
        start=start, end=end, reason="the meter was corrected",
    )  # fmt: skip


def expire(certificate="c-1", command="e-1", at=EXPIRES):
    return Expire(certificate=certificate, command=command, at=at, actor="operator")


def export(start, end, owner="solar", command=None, **changed):
    given = {
        "certificate": "c-1", "command": command or f"o-{owner}-{start}-{end}", "at": AT, "actor": "operator",
        "owner": owner, "start": start, "end": end, "registry": "abroad.example/log", "account": "their-account",
        "attribute": "electricity", "device": "KZ-PLANT-1", "interval_start": START, "interval_end": START + DAY,
        "usable_until": USABLE, "expires_at": EXPIRES,
    }  # fmt: skip
    return Export(**{**given, **changed})


def import_(certificate="i-1", **changed):
    given = {
        "certificate": certificate, "command": f"import-{certificate}", "at": AT, "actor": "operator", "owner": "baker",
        "registry": "abroad.example/log", "foreign": "f-1", "start": 100, "end": 300, "attribute": "electricity",
        "device": "UZ-PLANT-9", "interval_start": START, "interval_end": START + HOUR, "usable_until": USABLE,
        "expires_at": EXPIRES, "proof": "text of a proof",
    }  # fmt: skip
    return Import(**{**given, **changed})
