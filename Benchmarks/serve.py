#!/usr/bin/env python3
"""Measures `strata serve` beside other servers on this machine; prints Markdown tables.

    swift build -c release --traits Server --product strata
    python3 Benchmarks/serve.py                            # some twelve minutes
    python3 Benchmarks/serve.py --models fashion --connections 8 --peers onnxruntime
    python3 Benchmarks/serve.py --peers none --soak 600    # Strata alone; ten minutes at saturation

The peers come from PyPI into virtual environments of their own, made when they are missing. They
serve the same networks: Keras its own file, onnxruntime and MLServer the ONNX file that Strata makes
of it. Each is tried with several numbers of workers and threads; those within a tenth of the best
are measured, and the best counts, for each row anew. The load is wrk's, with one thread, on the same
cores as the servers, for all alike.
"""

import argparse
import os
import pathlib
import signal
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "driver"))

import load  # noqa: E402
import quiet  # noqa: E402
import serving  # noqa: E402
import soak  # noqa: E402
import strata  # noqa: E402

MODELS = ("fashion", "vgg")
KINDS = ("tensor", "jpeg", "photo")
PEERS = ("onnxruntime", "keras", "mlserver")


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", choices=MODELS, default=MODELS)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--connections", nargs="+", type=int, default=[1, 8, 64])
    parser.add_argument("--peers", nargs="+", choices=[*PEERS, "none"], default=PEERS)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=int, default=1, help="of a measurement")
    parser.add_argument("--starts", type=int, default=9, help="of Strata, for the time to ready")
    parser.add_argument("--soak", type=int, default=20, help="seconds at saturation; 0 for none")
    parser.add_argument("--soak-connections", type=int, default=64)
    parser.add_argument("--strata", default=strata.DEFAULT, help="the program strata")
    parser.add_argument(
        "--plain", help="strata built without the trait Server, for the sizes of both")
    parser.add_argument(
        "--venv", type=pathlib.Path, default="~/.cache/strata-benchmarks/serving",
        help="where the peers are installed")
    parser.set_defaults(python=None, threads=len(os.sched_getaffinity(0)))
    return parser.parse_args()


def main():
    options = arguments()
    # So that servers are stopped then too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    strata.check(options.strata)
    load.check()
    print(f"{quiet.machine()}; wrk has one thread on the same cores")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        pythons = serving.prepare(options, folder)
        watch = quiet.Watch()
        contest = serving.Contest(options, folder, pythons, watch)
        print(contest.header(), flush=True)
        for model in options.models:
            contest.run(model)
        contest.report()
        contest.resources()
        serving.latency(options, folder)
        serving.batches(options, folder)
        serving.starts(options, folder)
        serving.sizes(options, folder)
        if options.soak:
            soak.soak(options, folder, options.models[0])
        print(watch.report())


main()
