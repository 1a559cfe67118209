#!/usr/bin/env python3
"""Compares `strata search` with KerasTuner on Fashion-MNIST; prints Markdown tables.

    swift build -c release
    python3 Benchmarks/search.py              # Hyperband and random search, 20 minutes each
    python3 Benchmarks/search.py --systems strata --seeds 1 2 3 4 5 --time 150s --epochs 9 \\
        --space Benchmarks/small-space.json
    python3 Benchmarks/search.py --check FOLDER   # the networks of a search, built in Keras

Both search Strata's HyperCNN for the same time, one after the other, with the last tenth of the
training images for validation. The test images are looked at once, with the best model of each
search. KerasTuner comes from PyPI, with Keras on TensorFlow, into the virtual environment of
compare.py. With --folder the searches stay.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "driver"))

import environment  # noqa: E402
import quiet  # noqa: E402
import searches  # noqa: E402
import strata  # noqa: E402

SYSTEMS = ("strata", "kerastuner")
# Those that KerasTuner has as well, under the same names.
KERAS_TUNER = ("hyperband", "random")


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--systems", nargs="+", choices=SYSTEMS, default=SYSTEMS, help="default: both")
    parser.add_argument(
        "--algorithms", nargs="+", choices=[*KERAS_TUNER, "tpe", "grid"], default=KERAS_TUNER,
        help="default: hyperband random")
    parser.add_argument("--time", default="20m", help="of each search: 90s, 20m, 2h")
    parser.add_argument("--epochs", type=int, default=15, help="of a trial, at most")
    parser.add_argument(
        "--space", type=pathlib.Path, help="a smaller search space, for Strata alone")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--folder", type=pathlib.Path, help="where the searches stay")
    parser.add_argument("--strata", default=strata.DEFAULT, help="the program strata")
    parser.add_argument(
        "--venv", type=pathlib.Path, default="~/.cache/strata-benchmarks/venv",
        help="where the peers are installed")
    parser.add_argument("--python", help="a Python that has the peers already, instead of --venv")
    parser.add_argument(
        "--check", type=pathlib.Path, metavar="FOLDER",
        help="compare the trials of this search of Strata with the same networks in Keras")
    options = parser.parse_args()
    if options.space and "kerastuner" in options.systems:
        parser.error("--space is not for KerasTuner; add --systems strata")
    try:
        searches.seconds(options.time)
    except ValueError as error:
        parser.error(str(error))
    return options


def plan(options):
    """Systems, algorithms and seeds in the order in which they take turns."""
    return [
        (system, algorithm, seed) for seed in options.seeds for algorithm in options.algorithms
        for system in options.systems if system == "strata" or algorithm in KERAS_TUNER]


def compare(options, python, folder):
    """The results of all searches; a row is printed as soon as one is there."""
    print(searches.HEADER, flush=True)
    results = []
    for system, algorithm, seed in plan(options):
        place = folder / f"{system}-{algorithm}-{seed}"
        place.mkdir(parents=True, exist_ok=True)
        try:
            if system == "strata":
                result = searches.strata(options, algorithm, seed, place)
            else:
                result = searches.keras_tuner(options, python, algorithm, seed, place)
        except RuntimeError as error:
            print(f"{system}, {algorithm}, seed {seed}: {error}", file=sys.stderr)
            continue
        results.append(result)
        print(result.row(), flush=True)
    return results


def contest(results):
    """Prints medians over the seeds, and on how many of them each search beats each other one."""
    names = list(dict.fromkeys((result.system, result.algorithm) for result in results))
    found = {
        name: {r.seed: r for r in results if (r.system, r.algorithm) == name} for name in names}
    print(
        "\n| search | seeds | median validation accuracy | median test accuracy "
        "| validation better than | test better than |\n| --- |" + " ---: |" * 3 + " --- |" * 2)
    for name in names:
        row = [
            f"{statistics.median(getattr(r, kind) for r in found[name].values()):.4f}"
            for kind in ("validation", "test")]
        wins = ["; ".join(
            f"{' '.join(other)} {score(found[name], found[other], kind)}"
            for other in names if other != name) for kind in ("validation", "test")]
        print(f"| {', '.join(name)} | {len(found[name])} | {' | '.join(row + wins)} |")


def score(ours, others, kind):
    """On how many of the common seeds the first search is better: 3 of 5."""
    common = ours.keys() & others.keys()
    wins = sum(getattr(ours[s], kind) > getattr(others[s], kind) for s in common)
    return f"{wins} of {len(common)}"


def check(options):
    """Builds every trial of a search of Strata in Keras; exits with 1 if any differs."""
    python = environment.python(options)
    events = searches.journal(options.check)
    trials = {event["trial"]: event["hyperparameters"] for event in events
              if event["event"] == "values"}
    infeasible = {event["trial"] for event in events
                  if event["event"] == "status" and event["status"] == "infeasible"}
    lines = [json.dumps({p["name"]: p["value"] for p in parameters})
             for parameters in trials.values()]
    process = subprocess.run(
        [python, searches.PEERS / "keras_tuner_check.py"], input="\n".join(lines), check=True,
        text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    differences = compared = 0
    for (trial, parameters), line in zip(trials.items(), process.stdout.splitlines(), strict=True):
        weights = counted_weights(options.check, trial)
        compared += weights is not None
        for text in differing(parameters, trial in infeasible, weights, json.loads(line)):
            print(f"trial {trial}: {text}")
            differences += 1
    print(
        f"{len(trials)} trials, {len(infeasible)} of them infeasible; the weights of {compared} "
        f"compared; {differences} differences")
    return differences > 0


def counted_weights(folder, trial):
    """The number of a trial's weights in Strata, if its run folder says so."""
    settings = folder / "trials" / f"{trial:04d}" / "settings.json"
    return json.loads(settings.read_text()).get("weights") if settings.exists() else None


def differing(parameters, is_infeasible, weights, keras):
    """What is not the same in Strata and in Keras, in words."""
    space = {p["name"]: p["domain"] for p in parameters}
    for name in space.keys() | keras["space"].keys():
        ours, theirs = space.get(name), keras["space"].get(name)
        # An infeasible trial asks for fewer where one of the two notices earlier.
        if ours != theirs and not (is_infeasible and None in (ours, theirs)):
            yield f"{name} is {ours} in Strata, {theirs} in Keras"
    if is_infeasible != (keras["weights"] is None):
        yield f"it is {'' if is_infeasible else 'not '}infeasible in Strata; {keras['error']}"
    if weights is not None and keras["weights"] not in (None, weights):
        yield f"{weights} weights in Strata, {keras['weights']} in Keras"


def main():
    options = arguments()
    if options.check:
        sys.exit(check(options))
    if "strata" in options.systems:
        strata.check(options.strata)
    python = environment.python(options) if "kerastuner" in options.systems else None
    print(f"{quiet.machine()}, {options.threads} threads, {options.time} each")
    watch = quiet.Watch()
    with tempfile.TemporaryDirectory() as temporary:
        results = compare(options, python, options.folder or pathlib.Path(temporary))
    if len(options.seeds) > 1:
        contest(results)
    print(watch.report())


main()
