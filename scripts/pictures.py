"""Makes the pictures of the manual from the running system, over a fresh Kazakhstan starter.

``pictures.py`` writes the pictures that the manual shows into ``docs/pictures``. ``pictures.py --every FOLDER`` writes
every page in three languages, for desktop and phone, to be looked at. Needs what the browser tests need (Chromium).
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.serving import initialise, serving  # noqa: E402

MOST_BYTES = 400_000
DESKTOP, TALL, PHONE = (1280, 860), (1280, 1100), (390, 844)
STATEMENT = "a statement"  # its address differs from installation to installation
PAGES = {
    "map": "/#layer=solar.ghi_clear",
    "dynamics": "/dynamics",
    "facility": "/facilities/reference-serf-east",
    "statement": STATEMENT,
    "facilities": "/facilities",
    "region": "/regions/KZ-71",
    "atlas": "/atlas",
    "about": "/about",
    "facts": "/facts?metric=installed_capacity",
    "programmes": "/programmes",
    "sign-in": "/sign-in",
}


@dataclass(frozen=True)
class Picture:
    """One picture: its file name without suffix, the page it shows, the language, and the size of the window."""

    name: str
    page: str
    language: str
    size: tuple[int, int]
    top: str = "body"  # what stands at the upper edge of the picture


OF_THE_MANUAL = (
    Picture("map", "map", "en", TALL),
    Picture("map-phone", "map", "kk", PHONE, ".lead"),
    Picture("dynamics", "dynamics", "ru", DESKTOP, ".tiles"),
    Picture("facility", "facility", "en", DESKTOP, "h2:has(+ [data-island])"),
    Picture("statement", "statement", "en", DESKTOP),
)


def every() -> Iterable[Picture]:
    """Each page in each language for desktop and phone."""
    for page in PAGES:
        for language in ("kk", "ru", "en"):
            yield Picture(f"{page}-{language}", page, language, DESKTOP)
            yield Picture(f"{page}-{language}-phone", page, language, PHONE)


def take(browser: Browser, address: str, picture: Picture, folder: Path) -> None:
    """Open the page, wait until it stands still, and write the PNG."""
    width, height = picture.size
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light", reduced_motion="reduce")
    try:
        page.goto(f"{address}/{picture.language}{_path(page, address, picture)}", wait_until="load")
        _settle(page, picture)
        page.eval_on_selector(picture.top, "element => window.scrollTo(0, element.getBoundingClientRect().top - 16)")
        file = folder / f"{picture.name}.png"
        page.screenshot(path=file, animations="disabled")
    finally:
        page.close()
    size = file.stat().st_size
    print(f"  {file.name}  {size / 1000:.0f} kB")
    if size > MOST_BYTES:
        sys.exit(f"{file.name} has {size} bytes; a picture of the manual has at most {MOST_BYTES}.")


def _path(page: Page, address: str, picture: Picture) -> str:
    if PAGES[picture.page] != STATEMENT:
        return PAGES[picture.page]
    known = page.request.get(f"{address}/statements.json").json()["statements"]
    return "/statements/" + next(one["id"] for one in known if one["period"] == "2016-08")


def _settle(page: Page, picture: Picture) -> None:
    # Not until the network is idle: a live page holds its stream open.
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-island]')].every((one) => one.dataset.state === 'ready')"
    )
    if picture.page == "map":
        page.wait_for_selector(".map-host:not(.waiting)")
        page.wait_for_selector(".view-list tbody tr button", state="attached", timeout=30_000)
        page.wait_for_timeout(2_500)  # signs and tiles fade in on a canvas, which tells nobody
    if picture.page in {"dynamics", "facility"}:
        page.wait_for_function("() => document.querySelector('[data-island] svg, [data-island] canvas')")
        page.wait_for_timeout(500)


def main() -> None:
    """Make the pictures in a temporary installation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=Path, metavar="FOLDER", help="every page, three languages, desktop and phone")
    asked = parser.parse_args()
    folder: Path = asked.every or ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or sys.exit("Chromium is not installed: apt install chromium")
    with tempfile.TemporaryDirectory() as home, sync_playwright() as play:
        data = Path(home) / "data"
        initialise(data)
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--enable-unsafe-swiftshader"])
        with serving(data) as address:
            for picture in every() if asked.every else OF_THE_MANUAL:
                take(browser, address, picture, folder)
        browser.close()


if __name__ == "__main__":
    main()
