"""``jasyl city report``: a book in a file becomes paper, without any data folder."""

import json

import pytest

SAID = {"point": "EC.ICT.ICT.1C", "numerator": 280000, "denominator": 310000, "origin": "survey", "quality": "measured"}
BOOK = {"format": "jasyl-city-book", "version": 1, "place": "KZ-79", "year": 2024, "catalogue": "u4ssc"}


@pytest.fixture
def report(jasyl, tmp_path):
    """Writes a book of one entry and prints it; gives the exit code, what was said and what was wrong."""

    def run(*options, entry=SAID):
        file = tmp_path / "book.json"
        file.write_text(json.dumps(BOOK | {"entries": [entry]}))
        code = jasyl("city", "report", str(file), *options)
        return code, jasyl.out, jasyl.err

    return run


@pytest.mark.parametrize("kind", ["snapshot", "factsheet", "verification"])
def test_a_book_in_a_file_becomes_a_paper(report, tmp_path, kind):
    out = tmp_path / "paper.pdf"
    code, said, _ = report("--kind", kind, "--out", str(out), "--json")
    assert code == 0
    told = json.loads(said)
    assert out.read_bytes().startswith(b"%PDF")
    assert (told["bytes"], told["reported"], told["scored"]) == (out.stat().st_size, 1, 1)


def test_without_benchmarks_nothing_is_scored(report, tmp_path):
    _, said, _ = report("--benchmarks", "none", "--out", str(tmp_path / "paper.pdf"), "--json")
    assert json.loads(said)["scored"] == 0


def test_a_paper_that_there_is_not_and_a_book_that_cannot_be_read_are_refused(report, tmp_path):
    assert report("--kind", "poster")[0] == 2
    code, _, err = report("--out", str(tmp_path / "x.pdf"), entry={"point": "EC.ICT.ICT.1C", "value": "#NUM!"})
    assert code == 1
    assert "#NUM!" in err
    assert not (tmp_path / "x.pdf").exists()
