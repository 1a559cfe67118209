"""Under load: an end, a reload, batches, cancelled requests."""

import json
import os
import socket
import threading
import time

import numpy as np
import pytest
import requests
import tritonclient.grpc
import tritonclient.http

import models
from malformed import PREFACE
from malformed import frame
from malformed import literal
from server import serving
from server import until

X = np.array([[1, 2, 3, 4]], np.float32)
Y = X @ models.KERNEL
PICTURE = np.zeros((1, 32, 32, 8), np.float32)


class Load:
    """Clients that ask as fast as they get answers; each answer's first element is checked."""

    def __init__(self, server, biases, clients=8):
        self.server, self.biases = server, biases
        self.answers, self.errors, self.seen = 0, [], set()
        self._stop = threading.Event()
        kinds = [self._http, self._grpc] if server.grpc_port else [self._http]
        self._threads = [
            threading.Thread(target=kinds[index % len(kinds)]) for index in range(clients)
        ]
        for thread in self._threads:
            thread.start()

    def _http(self):
        self._ask(tritonclient.http, self.server.address)

    def _grpc(self):
        self._ask(tritonclient.grpc, self.server.grpc_address)

    def _ask(self, module, address):
        x = module.InferInput("x", [1, 4], "FP32")
        x.set_data_from_numpy(X)
        client = module.InferenceServerClient(address)
        try:
            while not self._stop.is_set():
                y = client.infer("linear", [x]).as_numpy("y")
                bias = float(y[0, 0] - Y[0, 0])
                self.seen.add(bias)
                if bias not in self.biases or y.shape != (1, 3):
                    self.errors.append(f"wrong: {y}")
                self.answers += 1
        except Exception as error:
            self.errors.append(repr(error))
        finally:
            client.close()

    def until_seen(self, bias):
        until(lambda: bias in self.seen or self.errors)

    def stop(self):
        self._stop.set()
        for thread in self._threads:
            thread.join()


def test_a_reload_loses_no_request(tmp_path):
    path = models.linear(tmp_path / "linear.keras", bias=(0, 0, 0))
    with serving(path, "--poll", 0.1, "--grpc-port", 0) as server:
        load = Load(server, biases=range(100))
        for number in range(1, 6):
            time.sleep(0.5)
            models.linear(path, bias=(number, 0, 0))
            load.until_seen(number)
        before = load.answers
        path.write_bytes(b"no archive")
        time.sleep(0.5)
        load.stop()
        assert load.errors == []
        # The broken file leaves the last version serving.
        assert load.answers > before
        assert load.seen == {0, 1, 2, 3, 4, 5}


def test_threads_share_an_arena_for_each_core(tmp_path):
    """What each has free is lost to the others: memory would grow where models are loaded again."""
    path = models.linear(tmp_path / "linear.keras", bias=(0, 0, 0))
    with serving(path, "--poll", 0.1, "--grpc-port", 0) as server:
        load = Load(server, biases=range(100))
        models.linear(path, bias=(1, 0, 0))
        load.until_seen(1)
        load.stop()
        assert load.errors == []
        assert server.arenas < os.cpu_count()


def test_versions_come_and_go_under_load(tmp_path):
    def version(number):
        folder = tmp_path / "linear" / str(number)
        folder.mkdir(parents=True)
        models.linear(folder / "model.keras", bias=(number, 0, 0))

    version(1)
    with serving(tmp_path, "--poll", 0.1, "--grpc-port", 0) as server:
        load = Load(server, biases=range(100))
        for number in range(2, 5):
            version(number)
            load.until_seen(number)
        load.stop()
        assert load.errors == []
        metadata = requests.get(f"{server.url}/v2/models/linear", timeout=20).json()
        assert metadata["versions"] == ["4"]


@pytest.mark.parametrize("protocol", ["http", "grpc"])
def test_what_was_accepted_is_answered_before_the_end(tmp_path, protocol):
    path = models.slow(tmp_path / "slow.keras")
    module = {"http": tritonclient.http, "grpc": tritonclient.grpc}[protocol]
    with_grpc = ["--grpc-port", 0] if protocol == "grpc" else []
    # As slow as can be: what waits when the server is to end depends on it.
    slowest = ["--max-batch", 1, "--concurrency", 1, "--threads", 1]
    with serving(path, *slowest, *with_grpc, ends=True) as server:
        address = server.grpc_address if with_grpc else server.address
        x = module.InferInput("picture", list(PICTURE.shape), "FP32")
        x.set_data_from_numpy(PICTURE)
        outcomes = []

        def ask():
            client = module.InferenceServerClient(address)
            try:
                outcomes.append(client.infer("slow", [x]).as_numpy("mean").shape)
            except Exception as error:
                outcomes.append(repr(error))
            finally:
                client.close()

        threads = [threading.Thread(target=ask) for _ in range(32)]
        for thread in threads:
            thread.start()
        # All are accepted: one is computed, and the others wait.
        until(lambda: pending(server) + len(outcomes) >= 31)
        waiting = 32 - len(outcomes)
        server.terminate()
        for thread in threads:
            thread.join()
        assert outcomes == [(1, 8)] * 32
        assert waiting > 1, "the model was too fast to see anything"


INFER = b"POST /v2/models/slow/infer HTTP/1.1\r\nHost: localhost\r\n"
BEGINNINGS = {
    "nothing": b"",
    "headers": INFER + b"X-",
    "length": INFER + b"Content-Length: 100\r\nExpect: 100-continue\r\n\r\n{",
    "chunks": INFER + b"Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n5\r\n{",
}


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_a_request_that_does_not_become_whole_does_not_hold_up_the_end(tmp_path, beginning):
    path = models.linear(tmp_path / "slow.keras")
    with serving(path, ends=True) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
            client.sendall(beginning)
            if b"Expect" in beginning:
                assert client.recv(1000).startswith(b"HTTP/1.1 100 Continue")
            else:
                time.sleep(0.5)
            server.terminate()
            # Slow clients have 20 s otherwise.
            assert server.wait(12) == 0
        assert "cut off" not in server.log


def test_a_request_is_answered_whose_rest_comes_while_the_server_ends(tmp_path):
    path = models.slow(tmp_path / "slow.keras")
    with serving(path, ends=True) as server:
        head, body = infer_slow()
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
            client.sendall(head.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"))
            assert client.recv(1000).startswith(b"HTTP/1.1 100 Continue")
            server.terminate()
            client.sendall(body)
            assert received(client).startswith(b"HTTP/1.1 200 OK")
        assert server.wait(12) == 0


def test_half_a_request_behind_a_whole_one_does_not_hold_up_the_end(tmp_path):
    path = models.slow(tmp_path / "slow.keras")
    with serving(path, "--threads", 1, ends=True) as server:
        head, body = infer_slow()
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
            client.sendall((head + body) * 4 + head + body[:100])
            until(lambda: pending(server) + answered(server) >= 1)
            server.terminate()
            answers = received(client)
            assert server.wait(12) == 0
        assert answers.count(b"HTTP/1.1 200 OK") == 4


@pytest.mark.parametrize("call", [False, True], ids=["connection", "call"])
def test_half_a_call_of_grpc_does_not_hold_up_the_end(tmp_path, call):
    path = models.linear(tmp_path / "linear.keras")
    fields = [
        (b":method", b"POST"),
        (b":scheme", b"http"),
        (b":path", b"/inference.GRPCInferenceService/ModelInfer"),
        (b":authority", b"127.0.0.1"),
        (b"content-type", b"application/grpc"),
        (b"te", b"trailers"),
    ]
    half = frame(1, 4, 1, b"".join(literal(*field) for field in fields))
    half += frame(0, 0, 1, b"\0\0\0\0\x64half")
    with serving(path, "--grpc-port", 0, ends=True) as server:
        with socket.create_connection(("127.0.0.1", server.grpc_port), timeout=20) as client:
            client.sendall(PREFACE + frame(4, 0, 0, b"") + (half if call else b""))
            time.sleep(0.5)
            server.terminate()
            assert server.wait(12) == 0
        assert "cut off" not in server.log


def infer_slow():
    """The head and the body of a request to the model `slow`."""
    body = PICTURE.tobytes()
    size = {"binary_data_size": len(body)}
    x = {"name": "picture", "shape": PICTURE.shape, "datatype": "FP32", "parameters": size}
    inputs = json.dumps({"inputs": [x]}).encode()
    head = INFER + b"Inference-Header-Content-Length: %d\r\nContent-Length: %d\r\n\r\n"
    return head % (len(inputs), len(inputs + body)), inputs + body


def received(client):
    """All that comes until the server closes."""
    parts = []
    while part := client.recv(1 << 16):
        parts.append(part)
    return b"".join(parts)


def test_a_reader_of_a_training_does_not_hold_up_the_end(tmp_path):
    path = models.slow(tmp_path / "slow.keras")
    with serving(path, "--studio", "--runs", tmp_path / "runs", ends=True) as server:
        options = requests.get(f"{server.url}/api/train/options", timeout=20).json()
        plan = options["defaults"] | {"dataset": "shapes", "epochs": 1000}
        started = requests.post(
            f"{server.url}/api/train/start", json=plan, headers={"X-Strata": "1"}, timeout=20
        )
        assert started.status_code == 201, started.text
        # Longer than the test, shorter than the time for draining.
        with requests.get(f"{server.url}/api/train/events", stream=True, timeout=20) as events:
            lines = events.iter_lines()
            assert any(b"event" in line for line in lines)
            begin = time.monotonic()
            server.terminate()
            # The answer is whole: it ends, and is not cut off.
            for _ in lines:
                pass
        assert server.wait(20) == 0
        assert time.monotonic() - begin < 20
        assert "cut off" not in server.log


def pending(server):
    """Requests that wait, from the metrics."""
    return metric(server, "pending_request_count{")


def answered(server):
    """Requests that were answered, from the metrics."""
    return metric(server, "inference_request_success_total{")


def metric(server, name):
    text = requests.get(f"{server.url}/metrics", timeout=20).text
    lines = [line for line in text.splitlines() if name in line]
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines)


def test_a_full_queue_says_when_to_come_again(tmp_path):
    path = models.slow(tmp_path / "slow.keras")
    with serving(path, "--max-batch", 1, "--queue", 1) as server:
        body = PICTURE.tobytes()
        size = {"binary_data_size": len(body)}
        x = {"name": "picture", "shape": PICTURE.shape, "datatype": "FP32", "parameters": size}
        head = json.dumps({"inputs": [x]}).encode()
        answers = []

        def ask():
            answers.append(
                requests.post(
                    f"{server.url}/v2/models/slow/infer",
                    data=head + body,
                    headers={"Inference-Header-Content-Length": str(len(head))},
                    timeout=30,
                )
            )

        threads = [threading.Thread(target=ask) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        codes = [answer.status_code for answer in answers]
        assert set(codes) == {200, 429}
        refused = answers[codes.index(429)]
        assert int(refused.headers["Retry-After"]) >= 1
        assert refused.json()["error"]


def test_cancelled_requests_leave_the_queue(tmp_path):
    path = models.slow(tmp_path / "slow.keras")
    with serving(path, "--max-batch", 1, "--grpc-port", 0) as server:
        x = tritonclient.grpc.InferInput("picture", list(PICTURE.shape), "FP32")
        x.set_data_from_numpy(PICTURE)
        with tritonclient.grpc.InferenceServerClient(server.grpc_address) as client:
            calls = [client.async_infer("slow", [x], lambda result, error: None) for _ in range(32)]
            until(lambda: pending(server) >= 2)
            for call in calls:
                call.cancel()
            until(lambda: pending(server) <= 1, limit=5)
