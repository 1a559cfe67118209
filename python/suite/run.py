"""Runs files of tests, each in a process of its own."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from suite import results
from suite.results import Case
from suite.results import File

_HERE = Path(__file__).resolve().parent
_EXCLUDED = _HERE.parent / "excluded_tests.txt"
# How often the tests after one that ended the process are run in a new one.
_MAX_PROCESSES = 30


def exclusions() -> dict[str, str]:
    """The tests that Strata does not run, and the reason for each."""
    found = {}
    for line in _EXCLUDED.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, mark, reason = line.partition("  # ")
            if not mark or not reason.strip():
                sys.exit(f"{_EXCLUDED.name}: a reason is missing after two spaces and #: {line}")
            found[name.strip()] = reason.strip()
    return found


@dataclasses.dataclass
class Suite:
    """The tests of one Keras on one backend.

    Attributes:
        python: the Python that runs them.
        tests: the folder `keras/src`.
        backend: the backend's name.
        expression: pytest's choice of tests by name.
        limit: the seconds that one test may take.
        is_installed: whether the environment has keras-strata; otherwise it is this checkout.
    """

    python: Path
    tests: Path
    backend: str
    expression: str | None
    limit: float
    is_installed: bool
    excluded: dict[str, str] = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self.excluded = exclusions() if self.backend == "strata" else {}

    def run(self, paths: list[str], jobs: int) -> list[File]:
        """Runs the files, several at a time, and shows their progress."""
        found = []
        with ThreadPoolExecutor(jobs) as pool:
            for number, file in enumerate(pool.map(self._file, paths), 1):
                failed = len(file.failed)
                print(
                    f"[{number}/{len(paths)}] {file.path}: {len(file.tests)} tests, "
                    f"{failed} failed, {file.seconds:.0f} s",
                    file=sys.stderr,
                )
                if not self.expression:
                    results.save(self.backend, file)
                found.append(file)
        return found

    def _file(self, path: str) -> File:
        begin = time.monotonic()
        tests: dict[str, Case] = {}
        used: set[str] = set()
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(_MAX_PROCESSES):
                if self._process(path, tests, used, Path(folder)):
                    break
            else:
                self._add(tests, path, "failed", f"{_MAX_PROCESSES} processes were not enough")
        return File(path, list(tests.values()), time.monotonic() - begin, sorted(used))

    def _process(self, path: str, tests: dict[str, Case], used: set[str], folder: Path) -> bool:
        """Runs the tests that are left; whether there are none left then."""
        report, plan, log = folder / "report", folder / "plan", folder / "log"
        report.write_text("")
        plan.write_text(json.dumps({"done": list(tests), "excluded": self.excluded}))
        with log.open("wb") as output:
            process = subprocess.Popen(
                self._command(path),
                cwd=folder,
                env=self._variables(report, plan, folder),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            reason = self._wait(process, report)
        known = len(tests)
        running = _read(report, tests, used)
        is_complete = process.returncode in (0, 1, 5) or f"{path}::collection" in tests
        if running is None and reason is None and is_complete:
            return True
        message = reason or _ending(process.returncode)
        details = log.read_text(errors="replace")[-4000:]
        self._add(tests, running or f"{path}::collection", "failed", message, details)
        return running is None or len(tests) == known

    def _command(self, path: str) -> list[str]:
        root = self.tests.parent.parent
        options = [
            "-q",
            "--assert=plain",
            "-W",
            "ignore",
            "-p",
            "no:cacheprovider",
            "-p",
            "conftest",
        ]
        chosen = ["-k", self.expression] if self.expression else []
        file = str(self.tests / path)
        return [str(self.python), "-m", "pytest", *options, *chosen, "--rootdir", str(root), file]

    def _variables(self, report: Path, plan: Path, folder: Path) -> dict[str, str]:
        paths = [str(_HERE / "plugin")]
        if self.backend == "strata" and not self.is_installed:
            paths.append(str(_HERE.parent))
        return {
            **os.environ,
            "KERAS_BACKEND": self.backend,
            # Not the user's settings.
            "KERAS_HOME": str(folder / "keras"),
            "PYTHONPATH": os.pathsep.join(paths),
            "SUITE_REPORT": str(report),
            "SUITE_PLAN": str(plan),
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "JAX_PLATFORMS": "cpu",
            "CUDA_VISIBLE_DEVICES": "",
        }

    def _wait(self, process: subprocess.Popen, report: Path) -> str | None:
        """Waits for the end; the reason if it had to be forced."""
        size, since = -1, time.monotonic()
        while True:
            try:
                process.wait(0.2)
                return None
            except subprocess.TimeoutExpired:
                pass
            if report.stat().st_size != size:
                size, since = report.stat().st_size, time.monotonic()
            elif time.monotonic() - since > self.limit:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                return f"Took more than {self.limit:.0f} s"

    def _add(
        self, tests: dict[str, Case], id: str, outcome: str, message: str, details: str = ""
    ) -> None:
        tests[id] = Case(id, outcome, 0, message, details)


def _read(report: Path, tests: dict[str, Case], used: set[str]) -> str | None:
    """Reads a process's report; the test that was running when it ended."""
    running = None
    for event in _events(report):
        if event["event"] == "start":
            running = event["id"]
        elif event["event"] == "excluded":
            used.add(event["by"])
            tests[event["id"]] = Case(event["id"], "excluded", 0, event["reason"])
        else:
            running = None
            del event["event"]
            tests[event["id"]] = Case(**event)
    return running


def _events(report: Path) -> Iterable[dict]:
    for line in report.read_text().splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            # The process ended while it wrote.
            return


def _ending(code: int) -> str:
    if code < 0:
        return f"The process was ended by {signal.Signals(-code).name}"
    return f"The process ended with {code}"
