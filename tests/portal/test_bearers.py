"""Whose token it is: one look for all that ask together, known for a second, withdrawn within it."""

import asyncio

import anyio
import pytest
from tests.portal.register import make_register

from jasyl.people.tables import token
from jasyl.portal.bearers import KEPT_SECONDS, Bearers
from jasyl.texts import Refusal


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    made = make_register(tmp_path_factory.mktemp("bearers"))
    yield made
    made.database.close()


class Counted(Bearers):
    """Counts how often the database is asked; its clock stands until it is set."""

    def __init__(self, database):
        self.now, self.looks = 0.0, 0
        super().__init__(database, lambda: self.now)

    def actor(self, authorization):
        self.looks += 1
        return super().actor(authorization)


def test_requests_that_come_together_ask_once_a_second(register):
    bearers, header = Counted(register.database), f"Bearer {register.tokens['one']}"

    async def together():
        return {actor.id for actor in await asyncio.gather(*(bearers.found(header) for _ in range(40)))}

    assert anyio.run(together) == {register.ids["one"]}
    assert bearers.looks == 1
    bearers.now = KEPT_SECONDS
    anyio.run(together)
    assert bearers.looks == 2


def test_a_sender_that_goes_away_leaves_the_look_to_the_others(register):
    bearers, header = Counted(register.database), f"Bearer {register.tokens['one']}"

    async def one_goes():
        first, second = (asyncio.create_task(bearers.found(header)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert anyio.run(one_goes).id == register.ids["one"]
    assert bearers.looks == 1


def test_an_unknown_token_is_refused_to_each_and_a_withdrawn_one_after_a_second(register):
    bearers, header = Counted(register.database), f"Bearer {register.tokens['two']}"

    async def refused(said):
        return [
            str(each) for each in await asyncio.gather(*(bearers.found(said) for _ in range(3)), return_exceptions=True)
        ]

    assert anyio.run(refused, "Bearer nobody") == [str(Refusal("token-unknown"))] * 3
    assert anyio.run(bearers.found, header).id == register.ids["two"]
    with register.database.writing(visible=False) as connection:
        connection.execute(token.update().values(revoked=True))
    assert anyio.run(bearers.found, header).id == register.ids["two"]
    bearers.now = KEPT_SECONDS
    assert anyio.run(refused, header) == [str(Refusal("token-unknown"))] * 3
