"""A plug-in of pytest for Keras's tests, which import a module of this name.

It reports each test to a file as it goes, so that nothing is lost when a process ends.
"""

import importlib
import json
import os
import re
from pathlib import Path

import pytest

if os.environ["KERAS_BACKEND"] == "strata":
    # A wheel does this by its .pth file.
    import _keras_strata_hook

    _keras_strata_hook.install()

from keras.src.backend import backend

_PLAN = json.loads(open(os.environ["SUITE_PLAN"]).read())
_REPORT = open(os.environ["SUITE_REPORT"], "a", buffering=1)
_failed: dict[str, dict] = {}


def skip_if_backend(given_backend: str, reason: str) -> pytest.MarkDecorator:
    """Keras's tests import this mark."""
    return pytest.mark.skipif(backend() == given_backend, reason=reason)


def _id(nodeid: str) -> str:
    return nodeid.removeprefix("keras/src/")


def _write(event: str, id: str, **values) -> None:
    _REPORT.write(json.dumps({"event": event, "id": id, **values}) + "\n")


def pytest_configure(config: pytest.Config) -> None:
    """Registers Keras's marks, and imports PyTorch where a test does."""
    for name in ("requires_trainable_backend", "multi_device"):
        config.addinivalue_line("markers", f"{name}: of Keras")
    text = Path(config.args[0]).read_text()
    if re.search(r"^ *(import|from) torch\b", text, re.MULTILINE):
        # After TensorFlow it would crash.
        importlib.import_module("torch")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what has run in an earlier process, and what is excluded."""
    done = set(_PLAN["done"])
    kept, dropped = [], []
    for item in items:
        if "requires_trainable_backend" in item.keywords and backend() in ("numpy", "openvino"):
            item.add_marker(pytest.mark.skip(reason="The backend does not train"))
        if "multi_device" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="There is one device"))
        id = _id(item.nodeid)
        excluded = _exclusion(id)
        if excluded and id not in done:
            _write("excluded", id, by=excluded, reason=_PLAN["excluded"][excluded])
        (dropped if excluded or id in done else kept).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=dropped)


def _exclusion(id: str) -> str | None:
    """The line that excludes a test: it, its test without parameters, its class or its file."""
    excluded = _PLAN["excluded"]
    parts = id.split("::")
    names = ["::".join(parts[: count + 1]) for count in range(len(parts))]
    return next((name for name in [*names, id.split("[")[0]] if name in excluded), None)


def pytest_runtest_logstart(nodeid: str) -> None:
    """Reports which test runs, in case that it ends the process."""
    _write("start", _id(nodeid))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Reports a test after its last phase."""
    result = _failed.setdefault(report.nodeid, {"outcome": "passed", "seconds": 0.0})
    result["seconds"] += report.duration
    if report.failed and result["outcome"] != "failed":
        crash = getattr(report.longrepr, "reprcrash", None)
        message = crash.message if crash else str(report.longrepr)
        result.update(outcome="failed", message=message[:2000], details=report.longreprtext[-4000:])
    elif report.skipped and result["outcome"] == "passed":
        result["outcome"] = "skipped"
    if report.when == "teardown":
        _write("end", _id(report.nodeid), **_failed.pop(report.nodeid))


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Reports a file that cannot be imported as a failed test."""
    if report.failed:
        text = report.longreprtext
        message = text.strip().splitlines()[-1].removeprefix("E ").strip()
        id = f"{_id(report.nodeid)}::collection"
        _write("end", id, outcome="failed", message=message, details=text[-4000:])
    elif report.skipped:
        _write("end", f"{_id(report.nodeid)}::collection", outcome="skipped")
