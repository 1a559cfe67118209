"""What is measured of Strata alone, or against one peer."""

import json
import os
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zlib

import contest
import environment
import strata

LIMIT = pathlib.Path(__file__).resolve().parent.parent / "limit.cpp"
BATCHES = (8, 16, 32, 64, 128, 256, 512)


def in_turns(options, measures):
    """What each of the measures gives in every round; every other round goes backwards."""
    values = {name: [] for name in measures}
    for number in range(options.rounds):
        for name in list(measures)[:: 1 if number % 2 == 0 else -1]:
            values[name].append(measures[name]())
    return values.values()


def ratios(parts, wholes):
    """The quartiles of ratios of one round each, which a machine whose speed changes moves less."""
    pairs = [part / whole for part, whole in zip(parts, wholes)]
    return statistics.quantiles(pairs, n=4) if len(pairs) > 1 else pairs * 3


def scaling(options):
    """How cost grows with work: microseconds an image by size of batch, on one thread and on all."""
    print(
        f"\n{options.scaling}, a training step, microseconds an image; the speed-up is the median of "
        f"rounds, and their quartiles:\n\n"
        f"| batch | 1 thread | {options.threads} threads | speed-up |\n| ---: | ---: | ---: | --- |")
    for batch in BATCHES:
        rates = list(in_turns(options, {
            count: lambda count=count: strata.benchmark(
                options, options.scaling, "train", batch, threads=count)[0]
            for count in (1, options.threads)}))
        one, all_ = rates[0], rates[-1]
        low, middle, high = ratios(all_, one)
        times = " | ".join(f"{1e6 / statistics.median(rates):,.1f}" for rates in (one, all_))
        print(f"| {batch} | {times} | {middle:.2f} ({low:.2f} … {high:.2f}) |", flush=True)


def limit(options, batch=128):
    """How near training comes to oneDNN's primitives alone, in turns."""
    print(
        f"\nA training step, batch {batch}, images/s:\n\n"
        "| workload | Strata | the primitives alone | ratio |\n| --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "limit"
        environment.compile_program(LIMIT, program, "-ldnnl")
        for workload in ("fashion", "cifar", "vgg"):
            for precision, policy in contest.PRECISIONS.items():
                ours, alone = [], []
                for _ in range(options.rounds):
                    try:
                        ours.append(strata.benchmark(options, workload, "train", batch, policy)[0])
                    except RuntimeError as error:
                        print(f"Strata does not run: {error}", file=sys.stderr)
                        break
                    output = subprocess.run(
                        [program, workload, precision, str(batch)], check=True, text=True,
                        stdout=subprocess.PIPE,
                        env=os.environ | {"OMP_NUM_THREADS": str(options.threads)}).stdout
                    alone.append(json.loads(output)["images_per_s"])
                if not ours:
                    continue
                rates = statistics.median(ours), statistics.median(alone)
                print(
                    f"| {workload}, {precision} | {rates[0]:,.0f} | {rates[1]:,.0f} "
                    f"| {rates[0] / rates[1]:.2f} |", flush=True)


def memory(options, python):
    """The most memory that a process takes while it trains."""
    row = contest.Row("vgg", "train", 128)
    print("\nvgg, train, batch 128, peak memory of the process in MB:\n\n| | MB |\n| --- | ---: |")
    _, ours = strata.benchmark(options, row.workload, row.mode, row.batch)
    print(f"| Strata | {ours / 1e6:,.0f} |")
    for peer in (peer for peer in contest.ALL if peer.script == "torch"):
        try:
            worker = contest.Worker(peer, row, python, options)
        except RuntimeError as error:
            print(f"{peer.name} does not run: {error}", file=sys.stderr)
            continue
        _, theirs = worker.measure()
        worker.close()
        print(f"| {peer.name} | {theirs / 1e6:,.0f} ({theirs / ours:.1f} times) |", flush=True)


def png(path, side=28):
    """A grey picture."""
    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))

    rows = b"".join(
        b"\0" + bytes((x * y) % 256 for x in range(side)) for y in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b""))


def start(options, runs=21):
    """From the start of a process to the end, which has loaded a model and predicted one picture."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        subprocess.run(
            [options.strata, "train", "fashion-mnist", "--epochs", "1", "--output",
             folder / "fashion.keras"], check=True, stdout=subprocess.DEVNULL)
        png(folder / "picture.png")
        command = [options.strata, "predict", folder / "fashion.keras", folder / "picture.png"]
        times = []
        for _ in range(runs):
            begin = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            times.append((time.perf_counter() - begin) * 1e3)
    print(
        f"\nStart to first prediction of a saved fashion model, as a process: "
        f"{statistics.median(times):.0f} ms (median of {runs}, {min(times):.0f} … {max(times):.0f})")


def fit(options, workload="fashion", batch=128):
    """What fit takes beyond its steps."""
    steps, wholes = in_turns(options, {
        mode: lambda mode=mode: strata.benchmark(options, workload, mode, batch)[0]
        for mode in ("train", "fit")})
    low, middle, high = ratios(wholes, steps)
    print(
        f"\n{workload}, batch {batch}: the bare step {statistics.median(steps):,.0f} images/s, fit on "
        f"shuffled samples with the accuracy {statistics.median(wholes):,.0f} images/s: {middle:.1%} of "
        f"the step's in the median of rounds (quartiles {low:.1%} and {high:.1%})")


def neighbour(options, workload="fashion", batch=128):
    """What is left while another process keeps one core busy."""
    core = max(os.sched_getaffinity(0))

    def alone():
        return strata.benchmark(options, workload, "train", batch)[0]

    def beside():
        busy = subprocess.Popen(
            [sys.executable, "-c", f"import os\nos.sched_setaffinity(0, [{core}])\nwhile True: pass"])
        try:
            return alone()
        finally:
            busy.kill()
            busy.wait()

    before, after = map(
        statistics.median, in_turns(options, {"alone": alone, "beside": beside}))
    cores = len(os.sched_getaffinity(0))
    print(
        f"\n{workload}, train, batch {batch}: {before:,.0f} images/s alone, {after:,.0f} beside a busy "
        f"process on one of {cores} cores: {after / before:.0%}; without that core "
        f"{(cores - 1) / cores:.0%} would be left")
