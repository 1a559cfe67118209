"""What became of tests, and where it is kept for a later comparison."""

import dataclasses
import json
from pathlib import Path

from suite.environment import FOLDER


@dataclasses.dataclass
class Case:
    """What became of one test: "passed", "failed", "skipped" or "excluded"."""

    id: str
    outcome: str
    seconds: float = 0
    message: str = ""
    details: str = ""


@dataclasses.dataclass
class File:
    """The tests of one file."""

    path: str
    tests: list[Case]
    seconds: float = 0
    # The lines of the list of exclusions that named a test here.
    exclusions: list[str] = dataclasses.field(default_factory=list)

    @property
    def failed(self) -> list[Case]:
        return [test for test in self.tests if test.outcome == "failed"]


def _place(backend: str, path: str) -> Path:
    return FOLDER / "results" / backend / f"{path}.json"


def save(backend: str, file: File) -> None:
    """Keeps the results of a file, all of whose tests have run."""
    place = _place(backend, file.path)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(dataclasses.asdict(file), indent=1))


def load(backend: str, paths: list[str]) -> dict[str, File]:
    """The results that were kept, by file."""
    found = {}
    for path in paths:
        place = _place(backend, path)
        if place.exists():
            values = json.loads(place.read_text())
            found[path] = File(**{**values, "tests": [Case(**test) for test in values["tests"]]})
    return found


def write_failures(backend: str, failed: list[Case]) -> Path:
    """Writes the failures of this run to a file, for programs to read."""
    place = FOLDER / f"failures-{backend}.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps([dataclasses.asdict(test) for test in failed], indent=1))
    return place
