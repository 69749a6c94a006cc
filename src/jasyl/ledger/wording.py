"""Words for the codes that records carry; a code that has none, of another log or version, stands for itself."""

from jasyl.texts import Language, has, say


def record_kind_name(kind: str, language: Language) -> str:
    """What the records of a kind are: "sealed days", «опечатанные сутки»."""
    return _word(f"record-kind-{kind}", kind, language)


def purpose_name(purpose: str, language: Language) -> str:
    """What a key is for: "gateway", «шлюз»."""
    return _word(f"key-purpose-{purpose}", purpose, language)


def number_kind_name(kind: str, language: Language) -> str:
    """What sort of number a figure is: "observed", «измерено»."""
    return _word(f"kind-{kind}", kind, language)


def _word(message: str, code: str, language: Language) -> str:
    return say(language, message) if has(language, message) else code
