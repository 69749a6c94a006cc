"""A document of the wrong form: the field, what stands in it and what may stand there, in the reader's language."""

from decimal import Decimal
from typing import Literal

import msgspec
import pytest

from jasyl.intake import form_fault
from jasyl.texts import LANGUAGES


class Line(msgspec.Struct, forbid_unknown_fields=True):
    amount: Decimal | None = None
    kind: Literal["coal", "gas"] | None = None
    name: str = ""


class Form(msgspec.Struct, forbid_unknown_fields=True):
    year: int
    lines: tuple[Line, ...] = ()
    shares: dict[str, Decimal] = {}


@pytest.mark.parametrize(
    ("document", "code", "field", "received", "expected"),
    [
        ({"year": 1, "lines": [{}, {"amount": "#NUM!"}]}, "not-number", "lines[1].amount", "#NUM!", None),
        ({"year": "soon"}, "not-number", "year", "soon", None),
        ({"year": 1, "lines": [{"kind": "peat"}]}, "not-choice", "lines[0].kind", "peat", "coal, gas"),
        ({"year": 1, "lines": [{"kind": 7}]}, "form", "lines[0].kind", "Expected `str | null`, got `int`", "Form"),
        ({"lines": []}, "field-missing", None, "year", None),
        ({"year": 1, "lines": [{"colour": "red"}]}, "field-unknown", "lines[0]", "colour", None),
        ({"year": 1, "lines": [{"name": 5}]}, "form", "lines[0].name", "Expected `str`, got `int`", "Form"),
        ({"year": 1, "shares": {"a": "#NUM!"}}, "form", "shares[...]", "Invalid decimal string", "Form"),
    ],
)
def test_a_fault_names_its_field_and_what_stands_there(document, code, field, received, expected):
    with pytest.raises(msgspec.ValidationError) as error:
        msgspec.convert(document, Form)
    refusal = form_fault(error.value, document, Form, "form", file="f.json", expected="Form")
    said = (refusal.code, refusal.where.field, refusal.arguments["received"], refusal.arguments.get("expected"))
    assert said == (code, field, received, expected)
    for language in LANGUAGES if code != "form" else ():
        assert received in refusal.text(language)
