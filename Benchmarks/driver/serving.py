"""Strata's server and its peers, taking turns; and figures of Strata's server alone."""

import random
import statistics
import struct
import subprocess
import sys
from collections import defaultdict

import environment
import load
import servers
import strata

FOLDER = servers.PEERS.parent
# A variant of a peer that is further from that peer's best is not measured.
NEAR = 0.9
# How far probabilities of two runtimes may be apart.
TOLERANCE = 1e-4
# Of the latency of a single caller: a multiple of the call in the process, and milliseconds.
LATENCY_FACTOR, LATENCY_MORE = 1.3, 0.2
READY_MS = 150


def prepare(options, folder):
    """Makes the models and the pictures; returns the Pythons of the peers."""
    root = options.venv.expanduser()
    python = environment.python(
        options, FOLDER / "requirements-serving.txt", root / "peers")
    mlserver = None
    if "mlserver" in options.peers:
        mlserver = environment.python(
            options, FOLDER / "requirements-mlserver.txt", root / "mlserver")
    subprocess.run(
        [python, servers.PEERS / "serving_models.py", folder, *options.models], check=True,
        stderr=subprocess.DEVNULL)
    for model in options.models:
        subprocess.run(
            [options.strata, "convert", folder / f"{model}.keras", folder / f"{model}.onnx"],
            check=True, stdout=subprocess.DEVNULL)
    return python, mlserver


class Contest:
    """All rows; a row is a model, a kind of request and a number of connections."""

    def __init__(self, options, folder, pythons, watch):
        self.options, self.folder, self.pythons, self.watch = options, folder, pythons, watch
        self.loads = {}
        self.memory = {}
        self.started = {}

    def contestants(self, model):
        folder, wanted = self.folder, self.options.peers
        python, mlserver = self.pythons
        yield servers.Strata(self.options.strata, folder / f"{model}.keras", model)
        if "onnxruntime" in wanted:
            for workers, threads in ((1, 0), (1, 1), (2, 1)):
                yield servers.FastAPI(python, "onnxruntime", workers, threads, folder, model)
        if "keras" in wanted:
            for workers in (1, 2):
                yield servers.FastAPI(python, "keras", workers, 0, folder, model)
        if "mlserver" in wanted:
            for workers, threads in ((0, 0), (0, 1), (2, 1)):
                yield servers.MLServer(mlserver, workers, threads, folder, model)

    def run(self, model):
        """Measures all rows of a model; all servers are up meanwhile."""
        started = []
        try:
            for server in self.contestants(model):
                try:
                    self.started[model, server.name] = server.start()
                except RuntimeError as error:
                    if server.peer == servers.STRATA:
                        raise
                    print(error, file=sys.stderr)
                    continue
                started.append(server)
            self.compare(started)
            for kind in self.options.kinds:
                for connections in self.options.connections:
                    self.row(model, kind, connections, started)
            for server in started:
                self.memory[model, server.name] = server.memory()
        finally:
            for server in started:
                server.stop()

    def compare(self, started):
        """Ends the run if the servers do not answer the same picture alike."""
        answers = {s.name: s.probabilities(self.folder) for s in started}
        first = next(iter(answers.values()))
        for name, values in answers.items():
            far = max(abs(a - b) for a, b in zip(first, values, strict=True))
            if far > TOLERANCE:
                sys.exit(f"{name} gives other probabilities, {far:g} apart: {values}")

    def row(self, model, kind, connections, started):
        def measure(server, seconds):
            result = load.run(
                server.port, server.request(kind, self.folder), connections, seconds)
            if result.failed:
                print(f"{server.name}: {result.failed} failed requests", file=sys.stderr)
            return result

        first = {}
        for server in list(started):
            try:
                first[server] = measure(server, 1)
            except (RuntimeError, OSError) as error:
                # The other servers' figures are worth having.
                print(f"{server.name} is left out: {error}", file=sys.stderr)
                started.remove(server)
                server.stop()
        best = defaultdict(float)
        for server, result in first.items():
            best[server.peer] = max(best[server.peer], result.rate)
        going = [s for s in started if first[s].rate >= NEAR * best[s.peer]]
        loads = {server: [] for server in going}
        for _ in range(self.options.rounds):
            for server in going:
                loads[server].append(measure(server, self.options.seconds))
        self.loads[model, kind, connections] = loads
        for results in loads.values():
            middle = statistics.median(r.rate for r in results)
            self.watch.spreads.append(max(abs(r.rate / middle - 1) for r in results))
        print(self.line(model, kind, connections), flush=True)

    def best(self, key):
        """For each peer its best variant's name, median rate, p50 and p99, and all errors."""
        found = {}
        for server, results in self.loads[key].items():
            rate, p50, p99 = (
                statistics.median(getattr(r, name) for r in results)
                for name in ("rate", "p50", "p99"))
            if server.peer not in found or found[server.peer].rate < rate:
                found[server.peer] = Best(
                    server.variant, rate, p50, p99, sum(r.errors for r in results))
        return found

    def peers(self):
        names = dict(zip(("onnxruntime", "keras", "mlserver"), servers.WANTED))
        return [names[name] for name in names if name in self.options.peers]

    def header(self):
        columns = ["model, request, connections", "Strata, requests/s", "p50, ms", "p99, ms"]
        for peer in self.peers():
            columns += [f"{peer}, requests/s", "ratio", "p99, ms", "ratio"]
        return f"\n| {' | '.join(columns)} |\n| --- |" + " ---: |" * (len(columns) - 1)

    def line(self, *key):
        found = self.best(key)
        ours = found.get(servers.STRATA)
        if ours is None:
            return f"| {', '.join(map(str, key))} | Strata failed |"
        cells = [", ".join(map(str, key)), f"{ours.rate:,.0f}", f"{ours.p50:.2f}",
                 f"{ours.p99:.2f}"]
        for peer in self.peers():
            theirs = found.get(peer)
            cells += ["–"] * 4 if theirs is None else [
                f"{theirs.rate:,.0f}", f"{ours.rate / theirs.rate:.2f}", f"{theirs.p99:.2f}",
                f"{theirs.p99 / ours.p99:.2f}"]
        return f"| {' | '.join(cells)} |"

    def report(self):
        """What the rows say together, and which variants were the best."""
        if not self.peers():
            return
        print(
            "\n| peer | wanted | lowest ratio of throughput | reached in | "
            "lowest ratio of p99 | at least 2 in |\n| --- | ---: |" + " ---: |" * 4)
        rows = [self.best(key) for key in self.loads]
        for peer in self.peers():
            pairs = [
                (row[servers.STRATA], row[peer]) for row in rows
                if servers.STRATA in row and peer in row]
            if not pairs:
                continue
            rates = [ours.rate / theirs.rate for ours, theirs in pairs]
            tails = [theirs.p99 / ours.p99 for ours, theirs in pairs]
            wanted = servers.WANTED[peer]
            print(
                f"| {peer} | {wanted} | {min(rates):.2f} | "
                f"{sum(r >= wanted for r in rates)} of {len(rates)} | {min(tails):.2f} | "
                f"{sum(t >= 2 for t in tails)} of {len(tails)} |")
        print("\nThe variants that counted, and requests that failed or broke:\n")
        for key in self.loads:
            texts = [
                f"{peer}{f' ({best.variant})' if best.variant else ''}: {best.errors}"
                for peer, best in self.best(key).items()]
            print(f"- {', '.join(map(str, key))}: {'; '.join(texts)}")

    def resources(self):
        """Start and memory of every server."""
        print(
            "\n| model, server | start to ready, s | memory after the load, MB |\n"
            "| --- | ---: | ---: |")
        for (model, name), size in self.memory.items():
            print(
                f"| {model}, {name} | {self.started[model, name]:.2f} | {size / 1e6:,.0f} |")


class Best:
    def __init__(self, variant, rate, p50, p99, errors):
        self.variant, self.rate, self.p50, self.p99 = variant, rate, p50, p99
        self.errors = errors


def latency(options, folder):
    """A single caller's latency beside the call in the process, in turns."""
    print(
        "\nOne connection, a tensor, against `strata benchmark --mode predict --batch 1`:\n\n"
        "| model | in the process, ms | median latency, ms | allowed, ms | |\n"
        "| --- | ---: | ---: | ---: | --- |")
    for model in options.models:
        calls, answers = [], []
        server = servers.Strata(options.strata, folder / f"{model}.keras", model)
        try:
            server.start()
            request = server.request("tensor", folder)
            for _ in range(options.rounds):
                rate, _ = strata.benchmark(options, model, "predict", 1)
                calls.append(1000 / rate)
                answers.append(load.run(server.port, request, 1, options.seconds).p50)
        finally:
            server.stop()
        call, answer = statistics.median(calls), statistics.median(answers)
        allowed = LATENCY_FACTOR * call + LATENCY_MORE
        print(
            f"| {model} | {call:.3f} | {answer:.3f} | {allowed:.3f} | "
            f"{verdict(answer <= allowed)} |")


def batches(options, folder, count=32):
    """How far the probabilities of pictures in one batch are from those of each alone."""
    texts = []
    for model in options.models:
        server = servers.Strata(options.strata, folder / f"{model}.keras", model)
        size = (folder / f"{model}.f32").stat().st_size
        generator = random.Random(0)
        pictures = [
            struct.pack(f"<{size // 4}f", *(generator.uniform(0, 255) for _ in range(size // 4)))
            for _ in range(count)]
        try:
            server.start()
            alone = [p for x in pictures for p in server.outputs(server.tensors(x))]
            together = server.outputs(server.tensors(b"".join(pictures), count))
        finally:
            server.stop()
        far = max(abs(a - b) for a, b in zip(alone, together, strict=True))
        texts.append(f"{model} {far:.1g}")
    print(
        f"\nThe largest difference between probabilities of a picture alone and in a batch of "
        f"{count}: {', '.join(texts)}")


def verdict(holds):
    return "reached" if holds else "missed"


def starts(options, folder):
    """From the start of the process to the first answer that it is ready."""
    for model in options.models:
        times = []
        for _ in range(options.starts):
            server = servers.Strata(options.strata, folder / f"{model}.keras", model)
            try:
                times.append(server.start() * 1000)
            finally:
                server.stop()
        middle = statistics.median(times)
        wanted = f", wanted {READY_MS}: {verdict(middle < READY_MS)}" if model == "fashion" else ""
        print(
            f"\nStart to ready, {model}: {middle:.0f} ms (median of {len(times)}, "
            f"{min(times):.0f} … {max(times):.0f}){wanted}")


def sizes(options, folder):
    """The stripped programs, with the server and, if there is one, without."""
    texts = []
    for name, program in (("with the server", options.strata), ("without", options.plain)):
        if program:
            stripped = folder / "stripped"
            subprocess.run(["strip", "-o", stripped, program], check=True)
            texts.append(f"{stripped.stat().st_size / 1e6:.1f} MB {name}")
    print(f"\nThe program strata, stripped: {', '.join(texts)}")
