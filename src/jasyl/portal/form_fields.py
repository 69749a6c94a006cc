"""The fields of a form in the words that stand above them."""

from jasyl.texts import Language, Refusal, Where, has, say


def headed(refusal: Refusal, language: Language, headings: str) -> Refusal:
    """The same refusal with the heading of its field (message ``headings``-name) in the place of the field's name."""
    name = ((refusal.where and refusal.where.field) or "").rpartition(" ")[2]
    heading = f"{headings}-{name.replace('_', '-')}"
    if not name or not has(language, heading):
        return refusal
    return Refusal(refusal.code, where=Where(field=say(language, heading)), **refusal.arguments)
