"""Printed papers: the font has every letter, text can be taken out again, hostile input stays text, same bytes."""

import datetime as dt
import re
import subprocess
import sys
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.serving import environment

from jasyl.papers.font import characters
from jasyl.papers.paper import Chart, Charts, Heading, Items, KeyNumber, Numbers, Paper, Table, Text
from jasyl.papers.pdf import page_pictures, write_pdf
from jasyl.texts import LANGUAGES, Refusal

KAZAKH = "әғқңөұүһіӘҒҚҢӨҰҮҺІ"
ALPHABETS = {
    "kk": "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "en": "abcdefghijklmnopqrstuvwxyz",
}
SIGNS = "₸²³°″≥≤·–—−×«»№±%₂"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 20" font-family="Inter"><text y="15">Қаңтар</text></svg>'


def _paper(**more):
    return Paper(**{"title": "Учаске", "language": "kk", "day": dt.date(2026, 11, 22), **more})


def _streams(pdf):
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            continue


def _letters(pdf):
    """Every character that the embedded fonts say their glyphs stand for: what a reader copies out of the file."""
    found = set()
    for stream in _streams(pdf):
        if b"begincmap" not in stream:
            continue
        for block in re.findall(rb"beginbf(?:char|range)(.*?)endbf", stream, re.DOTALL):
            for line in block.splitlines():
                codes = re.findall(rb"<([0-9A-Fa-f]+)>", line)
                found.update(bytes.fromhex(codes[-1].decode()).decode("utf-16-be") if codes else "")
    return found


def _fonts(pdf):
    every = b"".join([pdf, *_streams(pdf)])
    return {name.decode() for name in re.findall(rb"/BaseFont ?/([^ /\r\n>]+)", every)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_is_in_the_one_embedded_font(language):
    letters = ALPHABETS[language] + ALPHABETS[language].upper() + KAZAKH + SIGNS + "0123456789"
    pdf = write_pdf(_paper(language=language, blocks=(Text(" ".join(letters)),)))
    assert set(letters) <= _letters(pdf)
    names = {re.sub(r"^[A-Z]{6}\+|-Identity-H$", "", name) for name in _fonts(pdf)}
    assert names == {"Inter-Regular", "Inter-Bold"}


def test_a_character_that_the_font_lacks_is_seen_to_be_missing():
    found = _letters(write_pdf(_paper(title="а", blocks=(Text("漢\u200d\x08x"),))))
    assert "□" in found
    assert not {"漢", "\u200d", "\x08"} & found
    assert set(KAZAKH + SIGNS) <= characters()


def test_a_paper_of_every_block_is_tagged_and_has_page_numbers():
    blocks = (
        Heading("Ресурс"),
        Text("Мәтін"),
        Text("Ескерту", soft=True),
        Numbers((KeyNumber("ГГР", "4,47", "кВт·сағ", "bound", "жоғарғы шек", "ескерту"), KeyNumber("б", "1"))),
        Table("Кесте", ("а", "б"), tuple(("1", "2") for _ in range(120)), numeric=(1,), widths=(3, 1)),
        Table("", ("а", "б"), (("1", "2"),)),
        Charts((Chart(SVG, "Айлар", "Айлар бойынша"),)),
        Items(("бір", "екі")),
    )
    paper = _paper(blocks=blocks, digest="ab" * 32, watermark="ОҚУ", lead="Кіріспе", subtitle="Орны")
    pdf = write_pdf(paper)
    assert pdf.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in b"".join([pdf, *_streams(pdf)])
    pictures = page_pictures(paper)
    assert len(pictures) == 3
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


def test_the_same_paper_gives_the_same_bytes_in_another_process():
    paper = _paper(blocks=(Text("Бір"), Charts((Chart(SVG, "а", "б"),))))
    script = (
        "import sys, datetime as dt\n"
        "from jasyl.papers.paper import *\nfrom jasyl.papers.pdf import write_pdf\n"
        f"paper = Paper(title='Учаске', language='kk', day=dt.date(2026, 11, 22), "
        f"blocks=(Text('Бір'), Charts((Chart({SVG!r}, 'а', 'б'),))))\n"
        "sys.stdout.buffer.write(write_pdf(paper))"
    )
    other = subprocess.run([sys.executable, "-c", script], env=environment(TZ="Asia/Tokyo"), capture_output=True)
    assert other.stdout == write_pdf(paper), other.stderr.decode()
    assert write_pdf(paper) == write_pdf(paper)
    assert b"D:20261122" in write_pdf(paper)


HOSTILE = '#panic("x") $1/0$ *b* _i_ @ref <label> `raw` \\ // /* [ ] { } #import "@preview/x:1.0.0": * "\'<svg>&amp;'


def test_hostile_text_is_printed_as_it_is():
    pdf = write_pdf(
        _paper(
            title=HOSTILE, lead=HOSTILE, subtitle=HOSTILE, watermark=HOSTILE, digest=HOSTILE,
            blocks=(
                Text(HOSTILE), Heading(HOSTILE), Items((HOSTILE,)), Table(HOSTILE, (HOSTILE,), ((HOSTILE,),)),
                Numbers((KeyNumber(HOSTILE, HOSTILE, HOSTILE, "plain", HOSTILE, HOSTILE),)),
                Charts((Chart(SVG, HOSTILE, HOSTILE),)),
            ),
        )
    )  # fmt: skip
    assert set("#@$*`\\{}[]<>&") <= _letters(pdf)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_any_text_makes_a_paper(text):
    assert write_pdf(_paper(title=text or "x", lead=text, blocks=(Text(text),))).startswith(b"%PDF")


@pytest.mark.parametrize("picture", ["", "no picture", "<svg", '<svg xmlns="http://www.w3.org/2000/svg"><g></svg>'])
def test_a_picture_that_is_none_is_refused(picture):
    with pytest.raises(Refusal) as refusal:
        write_pdf(_paper(blocks=(Charts((Chart(picture, "а", "б"),)),)))
    assert refusal.value.code == "paper-picture"


def test_a_picture_cannot_bring_in_files(tmp_path):
    secret = tmp_path / "secret.svg"
    secret.write_text(SVG.replace("Қаңтар", "ЎЎ"))
    linked = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><image href="{secret}" width="9" height="9"/></svg>'
    )
    try:
        pdf = write_pdf(_paper(blocks=(Charts((Chart(linked, "а", "б"),)),)))
    except Refusal:
        return
    assert "Ў" not in _letters(pdf)
