"""Load for a server: `wrk`, from Debian's package of that name."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass

SCRIPT = pathlib.Path(__file__).resolve().parent.parent / "load.lua"


@dataclass
class Load:
    requests: int
    seconds: float
    # Milliseconds.
    mean: float
    p50: float
    p99: float
    # Answers with a status of 400 or more, connections that broke, answers after two seconds.
    failed: int
    broken: int
    late: int

    @property
    def rate(self):
        return self.requests / self.seconds

    @property
    def errors(self):
        return self.failed + self.broken + self.late


def check():
    if shutil.which("wrk") is None:
        sys.exit("wrk is not there; install it with apt-get install wrk")


def start(port, request, connections, seconds):
    """A running wrk, with one thread that keeps its connections open."""
    body = tempfile.NamedTemporaryFile()
    body.write(request.body)
    body.flush()
    headers = "\n".join(f"{name}: {value}" for name, value in request.headers.items())
    process = subprocess.Popen(
        ["wrk", "--threads", "1", "--connections", str(connections),
         "--duration", f"{seconds:g}s", "--latency", "--script", SCRIPT,
         f"http://127.0.0.1:{port}{request.path}"],
        env=os.environ | {"LOAD_BODY": body.name, "LOAD_HEADERS": headers},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    process.body = body
    return process


def result(process):
    """What a wrk has measured, once it ends."""
    output, _ = process.communicate()
    process.body.close()
    lines = [line for line in output.splitlines() if line.startswith("{")]
    if not lines:
        raise RuntimeError(f"wrk failed: {output.strip()}")
    values = json.loads(lines[-1])
    for name in ("mean", "p50", "p99"):
        values[name] /= 1000
    return Load(**values)


def run(port, request, connections, seconds):
    process = start(port, request, connections, seconds)
    try:
        return result(process)
    finally:
        process.kill()
