"""Malformed requests against a running server, while a good client goes on getting right answers.

Each exchange follows from the seed and its number: `--seed S --first N --exchanges 1` brings one
back.
"""

import argparse
import collections
import contextlib
import multiprocessing
import random
import resource
import socket
import struct
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import requests
import tritonclient.grpc

import malformed
import models
from server import Server

WORKERS = 6
LORIS = 1000
X = np.array([[1, 2, 3, 4]], np.float32)
Y = X @ models.KERNEL + np.array([0, 10, 20], np.float32)


def exchange(port, case):
    """Sends a case; the status codes that came back."""
    statuses = []
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        received = b""
        try:
            for piece in case.pieces:
                client.sendall(piece)
                if len(case.pieces) > 1:
                    time.sleep(0.001)
            if case.ending == "reset":
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return statuses
            if case.ending == "half":
                client.shutdown(socket.SHUT_WR)
            client.settimeout(case.patience)
            while len(statuses) < case.requests or case.ending == "half":
                piece = client.recv(1 << 18)
                if not piece:
                    break
                received += piece
                if case.is_http:
                    received = malformed.take_answers(received, statuses)
        except (TimeoutError, ConnectionError, BrokenPipeError):
            pass
    return statuses


def work(worker, options, ports, made, results):
    """Exchanges with the numbers of a worker, until enough requests have been made."""
    counts, failures = collections.Counter(), []
    try:
        make(worker, options, ports, made, counts, failures)
    except Exception as error:
        failures.append(f"the worker failed: {error!r}")
    results.put((counts, failures))


def make(worker, options, ports, made, counts, failures):
    """Exchanges until enough requests have been made, or the server is gone."""
    refused = 0
    number = options.first + worker
    end = options.first + options.exchanges if options.exchanges else None
    while made.value < options.requests and (end is None or number < end) and refused < 100:
        case = malformed.case(options.seed, number, not options.http)
        try:
            statuses = exchange(ports[case.protocol], case)
            refused = 0
        except OSError as error:
            # The queue of connections is full, or the server is gone.
            refused += 1
            counts[f"not connected: {type(error).__name__}"] += 1
            time.sleep(0.05)
            statuses = []
        for status in statuses:
            counts[status] += 1
            if status >= 500 and status not in (501, 503, 505) and len(failures) < 3:
                failures.append(f"status {status} for exchange {number}: {case.pieces!r:.2000}")
        counts[case.protocol] += case.requests
        with made.get_lock():
            made.value += case.requests
        number += WORKERS


def good_client(server_ports, stop, results):
    """Asks over HTTP and gRPC, and wants right answers within a limit."""
    latencies, failures = [], []
    session = requests.Session()
    body = {"inputs": [{"name": "x", "shape": [1, 4], "datatype": "FP32", "data": X[0].tolist()}]}
    x = tritonclient.grpc.InferInput("x", [1, 4], "FP32")
    x.set_data_from_numpy(X)
    grpc = tritonclient.grpc.InferenceServerClient(f"127.0.0.1:{server_ports['grpc']}")
    url = f"http://127.0.0.1:{server_ports['http']}/v2/models/linear/infer"
    while not stop.is_set() and len(failures) < 3:
        for ask in ("http", "grpc"):
            begin = time.monotonic()
            try:
                if ask == "http":
                    answer = session.post(url, json=body, timeout=30)
                    y = np.array(answer.json()["outputs"][0]["data"], np.float32)
                else:
                    y = grpc.infer("linear", [x], client_timeout=30).as_numpy("y")[0]
                if not np.array_equal(y, Y[0]):
                    failures.append(f"{ask}: {y}")
            except Exception as error:
                failures.append(f"{ask}: {error!r}")
            latencies.append(time.monotonic() - begin)
        time.sleep(0.01)
    grpc.close()
    results.put((latencies, failures))


def slow_loris(port, count, stop):
    """Connections that send a header byte by byte, and are opened again when they are closed."""
    clients = []
    text = b"POST /v2/models/linear/infer HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: " + b"y" * 10_000
    positions = {}
    while not stop.is_set():
        while len(clients) < count and not stop.is_set():
            with contextlib.suppress(OSError):
                client = socket.create_connection(("127.0.0.1", port), timeout=5)
                client.setblocking(False)
                clients.append(client)
                positions[client] = 0
                continue
            break
        for client in list(clients):
            try:
                position = positions[client]
                client.send(text[position : position + 1])
                positions[client] = position + 1
                if client.recv(1000) == b"":
                    raise ConnectionError
            except BlockingIOError:
                pass
            except OSError:
                client.close()
                clients.remove(client)
                del positions[client]
        stop.wait(1)
    for client in clients:
        client.close()


def settled_memory(server):
    """Resident bytes after the connections have ended."""
    time.sleep(1.5)
    return server.memory


def rounds(options, server):
    """Runs the workers in two rounds, and looks at the memory after each."""
    ports = {"http": server.port, "grpc": server.grpc_port}
    stop, results = multiprocessing.Event(), multiprocessing.Queue()
    good = multiprocessing.Process(target=good_client, args=(ports, stop, results))
    loris = multiprocessing.Process(target=slow_loris, args=(ports["http"], options.loris, stop))
    good.start()
    loris.start()
    counts, failures, memory = collections.Counter(), [], []
    made = multiprocessing.Value("q", 0)
    total, begin = options.requests, time.monotonic()
    # Half of the requests fill caches and the allocator's pools, and the others must add nothing.
    for part in (total // 2, total):
        options.requests = part
        outcomes = multiprocessing.Queue()
        workers = [
            multiprocessing.Process(target=work, args=(index, options, ports, made, outcomes))
            for index in range(WORKERS)
        ]
        for worker in workers:
            worker.start()
        for _ in workers:
            part_counts, part_failures = outcomes.get()
            counts += part_counts
            failures += part_failures
        for worker in workers:
            worker.join()
        if server.process.poll() is not None:
            break
        memory.append(settled_memory(server))
        options.first += 1_000_000_000
    seconds = time.monotonic() - begin
    stop.set()
    latencies, good_failures = results.get(timeout=60)
    good.join()
    loris.join()
    report(counts, made.value, seconds, latencies, memory)
    return failures + good_failures, memory


def report(counts, made, seconds, latencies, memory):
    """Prints what was sent, what came back, and what the good client saw."""
    print(f"{made} requests in {seconds:.0f} s, of these {counts.pop('grpc', 0)} over gRPC")
    counts.pop("http", 0)
    print("answers: " + ", ".join(f"{key}: {counts[key]}" for key in sorted(counts, key=str)))
    latencies.sort()
    print(
        f"the good client: {len(latencies)} answers, "
        f"median {latencies[len(latencies) // 2] * 1e3:.1f} ms, "
        f"longest {latencies[-1] * 1e3:.0f} ms"
    )
    print("resident memory: " + ", then ".join(f"{size / 1e6:.1f} MB" for size in memory))


def main():
    """Runs the exchanges; the exit code says whether everything held."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--first", type=int, default=0, help="the number of the first exchange")
    parser.add_argument("--exchanges", type=int, help="no more than so many in each half")
    parser.add_argument("--loris", type=int, default=LORIS, help="slow connections at once")
    # Its packages have assertions that malformed frames reach, which a release build leaves out.
    parser.add_argument("--http", action="store_true", help="no gRPC, for a debug build")
    options = parser.parse_args()
    print(f"{options.requests} requests, seed {options.seed}")
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    with tempfile.TemporaryDirectory() as folder:
        files = [
            models.linear(Path(folder) / "linear.keras"),
            models.pair(Path(folder) / "pair.keras"),
            models.colours(Path(folder) / "colours.keras"),
        ]
        server = Server(*files, "--grpc-port", 0)
        try:
            failures, memory = rounds(options, server)
            ended = server.process.poll()
            if ended is not None:
                failures.append(f"the server ended with {ended}: {server.log[:3000]}")
            elif memory[1] > memory[0] * 1.05 + (8 << 20):
                failures.append(f"memory grew from {memory[0]} to {memory[1]} bytes")
        finally:
            code = server.stop()
        if code != 0:
            failures.append(f"exit code {code}: {server.log[:3000]}")
    for failure in failures:
        print(failure, file=sys.stderr)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
