"""Remarks of values in the reader's language: numbers keep their value, lists go item by item, foreign words stand."""

import re
from pathlib import Path

import pytest

from jasyl.atlas import load_areas, load_sites
from jasyl.atlas.layer_catalogue import catalogue
from jasyl.atlas.layer_notes import layer_note, layer_period
from jasyl.atlas.value_notes import written_note
from jasyl.storage import open_folder
from jasyl.texts import Language

REMARKS = (
    "composition of KZ-71, 2018; share of the national amount less 3 published regions, by population 596000 of "
    "2025-12-01 (medium confidence)",
    "not known here: crop residues, manure",
    "sum of 20 regions; statistics of 2016 to 2020",
    "WMO 28879; 1991-2020; mean of the 12 monthly values (computed)",
    "extrapolated to 80 m from a 50 m mast; recalled: verify",
    "to: Severny landfill (severny-landfill)",
    "draw-down 7.5-15 m",
    "",
)


@pytest.mark.parametrize("remark", REMARKS)
def test_english_is_what_was_kept(remark):
    assert written_note(remark, "en") == remark


def test_the_words_are_the_readers_and_the_numbers_stay():
    assert written_note(REMARKS[0], "ru") == (
        "состав отходов: KZ-71, 2018 г.; доля остатка по стране без опубликованных регионов (3) по населению 596000 на "
        "2025-12-01 (средняя достоверность)"
    )
    assert written_note(REMARKS[1], "kk") == "мұнда белгісіз: өсімдік қалдықтары, көң"
    assert written_note(REMARKS[3], "ru") == "WMO 28879; 1991-2020; среднее 12 месячных значений (рассчитано)"
    assert written_note(REMARKS[4], "kk").startswith("50 м діңгектен 80 м биіктікке")
    assert written_note(REMARKS[5], "ru") == "куда: Severny landfill (severny-landfill)"
    assert written_note(REMARKS[6], "kk") == "деңгейдің төмендеуі 7,5-15 м"
    assert written_note("design capacity 1,616,983 t; Ili basin", "ru") == (
        "проектная вместимость 1\N{NO-BREAK SPACE}616\N{NO-BREAK SPACE}983 т; Илийский бассейн"
    )
    assert written_note("seen by a neighbour 3.5 times", "ru") == "seen by a neighbour 3.5 times"


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_every_remark_of_the_starter_is_told(starter_folder: Path, language: Language):
    """What layers are built of in the starter: each remark has words, but for codes and years."""
    folder = open_folder(starter_folder)
    read = {"areas": load_areas, "sites": load_sites}
    built = [one for one in catalogue(folder) if one.state == "built" and one.shape in read]
    notes = {value.note for one in built for value in read[one.shape](folder, one.id).values}
    remarks = {remark for note in notes for remark in note.split("; ") if re.search("[a-z]{2}", remark)}
    assert len(remarks) > 50
    assert [remark for remark in sorted(remarks) if written_note(remark, language) == remark] == []


def test_how_a_layer_was_made_is_told_in_the_readers_language():
    made = "orientation: slope 35, azimuth 160, tracking horizontal, ground cover 0.4; sky hay-davies"
    assert layer_note(made, "ru") == (
        "установка: наклон 35°, азимут 160°, поворот вокруг горизонтальной оси, покрытие земли 0,4; "
        "небо ярче около солнца (Хэй и Дэвис)"
    )
    assert layer_note("turbine: E-126/4200 (windpowerlib 0.2.2), hub height 99 m", "kk") == (
        "турбина: E-126/4200 (windpowerlib 0.2.2), күпшек биіктігі 99 м"
    )
    assert layer_note("country-covered=0.9950", "ru") == "значение есть для 99,5 % страны"
    assert layer_period("2022-12-31 to 2023-12-31", "kk") == "2022-12-31 – 2023-12-31"
    assert layer_period("1970-2000", "kk") == "1970-2000"
