#!/usr/bin/env python3
"""Measures training with several ranks on this machine; prints Markdown tables.

    swift build -c release --traits MPI --product strata
    swift build -c release --traits MPI --product MPIRanks
    python3 Benchmarks/distributed.py                  # all, about half an hour
    python3 Benchmarks/distributed.py --tables ranks   # against threads, and PyTorch's processes
    python3 Benchmarks/distributed.py --tables model --workloads vgg

`ranks` holds two ranks beside one with all threads, and beside PyTorch's DistributedDataParallel with
the same networks and batch. `model` holds a cost model beside steps of two and four ranks. `paper`
prints what the model says of 8 to 1024 ranks on networks that are not here. All that is compared takes
turns, and ratios are those of one round.

PyTorch comes from PyPI into the virtual environment of `compare.py`, made when it is missing.
"""

import argparse
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "driver"))

import environment  # noqa: E402
import quiet  # noqa: E402
import rank_tables  # noqa: E402
import ranks  # noqa: E402
import strata  # noqa: E402

TABLES = ("ranks", "model", "paper")
WORKLOADS = ("fashion", "cifar", "vgg")


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", nargs="+", choices=TABLES, default=TABLES)
    parser.add_argument("--workloads", nargs="+", choices=WORKLOADS, default=WORKLOADS)
    parser.add_argument(
        "--paper", nargs="+", choices=rank_tables.SHARES, default=[*rank_tables.SHARES],
        help="the networks of the table paper")
    parser.add_argument("--batch", type=int, default=128, help="images of all ranks in a step")
    parser.add_argument(
        "--ranks", nargs="+", type=int, default=[2, 4], help="numbers of ranks of the table model")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2, help="of a measurement")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--strata", default=strata.DEFAULT, help="strata, with the trait MPI")
    parser.add_argument("--sums", help="the program MPIRanks, if it is not beside strata")
    parser.add_argument("--mpirun", help="the mpirun of the MPI that they were built with")
    parser.add_argument(
        "--venv", type=pathlib.Path, default="~/.cache/strata-benchmarks/venv",
        help="where PyTorch is installed")
    parser.add_argument("--python", help="a Python that has PyTorch already, instead of --venv")
    parser.add_argument("--no-peer", action="store_true", help="leave PyTorch out")
    options = parser.parse_args()
    options.sums = options.sums or str(pathlib.Path(options.strata).parent / "MPIRanks")
    return options


def main():
    options = arguments()
    strata.check(options.strata)
    if set(options.tables) & {"model", "paper"}:
        strata.check(options.sums)
    python = None
    if "ranks" in options.tables and not options.no_peer:
        python = environment.python(options)
    runs = ranks.Ranks(options)
    print(f"{quiet.machine()}; {runs.launcher.version}")
    watch = quiet.Watch()
    if "ranks" in options.tables:
        rank_tables.against_threads_and_peer(options, runs, python, watch)
    if "model" in options.tables:
        rank_tables.against_model(options, runs, watch)
    if "paper" in options.tables:
        rank_tables.loopback(options, runs)
        rank_tables.on_paper(options, runs)
    print(watch.report())


main()
