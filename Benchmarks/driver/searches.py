"""Searches of Strata and of KerasTuner, and what came of them."""

import json
import os
import pathlib
import subprocess
import time
from dataclasses import dataclass

PEERS = pathlib.Path(__file__).resolve().parent.parent / "peers"
# Keras has one data set here; it is in the same cache for both.
DATASET = "fashion-mnist"


@dataclass
class Result:
    """What a search did until its time was over."""

    system: str
    algorithm: str
    seed: int
    trials: int = 0
    # Those trained for as long as they were to be, when the time was over.
    finished: int = 0
    # Those trained for the most epochs.
    complete: int = 0
    epochs: int = 0
    infeasible: int = 0
    failed: int = 0
    validation: float = float("nan")
    test: float = float("nan")
    seconds: float = float("nan")
    peak_bytes: int = 0

    def row(self):
        return (
            f"| {self.system}, {self.algorithm}, seed {self.seed} | {self.trials} "
            f"| {self.finished} | {self.complete} | {self.epochs} | {self.infeasible} "
            f"| {self.failed} | {self.validation:.4f} | {self.test:.4f} "
            f"| {self.seconds / 60:.1f} | {self.peak_bytes / 1e6:,.0f} |")


HEADER = (
    "\n| search | trials | finished | of all epochs | epochs | infeasible | failed "
    "| validation accuracy | test accuracy | minutes | peak memory, MB |\n"
    "| --- |" + " ---: |" * 10)


def run(command, log, **arguments):
    """Standard output, and the peak memory in bytes; standard error goes into a file.

    Raises a RuntimeError with the last line of that file if the program fails.
    """
    with open(log, "w") as errors:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, **arguments)
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        lines = pathlib.Path(log).read_text().strip().splitlines()
        raise RuntimeError(
            f"{' '.join(map(str, command))}: {lines[-1] if lines else process.returncode}")
    return output, usage.ru_maxrss * 1024


def strata(options, algorithm, seed, folder):
    """The same seed and folder continue a search that was interrupted."""
    begin = time.monotonic()
    _, peak = run(
        [options.strata, "search", DATASET, "--algorithm", algorithm, "--time", options.time,
         "--epochs", str(options.epochs), "--seed", str(seed), "--threads",
         str(options.threads), "--folder", folder / "search",
         "--output", folder / "best.keras",
         *(["--space", options.space] if options.space else [])],
        folder / "errors.txt")
    result = Result(
        "Strata", algorithm, seed, seconds=time.monotonic() - begin, peak_bytes=peak)
    count(journal(folder / "search"), result, options.epochs)
    result.test = json.loads((folder / "search" / "result.json").read_text())["test_accuracy"]
    return result


def journal(folder):
    """The events of a search of Strata."""
    lines = (folder / "journal.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines if line]


def count(events, result, most):
    planned, done, status, objectives = {}, {}, {}, []
    for event in events:
        trial = event.get("trial")
        match event["event"]:
            case "trial" | "resume":
                planned[trial] = event["epochs"]
            case "withdrawal":
                planned.pop(trial)
            case "epoch":
                done[trial] = event["epoch"]
                result.epochs += 1
                objectives.append(event["objective"])
            case "status":
                status[trial] = event["status"]
    result.trials = len(planned)
    ended = [status.get(trial) for trial in planned]
    result.infeasible = ended.count("infeasible")
    result.failed = ended.count("failed") + ended.count("diverged")
    result.finished = sum(done.get(trial, 0) >= epochs for trial, epochs in planned.items())
    result.complete = sum(epochs >= most for epochs in done.values())
    result.validation = max(
        (value for value in objectives if value is not None), default=float("nan"))


def keras_tuner(options, python, algorithm, seed, folder):
    threads = str(options.threads)
    cores = sorted(os.sched_getaffinity(0))[: options.threads]
    output, peak = run(
        [python, PEERS / "keras_tuner_peer.py", algorithm, "--seconds", str(seconds(options.time)),
         "--epochs", str(options.epochs), "--seed", str(seed), "--threads", threads,
         "--folder", folder],
        folder / "errors.txt", env=os.environ | {"OMP_NUM_THREADS": threads},
        preexec_fn=lambda: os.sched_setaffinity(0, cores))
    (folder / "trials.jsonl").write_text(output)
    *trials, last = [json.loads(line) for line in output.splitlines()]
    result = Result(
        "KerasTuner", algorithm, seed, validation=last["validation_accuracy"],
        test=last["test_accuracy"], seconds=last["seconds"], peak_bytes=peak)
    # A trial of a later round continues another one; here they are one trial, as in Strata.
    parts = {}
    for trial in trials:
        first = parts.get(trial["continues"], trial["trial"])
        parts[trial["trial"]] = first
    ends = {parts[trial["trial"]]: trial for trial in trials}
    result.trials = len(ends)
    result.epochs = sum(trial["epochs"] for trial in trials)
    result.infeasible = sum(not trial["built"] for trial in ends.values())
    result.failed = sum(
        trial["built"] and trial["status"] == "FAILED" for trial in ends.values())
    result.finished = sum(trial["epochs"] >= trial["planned"] for trial in ends.values())
    result.complete = sum(trial["last_epoch"] >= options.epochs for trial in ends.values())
    return result


def seconds(text):
    """Of a duration such as 90s, 20m or 2h.

    Raises a ValueError for anything else.
    """
    units = {"s": 1, "m": 60, "h": 3600}
    if text[-1:] not in units:
        raise ValueError(f"{text} is no duration; write 90s, 20m or 2h")
    return float(text[:-1]) * units[text[-1]]
