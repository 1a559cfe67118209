"""Strata and its peers, taking turns."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass

import strata

PEERS = pathlib.Path(__file__).resolve().parent.parent / "peers"
PRECISIONS = {"float32": "float32", "bfloat16": "mixed_bfloat16"}


@dataclass
class Row:
    workload: str
    mode: str
    batch: int
    precisions: tuple = ("float32",)

    @property
    def name(self):
        return f"{self.workload}-{self.mode}-{self.batch}"


BOTH = ("float32", "bfloat16")
ROWS = [
    Row("fashion", "train", 128, BOTH), Row("cifar", "train", 128, BOTH),
    Row("vgg", "train", 128, BOTH), Row("lenet", "train", 128), Row("fashion", "train", 32),
    Row("fashion", "predict", 1), Row("fashion", "predict", 128), Row("vgg", "predict", 1),
    Row("vgg", "predict", 128), Row("resnet50", "predict", 1), Row("resnet50", "predict", 16),
    Row("resnet50", "train", 16),
]


@dataclass
class Peer:
    name: str
    script: str
    variant: str
    modes: tuple = ("train", "predict")
    precision: str = "float32"


ALL = [
    Peer("PyTorch", "torch", ""),
    Peer("PyTorch, channels last", "torch", "channels_last"),
    Peer("PyTorch, autocast", "torch", "bf16", ("train",), "bfloat16"),
    Peer("PyTorch, autocast, channels last", "torch", "bf16,channels_last", ("train",), "bfloat16"),
    Peer("Keras on TensorFlow", "keras", "tensorflow"),
    Peer("Keras on JAX", "keras", "jax"),
    Peer("JAX", "jax", ""),
    Peer("ONNX Runtime", "onnx", "onnxruntime", ("predict",)),
    Peer("OpenVINO", "onnx", "openvino", ("predict",)),
]


class Worker:
    """A peer's process: ready after its first line, then a measurement for each line it gets."""

    def __init__(self, peer, row, python, options):
        self.peer = peer
        threads = str(options.threads)
        environment = os.environ | {"OMP_NUM_THREADS": threads, "MKL_NUM_THREADS": threads}
        # A file, because a full pipe would stop the process.
        self.errors = tempfile.TemporaryFile("w+")
        # TensorFlow and JAX take as many threads as there are cores.
        cores = sorted(os.sched_getaffinity(0))[: options.threads]
        self.process = subprocess.Popen(
            [python, PEERS / f"{peer.script}_peer.py", row.workload, "--mode", row.mode,
             "--batch", str(row.batch), "--threads", threads, "--seconds", str(options.seconds),
             f"--variant={peer.variant}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True,
            env=environment, preexec_fn=lambda: os.sched_setaffinity(0, cores))
        self.versions = self.read()["versions"]

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            self.errors.seek(0)
            errors = self.errors.read().strip().splitlines()
            raise RuntimeError(errors[-1] if errors else "it ended")
        return json.loads(line)

    def measure(self):
        """Images a second and the peak memory in bytes."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        answer = self.read()
        return answer["images_per_s"], answer["peak_bytes"]

    def close(self):
        self.process.kill()
        self.process.communicate()


def workers(row, python, options):
    """The peers that can do a row; those that fail are told of and left out."""
    made = []
    for peer in ALL:
        wanted = options.peers.split(",") if options.peers else [""]
        if row.mode not in peer.modes or not any(part in peer.name for part in wanted):
            continue
        if peer.precision not in row.precisions:
            continue
        try:
            made.append(Worker(peer, row, python, options))
        except RuntimeError as error:
            print(f"{row.name}: {peer.name} does not run: {error}", file=sys.stderr)
    return made


def rounds(row, peers, options):
    """For each contestant's name the rates of all rounds."""
    rates = {}
    precisions = list(row.precisions)
    for _ in range(options.rounds):
        for precision in list(precisions):
            try:
                rate, _ = strata.benchmark(
                    options, row.workload, row.mode, row.batch, PRECISIONS[precision])
            except RuntimeError as error:
                print(f"Strata does not run: {error}", file=sys.stderr)
                precisions.remove(precision)
                continue
            rates.setdefault(f"Strata, {precision}", []).append(rate)
        for worker in peers:
            rates.setdefault(worker.peer.name, []).append(worker.measure()[0])
    return rates


def contest(rows, python, options, watch):
    """Prints a row for each precision of each workload, then all medians and the versions."""
    print(
        "\n| workload | Strata, images/s | best peer of the same precision | ratio "
        "| best peer at any precision | ratio |\n| --- | ---: | --- | ---: | --- | ---: |")
    details, versions = [], {}
    for row in rows:
        peers = workers(row, python, options)
        try:
            rates = rounds(row, peers, options)
        finally:
            for worker in peers:
                worker.close()
        medians = {name: statistics.median(values) for name, values in rates.items()}
        watch.spreads += [
            max(abs(value / medians[name] - 1) for value in values)
            for name, values in rates.items()]
        for worker in peers:
            versions |= worker.versions
        for precision in row.precisions:
            if f"Strata, {precision}" not in medians:
                continue
            print(line(row, precision, medians, [worker.peer for worker in peers]), flush=True)
        details += [f"| {row.name} | {name} | {rate:,.0f} | "
                    f"{min(rates[name]):,.0f} … {max(rates[name]):,.0f} |"
                    for name, rate in sorted(medians.items(), key=lambda item: -item[1])]
    print(
        f"\nMedians of {options.rounds} rounds in images/s:\n\n"
        "| workload | framework | median | rounds |\n| --- | --- | ---: | ---: |")
    print("\n".join(details))
    print("\n" + ", ".join(f"{name} {version}" for name, version in sorted(versions.items())))


def line(row, precision, medians, peers):
    """A row of the table."""
    ours = medians[f"Strata, {precision}"]
    text = f"| {row.workload}, {row.mode}, batch {row.batch}, {precision} | {ours:,.0f} "
    for candidates in ([p for p in peers if p.precision == precision], peers):
        if not candidates:
            text += "| – | – "
            continue
        best = max(candidates, key=lambda peer: medians[peer.name])
        rate = medians[best.name]
        text += f"| {best.name}: {rate:,.0f} | {ours / rate:.2f} "
    return text + "|"
