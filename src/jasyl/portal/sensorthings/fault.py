"""What a request is answered with when it cannot be done."""

from jasyl.texts import Refusal


class Fault(Exception):
    """An HTTP status with a refusal, told in the reader's language."""

    def __init__(self, status: int, code: str, **arguments: str | int | None) -> None:
        super().__init__(code)
        self.status = status
        self.refusal = Refusal(code, where=None, **arguments)


def invalid(code: str, **arguments: str | int | None) -> Fault:
    """400: the request is wrong."""
    return Fault(400, code, **arguments)


def missing(what: str) -> Fault:
    """404: there is no such entity, property or address (or none that the reader may see)."""
    return Fault(404, "sta-missing", received=what[:120])
