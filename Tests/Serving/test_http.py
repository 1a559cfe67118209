"""What RFC 9112 asks of connections, and answers to what is no request."""

import json
import socket

import pytest

import models
from server import serving

LIVE = b"GET /v2/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(models.linear(tmp_path_factory.mktemp("model") / "linear.keras")) as server:
        yield server


def connect(server):
    return socket.create_connection(("127.0.0.1", server.port), timeout=10)


def answers_until_the_end(client):
    """Status, headers and body of each answer, until the server ends the connection."""
    stream = client.makefile("rb")
    answers = []
    while line := stream.readline():
        headers = {}
        while (field := stream.readline().strip()) != b"":
            name, value = field.decode().split(":", 1)
            headers[name.lower()] = value.strip()
        body = stream.read(int(headers["content-length"]))
        answers.append((line.decode().split(" ", 2), headers, body))
    return answers


@pytest.mark.parametrize(
    "head",
    [
        b"GET /v2/health/live HTTP/1.0\r\n\r\n",
        b"GET /v2/health/live HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n",
        LIVE + b"Connection: close\r\n\r\n",
        LIVE + b"Connection: Close\r\n\r\n",
        LIVE + b"Connection: TE, close\r\n\r\n",
    ],
)
def test_the_last_answer_ends_the_connection(server, head):
    with connect(server) as client:
        client.sendall(head + LIVE + b"\r\n")
        ((version, status, _), headers, _), *others = answers_until_the_end(client)
    assert (status, headers["connection"], others) == ("200", "close", [])
    assert version == ("HTTP/1.0" if b"HTTP/1.0" in head else "HTTP/1.1")


def test_http_1_0_with_more_requests(server):
    request = b"GET /v2/health/live HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
    with connect(server) as client:
        client.sendall(request * 2 + b"GET /v2 HTTP/1.0\r\n\r\n")
        found = answers_until_the_end(client)
    assert [start[1] for start, _, _ in found] == ["200"] * 3
    assert [headers["connection"] for _, headers, _ in found] == ["keep-alive"] * 2 + ["close"]


LONG = b"X-Long: " + b"y" * 200_000 + b"\r\n"


@pytest.mark.parametrize(
    ("request_bytes", "status", "words"),
    [
        (b"GET /v2 HTTP/1.1\r\n\r\n", 400, "0 headers Host"),
        (LIVE + b"Host: 127.0.0.1\r\n\r\n", 400, "2 headers Host"),
        (LIVE + LONG + b"\r\n", 431, "the headers are larger than 16384 bytes"),
        (LIVE + b"".join(b"X-%d: y\r\n" % n for n in range(250)) + b"\r\n", 431, "more than 200"),
        (LIVE.replace(b"GET", b"FETCH") + b"\r\n", 400, "does not begin with a method"),
        (LIVE + b"Content-Length: x\r\n\r\n", 400, "Content-Length is no number"),
        (LIVE + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "Content-Length"),
        (LIVE.replace(b"1.1", b"7.x") + b"\r\n", 505, "use HTTP/1.1"),
        (LIVE + b"No colon\r\n\r\n", 400, "no request of HTTP/1.1"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01", 400, "does not begin with a method"),
        (b"hello\r\n\r\n", 400, "does not begin with a method"),
    ],
)
@pytest.mark.parametrize("good", [0, 2])
def test_what_is_no_request_is_told_why(server, request_bytes, status, words, good):
    """Behind good requests too, whose answers come first."""
    with connect(server) as client:
        client.sendall((LIVE + b"\r\n") * good + request_bytes)
        *before, (start, headers, body) = answers_until_the_end(client)
    assert [int(start[1]) for start, _, _ in before] == [200] * good
    assert int(start[1]) == status
    assert headers["connection"] == "close"
    assert words in json.loads(body)["error"]
