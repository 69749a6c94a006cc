"""A small installation with the real starter, served in this process and asked over ASGI."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import anyio
import httpx
import pytest
from tests.conftest import need

from jasyl.portal import signin
from jasyl.portal.app import create_app
from jasyl.portal.assets import STATIC
from jasyl.storage import open_folder


@pytest.fixture(autouse=True)
def a_new_visitor():
    """Every test signs in from the same address, of which only some tries are let in."""
    signin._tries.clear()


@pytest.fixture(scope="session")
def installation(starter_folder, tmp_path_factory):
    """A data folder with the Kazakhstan starter; its first administrator's password is kept in it."""
    data = shutil.copytree(starter_folder, tmp_path_factory.mktemp("portal") / "data")
    shutil.copy(starter_folder.parent / "password", data)
    return data


class Browser:
    """Asks the application without a network."""

    def __init__(self, app):
        self.app = app

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, **more):
        return self.ask("POST", path, **more)

    def ask(self, method, path, **more):
        async def go():
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.request(method, path, **more)

        # On a thread of its own: where a browser test ran before, this thread already has a running loop.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(anyio.run, go).result()


@pytest.fixture(scope="session")
def browser(installation):
    need((STATIC / "manifest.json").is_file(), "the browser part is not built: make setup")
    return Browser(create_app(open_folder(installation), ["127.0.0.1"]))
