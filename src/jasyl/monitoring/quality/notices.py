"""Messages about alerts and outdated statements: an outbox emptied beside everything else, with growing pauses.

Whoever takes readings in never waits for a mail server: the transaction of what is told only writes the outbox. A
message may come twice (a crash between sending and noting it), never not at all before it is given up; webhooks carry
the number of the event, by which a receiver knows it again.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any, Protocol

import sqlalchemy as sa

from jasyl.intake.outgoing import Limits, Outgoing
from jasyl.quantities import instant
from jasyl.storage import Database, DataFolder, alone
from jasyl.texts import Language, Refusal, say

from ..tables import notice
from .alert_message import alert_messages
from .alert_settings import AlertSettings, Channel, alert_settings, secret
from .statement_message import statement_messages

MINUTE = 60_000_000
# 1, 2, 4 … minutes, at most six hours apart: a message is tried for about two days.
LONGEST, TRIES = 360, 16
AT_ONCE = 200
LOCK = "notices"


@dataclass(frozen=True)
class Sent:
    """Messages that went out, that failed and will be tried again, and that were given up."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0


class Message(Protocol):
    """What waits: ``number`` and ``attempts`` of the outbox, and the ``event`` by which a receiver knows it again."""

    @property
    def number(self) -> int: ...
    @property
    def attempts(self) -> int: ...
    @property
    def event(self) -> str: ...

    def text(self, language: Language, address: str) -> str:
        """For a letter; ``address`` is where the pages stand, empty where nobody said."""
        ...

    def data(self) -> dict[str, Any]:
        """For programs."""
        ...


def anything_to_send(connection: sa.Connection, now: int) -> bool:
    """Whether a message is due; asked every minute, so it only reads."""
    return connection.execute(_due(now).limit(1)).first() is not None


def send_notices(database: Database, folder: DataFolder, now: int, *, wait: bool = True) -> Sent:
    """Try every message that is due: one mail for all of them, one request for each webhook event.

    A failure is noted with its reason and tried again later; it raises nothing. Raises Refusal ``settings-broken``,
    and ``folder-in-use`` when another process is at it and ``wait`` is False.
    """
    settings = alert_settings(folder)
    done = Sent()
    with alone(folder, database, LOCK, wait=wait):
        for channel in ("mail", "webhook"):
            with database.reading() as connection:
                waiting = _waiting(connection, channel, now)
            for portion in [waiting] if channel == "mail" else [[each] for each in waiting]:
                if portion:
                    error = _attempt(channel, settings, folder, portion, now)
                    with database.writing(visible=False) as connection:
                        done = _noted(connection, portion, error, now, done)
    return done


def signature(secret_: str, timestamp: str, body: bytes) -> str:
    """What a webhook's receiver compares: HMAC-SHA-256 over "timestamp.body", hexadecimal after ``sha256=``."""
    signed = hmac.new(secret_.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={signed.hexdigest()}"


def _due(now: int) -> sa.Select[Any]:
    open_ = sa.and_(notice.c.sent_at.is_(None), notice.c.given_up_at.is_(None), notice.c.due_at <= now)
    return sa.select(notice.c.number).where(open_)


def _waiting(connection: sa.Connection, channel: Channel, now: int) -> list[Message]:
    due = _due(now).where(notice.c.channel == channel).order_by(notice.c.number).limit(AT_ONCE)
    numbers = list(connection.scalars(due))
    found: list[Message] = [*alert_messages(connection, numbers), *statement_messages(connection, numbers)]
    return sorted(found, key=lambda message: message.number)


def _attempt(
    channel: str, settings: AlertSettings, folder: DataFolder, portion: Sequence[Message], now: int
) -> str | None:
    """None when it went out, else why not."""
    try:
        if channel == "mail":
            _mail(settings, folder, portion, now)
        else:
            _post(settings, folder, portion[0], now)
    except Refusal as refusal:
        return refusal.text("en")
    except OSError as error:  # SMTPException is one
        return str(error) or type(error).__name__
    return None


def _noted(connection: sa.Connection, portion: Sequence[Message], error: str | None, now: int, done: Sent) -> Sent:
    sent, failed, given_up = done.sent, done.failed, done.given_up
    for each in portion:
        attempts = each.attempts + 1
        values: dict[str, Any] = {"attempts": attempts, "error": error and error[:500]}
        if error is None:
            values["sent_at"] = now
            sent += 1
        elif attempts >= TRIES:
            values["given_up_at"] = now
            given_up += 1
        else:
            values["due_at"] = now + min(2 ** (attempts - 1), LONGEST) * MINUTE
            failed += 1
        connection.execute(sa.update(notice).where(notice.c.number == each.number).values(values))
    return Sent(sent, failed, given_up)


def _mail(settings: AlertSettings, folder: DataFolder, portion: Sequence[Message], now: int) -> None:
    import smtplib  # noqa: PLC0415  (not needed by a server without alerts)
    import ssl  # noqa: PLC0415

    mail = settings.mail
    if mail is None:
        raise Refusal("channel-missing", received="mail")
    message = EmailMessage()
    message["From"], message["To"] = mail.sender, ", ".join(mail.to)
    message["Date"], message["Message-ID"] = format_datetime(instant(now)), make_msgid(domain="jasyl.invalid")
    message["Auto-Submitted"] = "auto-generated"
    mark = f"[{say(settings.language, 'watermark-training')}] " if folder.kind == "training" else ""
    message["Subject"] = mark + say(settings.language, "alert-mail-subject", count=len(portion))
    lines = [each.text(settings.language, settings.address) for each in portion]
    message.set_content("\n\n".join(lines) + "\n\n" + say(settings.language, "alert-mail-foot") + "\n")
    safe = ssl.create_default_context()
    secure = mail.security == "tls"
    server = (
        smtplib.SMTP_SSL(mail.host, mail.port, timeout=20, context=safe)
        if secure
        else smtplib.SMTP(mail.host, mail.port, timeout=20)
    )
    with server:
        if mail.security == "starttls":
            server.starttls(context=safe)
        if mail.user is not None:
            server.login(mail.user, secret(folder, "mail.password"))
        server.send_message(message)


def _post(settings: AlertSettings, folder: DataFolder, each: Message, now: int) -> None:
    hook = settings.webhook
    if hook is None:
        raise Refusal("channel-missing", received="webhook")
    said = each.data() | {"training": folder.kind == "training"}
    body = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
    timestamp = str(now // 1_000_000)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-Jasyl-Event": each.event,
        "X-Jasyl-Timestamp": timestamp,
        "X-Jasyl-Signature": signature(secret(folder, "webhook.secret"), timestamp, body),
    }
    client = Outgoing(Limits(size=100_000, seconds=20, idle=10), private=hook.private)
    answer = client.request("POST", hook.url, headers=headers, body=body)
    if not 200 <= answer.status < 300:
        raise Refusal("outgoing-failed", received=hook.url.partition("?")[0][:120], reason=f"HTTP {answer.status}")
