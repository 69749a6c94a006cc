"""Accounts for the tests: a small one, and one that uses every field of the document."""

WASTE = {
    "id": "demo", "title": {"en": "Demo", "ru": "Демо", "kk": "Демо"}, "place": "KZ-75", "periods": ["2023", "2024"],
    "processes": [
        {"id": "city", "balance": False}, {"id": "collection"}, {"id": "sorting"}, {"id": "landfill"},
        {"id": "market", "balance": False},
    ],
    "materials": [
        {"id": "msw"}, {"id": "paper", "density": 150}, {"id": "carbon", "layer": "substance"},
        {"id": "heat", "layer": "energy"},
    ],
    "flows": [
        {"id": "collected", "source": "city", "target": "collection", "material": "msw"},
        {"id": "to-sorting", "source": "collection", "target": "sorting", "material": "msw"},
        {"id": "direct", "source": "collection", "target": "landfill", "material": "msw"},
        {"id": "sold", "source": "sorting", "target": "market", "material": "paper"},
        {"id": "residue", "source": "sorting", "target": "landfill", "material": "msw"},
        {"id": "carbon-sold", "source": "sorting", "target": "market", "material": "carbon"},
    ],
    "stocks": [{"id": "heap", "process": "landfill"}],
    "relations": [
        {"id": "yield", "type": "transfer", "results": ["sold"], "of": ["to-sorting"]},
        {"id": "in-paper", "type": "concentration", "results": ["carbon-sold"], "of": ["sold"]},
    ],
    "observations": [
        {"id": "a", "of": "collected", "period": "2023", "value": "500", "unit": "kt", "cv": "0.1", "source": "A"},
        {"id": "b", "of": "to-sorting", "period": "2023", "value": 412.6, "unit": "кт", "sd": 20, "source": "B"},
        {"of": "direct", "period": "2023", "value": 150, "unit": "тыс. т", "cv": 0.1, "source": "B"},
        {"of": "yield", "period": "2023", "value": 7.3, "unit": "%", "sd": 1, "source": "C"},
        {"of": "in-paper", "period": "2023", "low": 350, "high": 450, "unit": "g/kg", "distribution": "interval",
         "source": "D"},
        {"of": "collected", "period": "2024", "value": 540, "unit": "kt", "pedigree": {"reliability": 2},
         "source": "A"},
        {"of": "collected", "period": "2024", "value": 560, "unit": "kt", "cv": 0.1, "source": "E"},
    ],
    "definitions": [{"series": "", "since": "2024", "text": "counted anew"}],
}  # fmt: skip

FULL = WASTE | {
    "unit": "kt", "note": {"en": "All fields", "ru": "Все поля", "kk": "Барлық өрістер"},
    "regions": [{"id": "north", "name": "Север"}, {"id": "south"}],
    "processes": [
        *WASTE["processes"][:1],
        {"id": "collection", "name": {"en": "Collection", "ru": "Сбор", "kk": "Жинау"}, "region": "north",
         "sector": "E38"},
        *WASTE["processes"][2:],
    ],
    "materials": [
        {"id": "msw", "code": {"scheme": "EWC", "value": "20 03 01"}, "density": "200.5"},
        {"id": "paper", "parent": "msw", "name": "Бумага"}, *WASTE["materials"][2:],
    ],
    "flows": [
        *WASTE["flows"],
        {"id": "trade", "source": "market", "target": "city", "material": "paper", "negative": True},
    ],
    "relations": [
        *WASTE["relations"],
        {"id": "same", "type": "equality", "terms": [{"of": "trade"}, {"of": "sold", "factor": "-0.25"}],
         "constant": "1.5", "unit": "t", "name": "a quarter returns"},
        {"id": "part", "type": "share", "results": ["direct"], "of": ["collected"], "group": "g"},
    ],
    "observations": [
        *WASTE["observations"][:2],
        {"of": "heap", "period": "2023", "value": "123456789.123456", "unit": "kg", "distribution": "lognormal",
         "cv": "0.4", "quantity": "level", "kind": "assumed", "confidence": "low", "series": "heap of 2023",
         "method": "survey", "note": "= formula; with \"signs\"", "source": "S; T"},
        {"of": "direct", "period": "2024", "low": "1.5", "high": "2", "unit": "t", "distribution": "interval",
         "source": "U", "id": "i"},
        {"of": "sold", "period": "2024", "value": "7", "unit": "t", "distribution": "exact", "source": "U", "id": "e"},
        {"of": "residue", "period": "2024", "value": "7", "unit": "t", "source": "U",
         "pedigree": {"reliability": 3, "other": 2}},
    ],
    "correlations": [{"id": "scale", "members": ["a", "b"], "rho": "0.35", "reason": "one weighbridge"}],
    "definitions": [{"series": "recycled", "since": "2024", "text": {"en": "no longer sorted", "ru": "иное"}}],
    "pedigree": {"reliability": ["0.01", "0.02", "0.03", "0.04"]},
}  # fmt: skip
