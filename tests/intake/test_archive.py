import io
import struct
import zipfile

import pytest

from jasyl.intake import Limits, open_source, read_tables
from jasyl.texts import Refusal

CSV = b"name,capacity\nA,1\nB,2\n"


def packed(*files, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


def refusal(data, **limits):
    with pytest.raises(Refusal) as refused:
        for table in read_tables(data, "f.zip", limits=Limits(**limits)):
            list(table.rows())
    assert refused.value.text("kk") and refused.value.text("ru") and refused.value.text("en")
    return refused.value.code


def test_a_zip_with_one_file_is_that_file():
    data = packed(("__MACOSX/._plants.csv", b"x"), ("folder/", b""), ("folder/plants.csv", CSV), (".DS_Store", b"y"))
    (table,) = read_tables(data, "plants.zip")
    assert table.header == ("name", "capacity")
    assert [row.number for row in table.rows()] == [2, 3]
    assert table.notes[0].code == "entry"
    assert "folder/plants.csv" in table.notes[0].text("en")


def test_none_or_several_files_are_refused():
    assert refusal(packed(("a.csv", CSV), ("b.csv", CSV))) == "archive-content"
    assert refusal(packed(("a/", b""))) == "archive-content"


def test_an_archive_in_an_archive_is_refused():
    assert refusal(packed(("inner.zip", packed(("a.csv", CSV))))) == "archive-nested"


@pytest.mark.parametrize("path", ["../a.csv", "/etc/a.csv", "a/../../b.csv", "..\\a.csv", "C:\\a.csv"])
def test_paths_that_lead_outside_are_refused(path):
    assert refusal(packed((path, CSV))) == "archive-path"


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = packed(("a.csv", b"0" * 50_000_000))
    assert len(bomb) < 100_000
    assert refusal(bomb) == "archive-bomb"
    assert refusal(packed(("a.csv", CSV * 1000)), unpacked_bytes=1000) == "archive-bomb"


def test_overlapping_entries_are_refused():
    """A second directory entry that points at the packed bytes of the first."""
    data = packed(("a.csv", bytes(range(256)) * 400), method=zipfile.ZIP_STORED)
    end = data.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<L", data, end + 16)[0]
    directory = data[start:end]
    entries = directory + directory.replace(b"a.csv", b"b.csv") + directory.replace(b"a.csv", b"c.csv")
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 3, 3, len(entries), start, 0)
    assert refusal(data[:start] + entries + tail) == "archive-bomb"


def test_a_size_that_lies_is_found_out():
    data = bytearray(packed(("a.csv", CSV * 2000)))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<L", data, at + 24, 10)  # declared size in the directory
    struct.pack_into("<L", data, 22, 10)
    assert refusal(bytes(data)) == "archive-damaged"


def test_damage_truncation_and_passwords_are_refused():
    data = packed(("a.csv", CSV * 50))
    assert refusal(data[:-30]) == "archive-damaged"
    with pytest.raises(Refusal) as cut:
        open_source(data[:-30], "f.zip")
    assert "нет его конца" in cut.value.text("ru")
    broken = bytearray(data)
    broken[45] ^= 0xFF
    assert refusal(bytes(broken)) == "archive-damaged"
    locked = bytearray(data)
    locked[6] |= 1
    locked[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(locked)) == "archive-encrypted"
    assert refusal(packed(("a.csv", CSV), method=zipfile.ZIP_BZIP2)) == "archive-method"


def test_one_name_twice_is_refused():
    """The checking and the reading program could each take another of the two."""
    data = packed(("a.csv", CSV), ("b.csv", CSV)).replace(b"b.csv", b"A.csv")
    assert refusal(data) == "archive-damaged"


def test_too_many_entries_are_refused():
    many = packed(*((f"{n}.csv", b"") for n in range(30)))
    assert refusal(many, entries=10) == "archive-entries"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"%PDF-1.7 ...", "file-kind"),
        (b"\x89PNG\r\n", "file-kind"),
        (b"\x1f\x8b\x08\x00abc", "file-kind"),
        (b"<html><table>", "file-kind"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "file-kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "file-kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "workbook-encrypted"),
        (packed(("[Content_Types].xml", b"x"), ("word/document.xml", b"y")), "file-kind"),
        (packed(("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"y")), "file-kind"),
        (packed(("a.csv", b"")), "file-empty"),
    ],
)
def test_what_holds_no_table_is_refused_by_name(data, code):
    assert refusal(data) == code


def test_size_is_limited_and_a_missing_file_is_told(tmp_path):
    assert refusal(CSV, file_bytes=5) == "file-too-large"
    with pytest.raises(Refusal, match="cannot be opened"):
        open_source(tmp_path / "nothing.csv")


def test_the_name_of_the_file_does_not_decide(tmp_path):
    path = tmp_path / "table.xlsx"
    path.write_bytes(CSV)
    assert open_source(path).kind == "delimited"
    (table,) = read_tables(path)
    assert table.file == "table.xlsx"
    zipped = tmp_path / "table.csv"
    zipped.write_bytes(packed(("a.txt", CSV)))
    assert read_tables(zipped)[0].columns() == {"name": ["A", "B"], "capacity": ["1", "2"]}
