"""Pages joined by keys give every reading once and in order, however months and series fall on them."""

import numpy as np
import pytest
from tests.monitoring.world import NOW, QUARTER, a_batch, a_database, a_series, at

from jasyl.monitoring import append
from jasyl.monitoring.reading_page import PageWanted, page
from jasyl.storage import create_folder

SERIES = {number: a_series(number) for number in (1, 2, 5)}
MONTHS = [at(f"2025-0{month}-10 10:00") for month in (1, 2, 4)]
# Of each series other months, so that a page begins, ends and goes on in any of them.
HELD = [
    (number, month + QUARTER * place)
    for number, months in ((1, MONTHS), (2, MONTHS[1:]), (5, MONTHS[:1] + MONTHS[2:]))
    for month in months
    for place in range(4)
]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = create_folder(tmp_path_factory.mktemp("pages") / "data", "real")
    database = a_database(folder)
    series, start = (np.array(column, np.int64) for column in zip(*HELD, strict=True))
    append(database, folder, SERIES, a_batch(start, start % 97, series), NOW)
    with database.reading() as connection:
        yield connection, folder
    database.close()


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order", ["series", "start"])
@pytest.mark.parametrize("limit", [3, 50])
def test_pages_in_order_hold_everything_once(store, order, limit, descending):
    low, high = MONTHS[0] + QUARTER, MONTHS[2] + 3 * QUARTER
    found, after = [], None
    while True:
        wanted = PageWanted(
            list(SERIES), low, high, limit, lambda _: (1.0, QUARTER), order=order, descending=descending, after=after
        )
        rows = page(*store, wanted)
        if not len(rows):
            break
        found += zip(rows.series.tolist(), rows.start.tolist(), strict=True)
        after = list(found[-1] if order == "series" else found[-1][::-1])
    meant = [one for one in HELD if low <= one[1] < high]
    key = (lambda one: one) if order == "series" else (lambda one: one[::-1])
    assert found == sorted(meant, key=key, reverse=descending)
