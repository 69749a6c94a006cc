"""A real Chromium over a real server. Every page opened here is watched: nothing may go wrong unheard."""

import shutil
from contextlib import contextmanager

import pytest
from tests.conftest import need
from tests.serving import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE = 30_000  # ms: what is expected of a page is waited for, never looked up once
READY = "() => [...document.querySelectorAll('[data-island]')].every((island) => island.dataset.state === 'ready')"


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """The browser of the operating system, ended with the session.

    Rather the one without windows: the same engine, while the other draws the toolbars of a window nobody sees for
    every context, which is a second of each test.
    """
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    need(program, "Chromium is not installed: apt install chromium-headless-shell")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=program, args=["--no-sandbox", "--enable-unsafe-swiftshader"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def axe():
    """The source of axe-core, as npm installed it for the browser part."""
    need(AXE.is_file(), "the browser part is not installed: make setup")
    return AXE.read_text(encoding="utf-8")


class Watch:
    """What a page did that no page may do: requests to other origins, errors in its console."""

    def __init__(self, page, origin):
        self.foreign: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self._see(request.url, origin))
        page.on("console", lambda message: message.type == "error" and self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _see(self, url, origin):
        if not url.startswith((origin + "/", "data:", "blob:")):
            self.foreign.append(url)


@pytest.fixture
def visit(chromium, served):
    """``with visit(path, …) as page``: a page in a fresh profile, its islands started; watched until the block ends."""
    return visitor(chromium, served)


def visitor(chromium, served):
    """What ``visit`` is, over the server at the address ``served``."""

    @contextmanager
    def open_page(path, width=1280, height=900, **settings):
        context = chromium.new_context(
            base_url=served, viewport={"width": width, "height": height}, reduced_motion="reduce", **settings
        )
        context.set_default_timeout(PATIENCE)
        try:
            page = context.new_page()
            watch = Watch(page, served)
            page.goto(path, wait_until="load")
            if settings.get("java_script_enabled", True):
                page.wait_for_function(READY)
            yield page
            assert (watch.foreign, watch.errors) == ([], [])
        finally:
            context.close()

    return open_page
