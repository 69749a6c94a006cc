"""Sources of values taken apart: each work once, in the reader's language, with what it is cited for."""

from jasyl.facts import Citation, CitedWorks, citations

WASTE = "mgorod.kz 17 (Bureau of National Statistics)"
ESTIMATE = "tengrinews.kz 589638 (high) or an estimate (low; rounded)"


def test_semicolons_part_works_but_not_inside_brackets():
    assert citations(f"{WASTE}; population: {ESTIMATE}") == [Citation(WASTE), Citation(ESTIMATE, "population")]


def test_a_colon_that_names_no_part_of_a_value_belongs_to_the_work():
    assert citations("doi: 10.1000/1") == [Citation("doi: 10.1000/1")]
    assert citations("https://example.org/a; https://example.org/b") == [
        Citation("https://example.org/a"),
        Citation("https://example.org/b"),
    ]


def test_a_work_is_numbered_once_however_often_it_is_cited():
    works = CitedWorks()
    assert works.numbers(f"{WASTE}; population: {ESTIMATE}") == [1, 2]
    assert works.numbers(f"astana.kz; composition: {WASTE}; population: {ESTIMATE}; astana.kz") == [3, 1, 2]
    assert works.written("en") == [WASTE, f"population: {ESTIMATE}", "astana.kz"]


def test_publishers_and_parts_are_in_the_readers_language():
    works = CitedWorks()
    works.numbers(f"composition: {WASTE}")
    assert works.written("ru") == ["состав: mgorod.kz 17 (Бюро национальной статистики)"]
    assert works.written("kk") == ["құрамы: mgorod.kz 17 (Ұлттық статистика бюросы)"]
