import json
import subprocess
import sys

import pytest

from jasyl.intake import Limits, read_tables
from jasyl.intake.delimited import find_separator
from jasyl.texts import Refusal


def table(text, codec="utf-8", **limits):
    return read_tables(text.encode(codec), "f.csv", limits=Limits(**limits))[0]


def refused(text, **limits):
    with pytest.raises(Refusal) as found:
        list(table(text, **limits).rows())
    return found.value


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators(separator):
    found = table(separator.join("abc") + "\n" + separator.join(["1", "2", "x y"]) + "\n")
    assert found.header == ("a", "b", "c")
    assert found.columns()["c"] == ["x y"]


def test_decimal_commas_do_not_separate():
    found = table("Название;Мощность;Выработка\nA;1,5;2,25\nB;3,5;4,75\nC;0,5;1,0\n")
    assert found.columns() == {
        "Название": list("ABC"),
        "Мощность": ["1,5", "3,5", "0,5"],
        "Выработка": ["2,25", "4,75", "1,0"],
    }


def test_a_named_separator_and_a_single_column():
    assert find_separator(["sep=|", "a|b"]) == "|"
    assert table("name\nA\nB\n").columns() == {"name": ["A", "B"]}


def test_quotes_keep_separators_and_line_breaks():
    found = table('name,note\n"A, B","line 1\nline ""2"""\nC,\n')
    rows = list(found.rows())
    assert rows[0]["name"].text == "A, B"
    assert rows[0]["note"].text == 'line 1\nline "2"'
    assert rows[1].number == 3
    assert rows[1]["name"].where.text("en") == "f.csv, row 3, field “name”"
    with pytest.raises(KeyError):
        rows[0]["nothing"]


def test_preamble_comments_and_blank_lines_are_stepped_over():
    found = table("# exported 2024\n\nReport of plants\n\nname,capacity,region\n\nA,1,x\n,,\nB,2,y\n")
    assert (found.header, found.header_row) == (("name", "capacity", "region"), 5)
    assert [(row.number, row["name"].text) for row in found.rows()] == [(7, "A"), (9, "B")]
    assert [note.code for note in found.notes] == ["encoding", "separator", "header"]


def test_years_may_be_headers():
    assert table("region,2021,2022\nA,1,2\n").header == ("region", "2021", "2022")


def test_ragged_rows_are_named():
    blocks = list(table("a,b,c\n1,2,3\n1,2\n1,2,3,,\n1,2,3,4\n").blocks())
    assert blocks[0].numbers == [2, 4]
    assert blocks[0].misfits == [(3, 2), (5, 4)]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings(ending):
    assert table(ending.join(["a,b", "1,2", "3,4"])).columns() == {"a": ["1", "3"], "b": ["2", "4"]}


def test_zero_bytes_long_lines_and_open_quotes_are_refused_at_their_row():
    found = refused("a,b\n1,2\n3,\x004\n")
    assert (found.code, found.where.row) == ("zero-byte", 3)
    assert refused("a,b\n" + "x" * 5000, line_chars=1000).code == "line-too-long"
    found = refused('a,b\n1,2\n3,"open\n' + "4,5\n" * 60_000)
    assert (found.code, found.where.row) == ("quote-open", 3)


def test_bytes_of_another_encoding_in_the_middle_are_refused():
    data = "а,б\n1,2\n".encode("utf-16") + b"\x00\xd8\n\x00"
    with pytest.raises(Refusal) as found:
        list(read_tables(data, "f.csv")[0].rows())
    assert found.value.code == "encoding-broken"


def test_no_header_too_many_columns_too_many_rows():
    assert refused("1,2\n3,4\n").code == "no-header"
    assert refused(",".join(f"c{n}" for n in range(9)) + "\n", columns=8).code == "too-many-columns"
    found = refused("a,b\n" + "1,2\n" * 5, rows=3)
    assert (found.code, found.where.row) == ("too-many-rows", 5)


# The rows of each file, and by how many bytes the second raised the most memory that the process ever held (not
# ru_maxrss: that is handed down from the process that started this one).
READER = """
import json, re, sys
from pathlib import Path
from jasyl.intake import read_tables

def read(path):
    rows = sum(len(block.numbers) for block in read_tables(Path(path))[0].blocks())
    return rows, int(re.search(r"VmHWM:\\s+([0-9]+) kB", Path("/proc/self/status").read_text())[1]) * 1024

(one, before), (other, after) = map(read, sys.argv[1:])
print(json.dumps([[one, other], after - before]))
"""


def test_a_million_rows_stay_in_bounded_memory(tmp_path):
    path = tmp_path / "million.csv"
    with path.open("w", encoding="cp1251") as file:
        file.write("серия;начало;значение\n")
        for start in range(0, 1_000_000, 1000):
            file.writelines(f"A{row % 7};2024-01-01 {row % 24:02}:00;{row},5\n" for row in range(start, start + 1000))
    small = tmp_path / "small.csv"
    small.write_text("серия;начало;значение\nA1;2024-01-01 00:00;1,5\n", encoding="cp1251")
    done = subprocess.run([sys.executable, "-c", READER, small, path], capture_output=True, check=True)
    rows, grown = json.loads(done.stdout)
    assert rows == [1, 1_000_000]
    assert path.stat().st_size > 25_000_000
    assert grown < 20_000_000
