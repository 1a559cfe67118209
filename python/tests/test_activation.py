"""The ways to choose the backend, each in a Python of its own."""

import json
from pathlib import Path

import pytest
from processes import error
from processes import output
from processes import run

import _keras_strata_hook

_BACKEND = "import keras; print(keras.config.backend())"
_FILE = Path(_keras_strata_hook.__file__).parent.parent / "keras_strata.pth"


@pytest.fixture
def start(tmp_path: Path) -> str:
    """What Python does at its start with the file that the wheel installs."""
    (tmp_path / "keras_strata.pth").write_text(_FILE.read_text())
    return f"import site; site.addsitedir({str(tmp_path)!r})\n"


def test_variable(start):
    assert output(start + _BACKEND, KERAS_BACKEND="strata") == "strata"


def test_variable_set_by_the_program(start):
    code = "import os; os.environ['KERAS_BACKEND'] = 'strata'\n"
    assert output(start + code + _BACKEND) == "strata"


def test_file_of_keras(start, tmp_path):
    (tmp_path / "keras.json").write_text(json.dumps({"backend": "strata"}))
    assert output(start + _BACKEND, KERAS_HOME=str(tmp_path)) == "strata"


def test_other_backends_are_as_without_the_package(start):
    code = """
import keras, sys
from keras.src.layers import layer
print(keras.config.backend(), layer.BackendLayer.__name__, "keras_strata" in sys.modules)
"""
    assert output(start + code, KERAS_BACKEND="jax") == "jax JaxLayer False"


def test_nothing_is_imported_at_the_start(start):
    code = "import sys; print(sorted(n for n in sys.modules if 'keras' in n))"
    assert output(start + code, KERAS_BACKEND="strata") == "['_keras_strata_hook']"


def test_a_python_without_the_package_starts_in_silence(start):
    ended = run(start + "import sys; print('_keras_strata_hook' in sys.modules)", "-I", "-S")
    assert (ended.stdout, ended.stderr) == ("False\n", "")


def test_import_chooses_the_backend(tmp_path):
    # Not even another one in the file, which Keras writes by itself.
    (tmp_path / "keras.json").write_text(json.dumps({"backend": "jax"}))
    code = "import keras_strata\n" + _BACKEND
    assert output(code, KERAS_HOME=str(tmp_path)) == "strata"


def test_import_leaves_the_choice_of_the_variable():
    assert output("import keras_strata\n" + _BACKEND, KERAS_BACKEND="jax") == "jax"


def test_import_after_keras():
    code = "import keras_strata, keras\nimport keras_strata\n" + _BACKEND
    assert output(code) == "strata"


@pytest.mark.parametrize(
    "code",
    ["import keras\nimport keras_strata", "import keras_strata\nkeras_strata.value_and_grad"],
)
def test_import_with_another_backend(code):
    assert error(code, KERAS_BACKEND="jax") == (
        "ImportError: Keras has been imported with the backend 'jax'. Import keras_strata before "
        "keras, or set KERAS_BACKEND=strata."
    )


def test_names_of_the_package_before_keras():
    code = (
        "import keras_strata\nprint(keras_strata.Tensor.__name__, keras_strata.function.__name__)"
    )
    assert output(code) == "Tensor function"


def test_unknown_name():
    code = "import keras_strata\nkeras_strata.nothing"
    assert error(code) == "AttributeError: module 'keras_strata' has no attribute 'nothing'"


def test_set_backend_there_and_back(start):
    code = """
import warnings
warnings.simplefilter("ignore")
import keras
for name in ("strata", "jax", "strata"):
    keras.config.set_backend(name)
    import keras
    print(name, type(keras.ops.ones(1)).__name__)
"""
    printed = output(start + code, KERAS_BACKEND="jax")
    assert printed.splitlines() == ["strata Tensor", "jax ArrayImpl", "strata Tensor"]
