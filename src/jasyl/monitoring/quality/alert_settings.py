"""Where messages about alerts go: the part ``alerts`` of the data folder's settings, secrets in its folder of keys."""

from typing import Any, Literal

import msgspec

from jasyl.storage import DataFolder
from jasyl.texts import Language, Refusal

Channel = Literal["mail", "webhook"]


class MailSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"sender": "from"}):
    """A server for outgoing mail. The password, where ``user`` is given, stands in ``keys/mail.password``."""

    host: str
    sender: str
    to: list[str]
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None


class WebhookSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An address that is told of alerts; ``private`` lets it be a host of the own network, with plain http.

    Messages are signed with the secret in ``keys/webhook.secret``.
    """

    url: str
    private: bool = False


class AlertSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Channels, the language of messages, and the public address of this installation for links."""

    mail: MailSettings | None = None
    webhook: WebhookSettings | None = None
    language: Language = "ru"
    address: str = ""


def alert_settings(folder: DataFolder) -> AlertSettings:
    """The settings of alerts; without any, messages go nowhere. Raises Refusal ``settings-broken``."""
    said: dict[str, Any] = dict(folder.settings)
    try:
        return msgspec.convert(said.get("alerts", {}), AlertSettings)
    except msgspec.ValidationError as error:
        raise Refusal("settings-broken", received=str(folder.settings_file), reason=str(error)) from error


def channels(folder: DataFolder) -> tuple[Channel, ...]:
    """The channels that are set up; none when the settings cannot be read (sending says so, writing goes on)."""
    try:
        settings = alert_settings(folder)
    except Refusal:
        return ()
    return tuple(name for name in ("mail", "webhook") if getattr(settings, name) is not None)


def secret(folder: DataFolder, name: str) -> str:
    """A secret of the folder of keys. Raises Refusal ``secret-missing``."""
    try:
        return (folder.keys / name).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Refusal("secret-missing", received=f"keys/{name}") from error
