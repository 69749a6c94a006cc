import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.intake.encoding import detect, readability
from jasyl.texts import Refusal

RUSSIAN = "Название;Мощность, МВт\nСолнечная электростанция «Бурное»;50\nЗавод по сортировке отходов № 3;12\n"
KAZAKH = "Атауы;Қуаты, МВт\nКүн электр станциясы «Шұғыла»;50\nҚалдықтарды сұрыптау зауыты;12\nӨңірі;Алматы\n"


@pytest.mark.parametrize(
    ("text", "codec", "expected"),
    [
        (RUSSIAN, "utf-8", "utf-8"),
        (RUSSIAN, "utf-8-sig", "utf-8-sig"),
        (RUSSIAN, "utf-16", "utf-16"),
        (RUSSIAN, "utf-16-le", "utf-16-le"),
        (KAZAKH, "utf-16-be", "utf-16-be"),
        (RUSSIAN, "cp1251", "cp1251"),
        (KAZAKH, "kz1048", "kz1048"),
        (RUSSIAN.translate({ord("«"): "<", ord("»"): ">"}), "cp866", "cp866"),
        ("Name;Capacity\nBurnoye;50\n", "ascii", "utf-8"),
    ],
)
def test_the_encodings_of_kazakhstan_are_told_apart(text, codec, expected):
    found = detect([text.encode(codec)], "f.csv")
    assert found.codec == expected
    assert text.encode(codec).decode(found.codec) == text


def test_capitals_only_are_read_too():
    assert detect(["НАИМЕНОВАНИЕ;МОЩНОСТЬ\nЗАВОД;12".encode("cp1251")], "f").codec == "cp1251"
    assert detect(["ҚУАТЫ;ӨҢІРІ;АТАУЫ".encode("kz1048")], "f").codec == "kz1048"


def test_a_text_that_leaves_ascii_late_is_still_recognised():
    parts = [b"a;b\n" * 300_000, "Қала;1\n".encode("kz1048") * 5]
    assert detect(parts, "f").codec == "kz1048"


def test_a_utf8_character_cut_between_parts_is_whole():
    data = KAZAKH.encode()
    assert detect([data[:15], data[15:]], "f").codec == "utf-8"
    assert detect([data[:14], data[14:]], "f").codec == "utf-8"


def test_what_is_no_text_is_refused():
    with pytest.raises(Refusal) as refused:
        detect([bytes(range(128, 256)) * 20], "f.csv")
    assert refused.value.code == "encoding-unclear"
    with pytest.raises(Refusal):
        detect([codecs.BOM_UTF32_LE + "a".encode("utf-32-le")], "f.csv")


@given(st.text(alphabet="абвгдежзиклмнопрстуфхцчшыьэюяқңғүұәөі \n;0123456789", min_size=1))
def test_utf8_is_never_mistaken(text):
    assert detect([text.encode()], "f").codec == "utf-8"


def test_readability_prefers_real_words():
    assert readability("электр станциясы") > readability("ЮыхъҐЁ") > readability("╟╢═")
    assert readability("plain ascii") == 0
