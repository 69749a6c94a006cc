"""Whatever a server does instead of answering, the gateway keeps everything and tries again."""

import socket
import threading

import pytest

from jasyl_gateway.configuration import load
from jasyl_gateway.program import Gateway
from jasyl_gateway.push import Server, TryLaterError

SETTINGS = """
[gateway]
name = "boiler house"
server = "http://127.0.0.1:{port}"
token = "secret"
push_every = 0.05
[[modbus]]
host = "127.0.0.1"
port = 1
points = [{{ address = 0, series = "power", unit = "kW" }}]
"""


@pytest.fixture
def answering():
    """Give a function that lets a port answer every request with the same bytes and then hang up."""
    listener = socket.create_server(("127.0.0.1", 0))
    said = []

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                connection.sendall(said[-1])

    thread = threading.Thread(target=serve)
    thread.start()
    yield lambda answer: said.append(answer) or listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"outcome": [',  # killed in the middle of its answer
        b'HTTP/1.1 500 Internal Server Error\r\nContent-Length: 500\r\n\r\n{"det',
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull",
    ],
)
def test_no_answer_is_an_acknowledgement_but_a_whole_one(answering, answer):
    port = answering(answer)
    with pytest.raises(TryLaterError):
        Server(f"http://127.0.0.1:{port}", "secret", timeout=5).push(b"{}")


def test_a_part_that_fails_ends_the_program_instead_of_leaving_half_of_it(tmp_path, caplog):
    file = tmp_path / "gateway.toml"
    file.write_text(SETTINGS.format(port=1))
    gateway = Gateway(load(file, {}))
    gateway.spool.append(b"[]")
    (frames,) = gateway.spool.files()
    frames.write_bytes(frames.read_bytes()[:-1] + b"!")
    assert gateway.run() is False
    assert "push failed" in caplog.text and "frame 1 cannot be read" in caplog.text
