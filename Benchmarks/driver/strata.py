"""Runs of the program `strata`."""

import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DEFAULT = str(ROOT / ".build" / "release" / "strata")


def check(program):
    if not os.access(program, os.X_OK):
        sys.exit(f"{program} is not there; build it with swift build -c release")


def benchmark(options, workload, mode, batch, precision="float32", threads=None, prefix=()):
    """The median of images a second, and the peak memory in bytes.

    Raises a RuntimeError with what the program says where it fails.
    """
    command = [
        *prefix, options.strata, "benchmark", workload, "--mode", mode, "--batch", str(batch),
        "--precision", precision, "--threads", str(threads or options.threads),
        "--seconds", str(options.seconds), "--json"]
    # One pipe for both: whichever is not read could fill up.
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {output.strip()}")
    return json.loads(output.splitlines()[-1])["images_per_s_median"], usage.ru_maxrss * 1024
