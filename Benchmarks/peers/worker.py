"""What all peers share: a process that gets ready, then measures a window for each line it reads.

It stays alive between windows, so that frameworks take turns without compiling again. Every answer is
a line of JSON on standard output.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import time

PARTS = 5  # a window's rate is the median of so many


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("workload")
    parser.add_argument("--mode", choices=["train", "predict"], required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--variant", default="")
    return parser.parse_args()


def measure(run, steps, batch):
    """Images a second; `run(n)` does n steps and returns when they are done."""
    rates = []
    for _ in range(PARTS):
        begin = time.perf_counter()
        run(steps)
        rates.append(steps * batch / (time.perf_counter() - begin))
    return statistics.median(rates)


def serve(run, versions, options):
    """Warms up, says so, then answers each line of standard input with a window."""
    # Frameworks write to standard output too; answers keep it to themselves.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def answer(**values):
        values["peak_bytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps(values), file=answers, flush=True)

    run(2)
    begin = time.perf_counter()
    run(1)
    one = time.perf_counter() - begin
    steps = max(1, int(options.seconds / PARTS / one))
    begin = time.perf_counter()
    run(steps)
    one = (time.perf_counter() - begin) / steps
    steps = max(1, int(options.seconds / PARTS / one))
    answer(versions=versions)
    for _ in sys.stdin:
        answer(images_per_s=measure(run, steps, options.batch))
