"""`keras-suite` with a folder of tests that end well, badly, early and never."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from suite import results
from suite import run
from suite import table
from suite.results import Case
from suite.results import File

_TESTS = """
import os, time
import pytest
from conftest import skip_if_backend

def test_passes(): pass
def test_fails(): raise ValueError("3 is wrong")
def test_skips(): pytest.skip("not now")
@skip_if_backend("strata", "not here")
def test_not_here(): pass
def test_ends_the_process(): os.abort()
def test_hangs(): time.sleep(600)
@pytest.mark.parametrize("value", [1, 2])
def test_excluded(value): os.abort()
def test_last(): pass
"""


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> run.Suite:
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    tests = tmp_path / "keras" / "src"
    tests.mkdir(parents=True)
    (tests / "some_test.py").write_text(_TESTS)
    (tests / "broken_test.py").write_text("import nothing_of_this_name")
    return run.Suite(Path(sys.executable), tests, "strata", None, limit=20, is_installed=False)


def test_every_test_is_accounted_for(suite):
    suite.excluded = {"some_test.py::test_excluded": "It ends the process."}
    (file,) = suite.run(["some_test.py"], jobs=1)
    found = {test.id.removeprefix("some_test.py::"): test for test in file.tests}
    assert {name: test.outcome for name, test in found.items()} == {
        "test_passes": "passed",
        "test_fails": "failed",
        "test_skips": "skipped",
        "test_not_here": "skipped",
        "test_ends_the_process": "failed",
        "test_hangs": "failed",
        "test_excluded[1]": "excluded",
        "test_excluded[2]": "excluded",
        "test_last": "passed",
    }
    assert found["test_fails"].message == "ValueError: 3 is wrong"
    assert found["test_ends_the_process"].message == "The process was ended by SIGABRT"
    assert found["test_hangs"].message == "Took more than 20 s"
    assert file.exclusions == ["some_test.py::test_excluded"]


def test_a_file_that_cannot_be_imported_is_a_failure(suite):
    (file,) = suite.run(["broken_test.py"], jobs=1)
    (test,) = file.tests
    assert (test.id, test.outcome) == ("broken_test.py::collection", "failed")
    assert "No module named 'nothing_of_this_name'" in test.message


def test_an_exclusion_needs_a_reason(tmp_path, monkeypatch):
    path = tmp_path / "excluded_tests.txt"
    monkeypatch.setattr(run, "_EXCLUDED", path)
    path.write_text("# Of Keras 3.15.1.\na_test.py::A::test_b  # It counts threads.\n")
    assert run.exclusions() == {"a_test.py::A::test_b": "It counts threads."}
    path.write_text("a_test.py::A::test_b\n")
    with pytest.raises(SystemExit, match="a reason is missing"):
        run.exclusions()


def test_the_table_counts_what_passes_on_another_backend():
    ours = File("ops/a_test.py", [Case("a", "passed"), Case("b", "failed"), Case("c", "passed")], 2)
    theirs = File("ops/a_test.py", [Case("a", "passed"), Case("b", "passed"), Case("c", "failed")])
    lines = table.table([ours], "strata", {"ops/a_test.py": theirs}, "torch").splitlines()
    cells = [cell.strip() for cell in lines[-1].strip("|").split("|")]
    assert cells == ["all", "2", "1", "0", "0", "2", "2", "1", "50.0%"]


def test_failures_with_the_same_message_stand_together():
    failed = [Case(f"t{n}", "failed", 0, f"ValueError: {n} is wrong") for n in range(3)]
    text = table.failures([*failed, Case("u", "failed", 0, "TypeError: no")])
    assert text.splitlines()[1:5] == ["3 × ValueError: 0 is wrong", "    t0", "    t1", "    t2"]
