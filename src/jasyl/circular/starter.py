"""The example accounts that come with the program: municipal waste of Almaty and Astana, from published numbers.

Each number is a row of ``waste_facts_kaz`` as it stands, named in its note; spreads are ours and wide on purpose.
"""

from functools import cache
from importlib.resources import files

import sqlalchemy as sa

from jasyl.facts import keep_book
from jasyl.figures import Statement, publish
from jasyl.ledger import issuer_signers, log_origin
from jasyl.people import OPERATOR
from jasyl.storage import DataFolder

from .account import Account, account_data, parse_account
from .account_book import period_of_account
from .account_figures import make_account_figure

EXAMPLES = ("almaty-waste", "astana-waste")
# What is published as example statements: (account, flow or relation, period).
STATED = (
    ("almaty-waste", "recycled", "2024"),
    ("almaty-waste", "collected", "2025"),
    ("astana-waste", "recycled", "2023"),
    ("astana-waste", "sorting-rate", "2023"),
)


@cache
def example_account(identity: str) -> Account:
    """One of `EXAMPLES`."""
    content = files("jasyl.circular").joinpath(f"data/{identity}.json").read_bytes()
    return parse_account(content, f"{identity}.json")


def load_example_accounts(connection: sa.Connection, folder: DataFolder, now: int) -> list[Statement]:
    """Keep the example accounts as books, and publish the figures of `STATED` as example statements."""
    for identity in EXAMPLES:
        account = example_account(identity)
        keep_book(
            connection, folder, "material_account", account.place, period_of_account(account), account_data(account),
            OPERATOR.id, note="published numbers as they are",
        )  # fmt: skip
    made = [make_account_figure(connection, account, of, name, now) for account, of, name in STATED]
    origin, signers = log_origin(folder), issuer_signers(connection, folder)
    return [publish(connection, one.id, OPERATOR.id, now, log_origin=origin, signers=signers) for one in made]
