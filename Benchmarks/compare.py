#!/usr/bin/env python3
"""Compares `strata benchmark` with other frameworks on this machine; prints Markdown tables.

    swift build -c release
    python3 Benchmarks/compare.py                    # speed against every peer, about an hour
    python3 Benchmarks/compare.py fashion-train vgg  # only rows whose name holds one of these
    python3 Benchmarks/compare.py --scaling vgg      # time per image by batch and threads
    python3 Benchmarks/compare.py --limit --memory --start --fit --neighbour
    python3 Benchmarks/compare.py --keras            # Keras's fit and predict on four backends

The peers come from PyPI into a virtual environment of their own, made when it is missing. All of them
get ready first; then Strata and they take turns, so that a slower minute hits all alike.
"""

import argparse
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "driver"))

import environment  # noqa: E402
import keras_backends  # noqa: E402
import quiet  # noqa: E402
import single  # noqa: E402
import strata  # noqa: E402
from contest import ROWS, contest  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", help="parts of rows' names; all rows if left out")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2, help="of a measurement")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--strata", default=strata.DEFAULT, help="the program strata")
    parser.add_argument(
        "--venv", type=pathlib.Path, default="~/.cache/strata-benchmarks/venv",
        help="where the peers are installed")
    parser.add_argument("--python", help="a Python that has the peers already, instead of --venv")
    parser.add_argument("--peers", help="only peers whose name holds one of these, by commas")
    parser.add_argument("--scaling", metavar="WORKLOAD", help="batches of 8 to 512, 1 thread and all")
    parser.add_argument("--limit", action="store_true", help="against oneDNN's primitives alone")
    parser.add_argument("--memory", action="store_true", help="peak memory of training vgg")
    parser.add_argument("--start", action="store_true", help="start to first prediction")
    parser.add_argument("--fit", action="store_true", help="fit against the bare step")
    parser.add_argument("--neighbour", action="store_true", help="with another busy process")
    parser.add_argument(
        "--keras", action="store_true", help="fit and predict of Keras on each backend")
    parser.add_argument("--wheel", help="a wheel of keras-strata to install beside the peers")
    return parser.parse_args()


def compare_keras(options):
    python = environment.python(options)
    if options.wheel:
        keras_backends.wheel(python, options.wheel)
    print(f"{quiet.machine()}, {options.threads} threads")
    watch = quiet.Watch()
    keras_backends.compare(keras_backends.wanted(options.rows), python, options, watch)
    print(watch.report())


def main():
    options = arguments()
    if options.keras:
        return compare_keras(options)
    strata.check(options.strata)
    single_wanted = any(
        [options.scaling, options.limit, options.memory, options.start, options.fit,
         options.neighbour])
    rows = [
        row for row in ROWS
        if not options.rows or any(part in row.name for part in options.rows)]
    if not rows:
        sys.exit(f"no row has such a name; rows are {', '.join(row.name for row in ROWS)}")
    needs_peers = options.memory or not single_wanted
    python = environment.python(options) if needs_peers else None
    print(f"{quiet.machine()}, {options.threads} threads")
    watch = quiet.Watch()
    if not single_wanted:
        contest(rows, python, options, watch)
    if options.scaling:
        single.scaling(options)
    if options.limit:
        single.limit(options)
    if options.memory:
        single.memory(options, python)
    if options.start:
        single.start(options)
    if options.fit:
        single.fit(options)
    if options.neighbour:
        single.neighbour(options)
    print(watch.report())


main()
