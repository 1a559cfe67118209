"""Keras's `fit` and `predict` on Strata and on its other backends, taking turns."""

import pathlib
import statistics
import subprocess
import sys

from contest import Peer
from contest import Row
from contest import Worker

BACKENDS = ("strata", "tensorflow", "jax", "torch")
ROWS = [
    *(Row(name, "train", 128) for name in ("fashion", "cifar", "vgg", "lenet")),
    Row("fashion", "predict", 128), Row("vgg", "predict", 128), Row("fashion", "predict", 1),
    Row("vgg", "predict", 1),
    *(Row(name, mode, 16) for name in ("ResNet50", "MobileNetV2", "EfficientNetB0")
      for mode in ("predict", "train")),
]


def compare(rows, python, options, watch):
    """Prints a row for each workload: the rates, the best other backend, and first steps."""
    print(
        "\n| `fit` and `predict` in Python | Strata, images/s | best other backend | ratio "
        "| first step: Strata, TensorFlow, s | peak memory: Strata, JAX, MB |\n"
        "| --- | ---: | --- | ---: | --- | --- |")
    for row in rows:
        workers = {}
        for backend in chosen(options):
            try:
                workers[backend] = Worker(Peer(backend, "fit", backend), row, python, options)
            except RuntimeError as error:
                print(f"{row.name}: {backend} does not run: {error}", file=sys.stderr)
        rates = {backend: [] for backend in workers}
        peaks = {}
        try:
            for _ in range(options.rounds):
                for backend, worker in workers.items():
                    rate, peaks[backend] = worker.measure()
                    rates[backend].append(rate)
        finally:
            for worker in workers.values():
                worker.close()
        print(line(row, workers, rates, peaks), flush=True)
        watch.spreads += [
            max(abs(value / statistics.median(values) - 1) for value in values)
            for values in rates.values()]


def chosen(options):
    """Strata, and the backends whose name holds one of the parts of --peers."""
    parts = options.peers.split(",") if options.peers else [""]
    return [name for name in BACKENDS
            if name == "strata" or any(part in name for part in parts)]


def line(row, workers, rates, peaks):
    medians = {backend: statistics.median(values) for backend, values in rates.items()}
    ours = medians.pop("strata", 0)
    best = max(medians, key=medians.get, default="–")
    ratio = f"{ours / medians[best]:.2f}" if medians else "–"
    first = [
        str(workers[name].versions["first step, s"]) if name in workers else "–"
        for name in ("strata", "tensorflow")]
    memory = [
        f"{peaks[name] / 1e6:,.0f}" if name in peaks else "–" for name in ("strata", "jax")]
    rate = f"{medians[best]:,.1f}" if medians else "–"
    return (
        f"| {row.workload}, {row.mode}, batch {row.batch} | {ours:,.1f} | {best}: {rate} "
        f"| {ratio} | {first[0]}, {first[1]} | {memory[0]}, {memory[1]} |")


def wanted(parts):
    """The rows whose name holds one of the parts; all without parts."""
    return [row for row in ROWS if not parts or any(part in row.name for part in parts)]


def wheel(python, path):
    """Installs a wheel of keras-strata where the peers are."""
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--force-reinstall", "--no-deps",
                    pathlib.Path(path)], check=True)
