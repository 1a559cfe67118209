"""Token, TLS and limits."""

import contextlib
import re
import socket
import ssl
import struct
import time

import numpy as np
import pytest
import requests
import tritonclient.grpc
import trustme
from tritonclient.utils import InferenceServerException

import models
from malformed import PREFACE
from malformed import frame
from malformed import literal
from server import Server
from server import serving

X = np.ones((1, 4), np.float32)
ROUTES = ["/v2", "/v2/models/linear", "/metrics", "/openapi.json", "/nowhere"]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return models.linear(tmp_path_factory.mktemp("model") / "linear.keras")


@pytest.fixture(scope="module")
def closed(model, tmp_path_factory):
    """A server with a token and TLS, and the file of the authority."""
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1", "localhost")
    authority.cert_pem.write_to_path(folder / "authority.pem")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(folder / "certificate.pem", append=True)
    (folder / "token").write_text("s3cret\n")
    options = ["--token-file", folder / "token", "--grpc-port", 0]
    options += ["--tls-certificate", folder / "certificate.pem", "--tls-key", folder / "key.pem"]
    with serving(model, *options) as server:
        yield server, folder / "authority.pem"


def test_https_with_the_token(closed):
    server, authority = closed
    assert server.scheme == "https"
    answer = requests.get(
        f"{server.url}/v2/models/linear",
        headers={"Authorization": "Bearer s3cret"},
        verify=authority,
        timeout=20,
    )
    assert answer.json()["name"] == "linear"


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("header", [None, "Bearer s3cre", "Bearer s3cret2", "Basic s3cret"])
def test_nothing_without_the_token(closed, route, header):
    server, authority = closed
    headers = {"Authorization": header} if header else {}
    answer = requests.get(server.url + route, headers=headers, verify=authority, timeout=20)
    assert answer.status_code == 401
    assert "Authorization" in answer.json()["error"]


@pytest.mark.parametrize("probe", ["live", "ready"])
def test_probes_need_no_token(closed, probe):
    server, authority = closed
    answer = requests.get(f"{server.url}/v2/health/{probe}", verify=authority, timeout=20)
    assert answer.status_code == 200


def grpc_infer(server, authority, headers):
    with tritonclient.grpc.InferenceServerClient(
        server.grpc_address, ssl=True, root_certificates=str(authority)
    ) as client:
        assert client.is_server_live() and client.is_server_ready()
        x = tritonclient.grpc.InferInput("x", [1, 4], "FP32")
        x.set_data_from_numpy(X)
        return client.infer("linear", [x], headers=headers).as_numpy("y")


def test_grpc_with_the_token(closed):
    server, authority = closed
    y = grpc_infer(server, authority, {"authorization": "Bearer s3cret"})
    np.testing.assert_array_equal(y, X @ models.KERNEL + np.array([0, 10, 20], np.float32))


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer s3cre"}])
def test_grpc_without_the_token(closed, headers):
    server, authority = closed
    with pytest.raises(InferenceServerException, match="UNAUTHENTICATED"):
        grpc_infer(server, authority, headers)


def test_plain_text_at_the_port_of_tls(closed):
    server, authority = closed
    for port in (server.port, server.grpc_port):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as plain:
            plain.sendall(b"GET /v2/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert b"live" not in plain.recv(1000)
    test_https_with_the_token(closed)
    test_grpc_with_the_token(closed)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_versions_of_tls_are_refused(closed):
    server, authority = closed
    context = ssl.create_default_context(cafile=str(authority))
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    for port in (server.port, server.grpc_port):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as plain:
            with pytest.raises((ssl.SSLError, OSError)):
                context.wrap_socket(plain, server_hostname="localhost")


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("other", "does not belong to the certificate"),
        ("none", "has no key that can be read"),
    ],
)
def test_a_key_that_does_not_fit(model, tmp_path, key, words):
    authority = trustme.CA()
    certificate, other = authority.issue_cert("localhost"), authority.issue_cert("localhost")
    certificate.cert_chain_pems[0].write_to_path(tmp_path / "certificate.pem")
    other.private_key_pem.write_to_path(tmp_path / "other.pem")
    (tmp_path / "none.pem").write_text("no key")
    files = [
        "--tls-certificate",
        tmp_path / "certificate.pem",
        "--tls-key",
        tmp_path / f"{key}.pem",
    ]
    with pytest.raises(RuntimeError, match=words):
        Server(model, *files)


@pytest.mark.parametrize(
    ("token", "words"),
    [(bytes(range(256)), "a token is one line"), (b"", "a token is one line"), (None, "read")],
)
def test_a_token_file_without_a_token(model, tmp_path, token, words):
    if token is not None:
        (tmp_path / "token").write_bytes(token)
    with pytest.raises(RuntimeError, match=words):
        Server(model, "--token-file", tmp_path / "token")


@pytest.fixture(scope="module")
def limited(model):
    """A server with narrow limits."""
    options = ["--max-body", 1, "--max-connections", 20, "--grpc-port", 0]
    with serving(model, *options) as server:
        yield server


def test_a_body_that_is_too_large(limited):
    answer = requests.post(
        f"{limited.url}/v2/models/linear/infer",
        data=b" " * (2 << 20),
        headers={"Content-Type": "application/json"},
        timeout=20,
    )
    assert answer.status_code == 413
    assert "1048576" in answer.json()["error"]


def test_a_chunked_body_that_is_too_large(limited):
    def pieces():
        for _ in range(64):
            yield b" " * 65536

    try:
        answer = requests.post(f"{limited.url}/v2/models/linear/infer", data=pieces(), timeout=20)
    except requests.ConnectionError:
        return  # Closed while the rest was being sent.
    assert answer.status_code == 413


def test_a_message_of_grpc_that_is_too_large(limited):
    with tritonclient.grpc.InferenceServerClient(limited.grpc_address) as client:
        x = tritonclient.grpc.InferInput("x", [80_000, 4], "FP32")
        x.set_data_from_numpy(np.ones((80_000, 4), np.float32))
        with pytest.raises(InferenceServerException) as error:
            client.infer("linear", [x])
        assert error.value.status() == "StatusCode.RESOURCE_EXHAUSTED"
        # 1,280,000 bytes of values, and the names and lengths around them.
        assert re.search(r"12800\d\d bytes; 1048576 are the most", error.value.message())
        assert client.is_server_live()


def test_headers_that_are_too_large(limited):
    with socket.create_connection(("127.0.0.1", limited.port), timeout=20) as client:
        client.sendall(b"GET /v2 HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        client.sendall(b"".join(b"X-%d: %s\r\n" % (n, b"y" * 1000) for n in range(100)))
        client.sendall(b"\r\n")
        answer = client.recv(1000)
    assert answer.split(b"\r\n")[0].split()[1:2] in ([b"400"], [b"431"])


def test_json_that_is_too_deep(limited):
    depth = 100_000
    body = b'{"inputs":[{"name":"x","datatype":"FP32","shape":[1,4],"data":'
    body += b"[" * depth + b"]" * depth + b"}]}"
    answer = requests.post(f"{limited.url}/v2/models/linear/infer", data=body, timeout=20)
    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.mark.parametrize("kind", ["port", "grpc_port"])
def test_connections_beyond_the_limit_are_closed(limited, kind):
    def is_open(client):
        client.settimeout(0.05)
        try:
            return client.recv(1) != b""
        except TimeoutError:
            return True
        except OSError:
            return False

    clients = []
    try:
        for _ in range(40):
            clients.append(socket.create_connection(("127.0.0.1", getattr(limited, kind))))
        time.sleep(0.5)
        assert sum(map(is_open, clients)) <= 20
    finally:
        for client in clients:
            client.close()
    time.sleep(0.5)
    assert requests.get(f"{limited.url}/v2/health/live", timeout=20).status_code == 200
    with tritonclient.grpc.InferenceServerClient(limited.grpc_address) as client:
        assert client.is_server_live()


def test_paths_of_the_machine_are_not_in_errors(tmp_path):
    (tmp_path / "broken" / "1").mkdir(parents=True)
    (tmp_path / "broken" / "1" / "model.keras").write_text("no archive")
    with serving(tmp_path) as server:
        answers = [
            requests.post(f"{server.url}/v2/models/broken/infer", json={}, timeout=20),
            requests.post(f"{server.url}/v2/repository/index", json={}, timeout=20),
            requests.get(f"{server.url}/v2/models/broken", timeout=20),
        ]
        for answer in answers:
            assert str(tmp_path) not in answer.text


def test_another_site_may_not_call(limited):
    url = f"{limited.url}/v2"
    assert requests.get(url, headers={"Host": "evil.example"}, timeout=20).status_code == 403
    answer = requests.post(
        f"{limited.url}/v2/models/linear/infer",
        json={},
        headers={"Origin": "http://evil.example"},
        timeout=20,
    )
    assert answer.status_code == 403


def server_live(stream, *more):
    """The frames of a call over gRPC; `more` are further header fields."""
    fields = [
        (b":method", b"POST"),
        (b":scheme", b"http"),
        (b":path", b"/inference.GRPCInferenceService/ServerLive"),
        (b":authority", b"127.0.0.1"),
        (b"content-type", b"application/grpc"),
        (b"te", b"trailers"),
        *more,
    ]
    head = frame(1, 4, stream, b"".join(literal(*field) for field in fields))
    return head + frame(0, 1, stream, b"\0" * 5)


SETTINGS = frame(4, 0, 0, b"")


def test_connections_that_break_the_protocol_leave_nothing(model):
    """HTTP/2 forbids frames smaller than 16,384 bytes, with calls under way too."""
    calls = b"".join(server_live(2 * index + 1) for index in range(8))
    wrong = frame(4, 0, 0, struct.pack(">HI", 5, 1))
    with serving(model, "--grpc-port", 0) as server:

        def connect(count):
            for _ in range(count):
                with socket.create_connection(
                    ("127.0.0.1", server.grpc_port), timeout=20
                ) as client:
                    client.sendall(PREFACE + SETTINGS + calls + wrong)
                    with contextlib.suppress(ConnectionError):
                        while client.recv(1 << 16):
                            pass
            return server.memory

        before = connect(300)
        # Each has some 40 kB of channels and buffers.
        assert connect(1000) < before + (15 << 20)


@pytest.mark.parametrize("timeout", [b"-1S", b"-9999999H", b"S", b"x"])
def test_a_timeout_of_grpc_that_is_none(limited, timeout):
    with socket.create_connection(("127.0.0.1", limited.grpc_port), timeout=20) as client:
        client.sendall(PREFACE + SETTINGS + server_live(1, (b"grpc-timeout", timeout)))
        received = b""
        # The message of the answer: the field live, with the value true.
        while b"\0\0\0\0\x02\x08\x01" not in received:
            piece = client.recv(1000)
            assert piece, received
            received += piece
