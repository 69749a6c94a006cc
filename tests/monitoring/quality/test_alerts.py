"""Alerts: opened and closed by quality control, changed by people, told by mail and webhook, never in the way."""

import email
import http.server
import json
import socketserver
import threading

import numpy as np
import pytest
import sqlalchemy as sa
from tests.monitoring.quality.plant import BEGIN, DAY, HOUR, NOW, clear_days, deliver

from jasyl.monitoring import roll_up
from jasyl.monitoring.definitions import definitions
from jasyl.monitoring.quality import (
    alert_settings,
    alerts,
    change,
    decide,
    events_of,
    follow,
    inspect,
    quality_turn,
    send_notices,
    signature,
    watch_silence,
)
from jasyl.monitoring.tables import notice
from jasyl.texts import Refusal

MINUTE = 60_000_000


class Mailbox(socketserver.ThreadingTCPServer):
    """A mail server on loopback that keeps what it is given; says no while ``busy``."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        self.letters, self.busy = [], False
        super().__init__(("127.0.0.1", 0), _Smtp)


class _Smtp(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("421 busy" if self.server.busy else "220 test")
        while line := self.rfile.readline().strip():
            word = line.split(b" ")[0].upper()
            if word == b"DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.letters.append(email.message_from_bytes(b"".join(lines)))
            elif word == b"QUIT":
                self.say("221 bye")
                return
            self.say("250 ok")

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


class Hook(http.server.ThreadingHTTPServer):
    """A receiver of webhooks on loopback that answers with ``status``."""

    def __init__(self):
        self.told, self.status = [], 204
        super().__init__(("127.0.0.1", 0), _Receiver)


class _Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.told.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_):
        pass


def _running(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def mailbox():
    yield from _running(Mailbox())


@pytest.fixture
def hook():
    yield from _running(Hook())


def spoil(database, folder, meter, hour=12, **more):
    start, value = clear_days(12)
    value[5 * 24 + hour] = 3_000_000
    deliver(database, folder, meter, start, value, **more)
    return inspect(database, folder, NOW)


def test_an_alert_opens_lengthens_and_closes_by_itself(database, folder, meter):
    assert len(spoil(database, folder, meter).opened) == 1
    with database.reading() as connection:
        (found,) = alerts(connection)
    assert (found.check, found.severity, found.state, found.changed_by) == ("capacity", "wrong", "open", "quality")
    assert found.end - found.start == HOUR
    at = BEGIN + 5 * DAY
    deliver(database, folder, meter, np.array([at + 14 * HOUR]), np.array([4_000_000]))
    assert inspect(database, folder, NOW).opened == ()
    with database.reading() as connection:
        assert alerts(connection)[0].end == at + 15 * HOUR
    deliver(database, folder, meter, at + HOUR * np.array([12, 14]), np.array([700_000, 700_000]))
    assert inspect(database, folder, NOW).closed == (found.number,)
    with database.reading() as connection:
        assert alerts(connection) == []
        assert [each.state for each in events_of(connection, found.number)] == ["open", "closed"]


def test_people_acknowledge_and_close_and_only_something_new_opens_again(database, folder, meter):
    (number,) = spoil(database, folder, meter).opened
    with database.writing() as connection:
        change(connection, folder, number, "acknowledged", actor="aigul", note="on my way", now=NOW + 1)
        with pytest.raises(Refusal) as refused:
            change(connection, folder, number, "acknowledged", actor="aigul", note="", now=NOW + 1)
        assert refused.value.code == "alert-state"
        closed = change(connection, folder, number, "closed", actor="aigul", note="meter tested", now=NOW + 2)
        assert (closed.state, closed.changed_by, closed.note) == ("closed", "aigul", "meter tested")
        with pytest.raises(Refusal) as refused:
            change(connection, folder, 99, "closed", actor="aigul", note="", now=NOW)
        assert refused.value.code == "unknown-alert"
    assert inspect(database, folder, NOW + 3, start=0).opened == ()
    deliver(database, folder, meter, np.array([BEGIN + 8 * DAY + 12 * HOUR]), np.array([5_000_000]))
    assert len(inspect(database, folder, NOW + 4).opened) == 1


def test_clearing_the_verdict_closes_the_alert(database, folder, meter):
    (number,) = spoil(database, folder, meter).opened
    with database.writing() as connection:
        rows = decide(connection, meter.number, BEGIN, NOW, "cleared", actor="aigul", note="a test load", now=NOW)
        assert follow(connection, folder, definitions(connection), rows, NOW) == ((), (number,))
        last = events_of(connection, number)[-1]
    assert (last.state, last.actor, last.note) == ("closed", "aigul", "a test load")


def test_silence_is_an_alert_until_readings_come(database, folder, meter):
    start, value = clear_days(10)
    deliver(database, folder, meter, start, value)
    with database.reading() as connection:
        defined = definitions(connection)
    roll_up(database, folder, defined)
    end = BEGIN + 10 * DAY

    def watched(now):
        with database.writing() as connection:
            return watch_silence(connection, folder, defined, now)

    assert watched(end + DAY) == ((), ())
    ((number,), ()) = watched(end + 3 * DAY)
    assert watched(end + 4 * DAY) == ((), ())
    with database.writing() as connection:
        change(connection, folder, number, "closed", actor="aigul", note="winter rest", now=end + 5 * DAY)
    assert watched(end + 6 * DAY) == ((), ())
    assert watched(end + 60 * DAY) == ((), ())
    late, more = clear_days(14)
    deliver(database, folder, meter, late[240:], more[240:])
    roll_up(database, folder, defined)
    assert watched(end + 4 * DAY + HOUR) == ((), ())
    ((again,), ()) = watched(end + 7 * DAY)
    deliver(database, folder, meter, late[:24] + 14 * DAY, more[:24])
    roll_up(database, folder, defined)
    assert watched(end + 5 * DAY + HOUR) == ((), (again,))


def test_a_turn_writes_nothing_when_nothing_is_due(database, folder, meter):
    spoil(database, folder, meter)
    quiet = NOW + DAY + HOUR // 2
    done, sent = quality_turn(database, folder, quiet)
    assert (done.series, done.added, sent.sent) == (0, (), 0)
    deliver(database, folder, meter, np.array([BEGIN + 20 * DAY]), np.array([0]))
    assert quality_turn(database, folder, quiet)[0].series == 1
    deliver(database, folder, meter, np.array([BEGIN + 20 * DAY + HOUR]), np.array([0]))
    assert quality_turn(database, folder, quiet)[0].series == 1  # the near checks: this day has been judged deeply
    assert quality_turn(database, folder, quiet)[0].series == 0


def test_mail_tells_all_that_is_due_in_one_letter(database, folder, meter, settings, mailbox):
    mail = {
        "host": "127.0.0.1",
        "port": mailbox.server_address[1],
        "from": "jasyl@example.kz",
        "to": ["duty@example.kz"],
    }
    settings({"mail": mail | {"security": "none"}, "language": "en", "address": "https://jasyl.example.kz/"})
    spoil(database, folder, meter, hour=1)  # capacity and night output
    assert send_notices(database, folder, NOW).sent == 2
    (letter,) = mailbox.letters
    assert letter["Subject"] == "Jasyl: alerts about readings and statements (2)"
    text = letter.get_payload(decode=True).decode()
    assert "Solar output at night" in text
    assert "Sun, meter" in text
    assert "from 2025-06-06 01:00 to 2025-06-06 02:00 (Asia/Almaty)" in text
    assert "https://jasyl.example.kz/en/alerts/1" in text
    assert send_notices(database, folder, NOW).sent == 0


def test_a_busy_server_is_asked_again_with_growing_pauses(database, folder, meter, settings, mailbox):
    mail = {"host": "127.0.0.1", "port": mailbox.server_address[1], "from": "a@example.kz", "to": ["b@example.kz"]}
    settings({"mail": mail | {"security": "none"}})
    mailbox.busy = True
    spoil(database, folder, meter)  # taking readings in is not disturbed
    now, pauses = NOW, []
    while True:
        sent = send_notices(database, folder, now)
        with database.reading() as connection:
            row = connection.execute(sa.select(notice)).one()
        if row.given_up_at is not None:
            break
        assert (sent.sent, sent.failed) == (0, 1)
        assert send_notices(database, folder, row.due_at - 1).failed == 0
        pauses.append((row.due_at - now) // MINUTE)
        now = row.due_at
    assert pauses[:9] == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert set(pauses[9:]) == {360}
    assert sent.given_up == 1
    assert "421" in row.error
    mailbox.busy = False
    with database.writing() as connection:
        change(connection, folder, 1, "closed", actor="a", note="", now=now)
    assert send_notices(database, folder, now).sent == 1


def test_a_webhook_is_signed_and_tried_again(database, folder, meter, settings, hook):
    settings({"webhook": {"url": f"http://127.0.0.1:{hook.server_address[1]}/in", "private": True}})
    spoil(database, folder, meter)
    assert send_notices(database, folder, NOW).failed == 1  # no secret yet
    (folder.keys / "webhook.secret").write_text("a secret\n")
    hook.status = 503
    assert send_notices(database, folder, NOW + MINUTE).failed == 1
    hook.status = 204
    assert send_notices(database, folder, NOW + 3 * MINUTE).sent == 1
    (first, _), (headers, body) = hook.told
    assert headers["X-Jasyl-Signature"] == signature("a secret", headers["X-Jasyl-Timestamp"], body)
    assert headers["X-Jasyl-Event"] == first["X-Jasyl-Event"]
    said = json.loads(body)
    assert (said["check"], said["state"], said["series"], said["training"]) == ("capacity", "open", "meter", False)


def test_the_signature_is_the_standard_one():
    """RFC 4231, test case 2: HMAC-SHA-256 of 'what do ya want for nothing?' under 'Jefe' — with our point within."""
    import hashlib
    import hmac

    expected = hmac.new(b"Jefe", b"what do ya want.for nothing?", hashlib.sha256).hexdigest()
    assert signature("Jefe", "what do ya want", b"for nothing?") == f"sha256={expected}"


def test_a_webhook_into_the_own_network_needs_the_operators_word(database, folder, meter, settings, hook):
    settings({"webhook": {"url": f"http://127.0.0.1:{hook.server_address[1]}/in"}})
    (folder.keys / "webhook.secret").write_text("a secret")
    spoil(database, folder, meter)
    assert send_notices(database, folder, NOW).failed == 1
    assert hook.told == []


def test_broken_settings_are_said_and_stop_no_reading(database, folder, meter, settings):
    settings({"mail": {"host": "x"}})
    assert len(spoil(database, folder, meter).opened) == 1
    with pytest.raises(Refusal) as refused:
        alert_settings(folder)
    assert refused.value.code == "settings-broken"
