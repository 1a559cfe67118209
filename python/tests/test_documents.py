"""The documents: their Python runs, and the list of host functions is that of the source."""

import ast
import pathlib
import re
import subprocess
import sys

import pytest

_ROOT = pathlib.Path(__file__).parent.parent.parent
_DOCUMENTS = ("README.md", "docs/keras-backend.md")
_LIST = re.compile(r"<!-- host functions.*?-->\n(.*?)\n\n## ", re.S)


def _blocks():
    for name in _DOCUMENTS:
        text = (_ROOT / name).read_text()
        for index, block in enumerate(re.findall(r"```python\n(.*?)```", text, re.S)):
            yield pytest.param(block, id=f"{name}-{index}")


@pytest.mark.parametrize("code", list(_blocks()))
def test_code_runs(code, tmp_path):
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr


def _host_functions():
    """The names that `dispatch.host`, or what calls it, is called with."""
    names = set()
    for path in (_ROOT / "python" / "keras_strata").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            function = node.func
            name = getattr(function, "attr", getattr(function, "id", ""))
            if not name.endswith("host") or not node.args:
                continue
            first = node.args[0]
            if isinstance(first, ast.Constant):
                names.add(first.value)
    return names


def test_host_functions_are_listed():
    listed = _LIST.search((_ROOT / "docs" / "keras-backend.md").read_text()).group(1)
    assert set(re.findall(r"`([\w ]+)`", listed)) >= _host_functions()
