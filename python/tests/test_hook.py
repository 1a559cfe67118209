"""The branches that the hook adds to Keras, and the versions of Keras that it knows."""

import ast
import importlib
import inspect
from pathlib import Path

import keras
import pytest
from keras.src.utils.backend_utils import DynamicBackend
from processes import error

from _keras_strata_hook import CHOOSING
from _keras_strata_hook.loader import _Branches

_CHAIN = """
if backend() == "jax":
    from keras.src.backend.jax.trainer import JAXTrainer as Trainer
elif config.backend() == "numpy":
    from keras.src.backend.numpy.trainer import NumpyTrainer as Trainer
    from keras.src.backend.numpy.core import Variable
    distribution_lib = None
else:
    raise ValueError
"""
_LOOKUP = """
def look_up(self, name):
    if self._backend == "tensorflow":
        module = importlib.import_module("keras.src.backend.tensorflow")
        return getattr(module, name)
    return self._backend in ("tensorflow", "jax", "numpy")
"""


def _changed(source: str, is_new: bool = False) -> str:
    return ast.unparse(_Branches(is_new).visit(ast.parse(source)))


def test_a_branch_stands_before_that_of_numpy():
    assert _changed(_CHAIN) == ast.unparse(
        ast.parse("""
if backend() == "jax":
    from keras.src.backend.jax.trainer import JAXTrainer as Trainer
elif config.backend() == "strata":
    from keras_strata.src.trainer import StrataTrainer as Trainer
    from keras_strata.src.ops.core import Variable
    distribution_lib = None
elif config.backend() == "numpy":
    from keras.src.backend.numpy.trainer import NumpyTrainer as Trainer
    from keras.src.backend.numpy.core import Variable
    distribution_lib = None
else:
    raise ValueError
""")
    )


@pytest.mark.parametrize(
    ("is_new", "module"), [(False, "keras_strata.src.backend"), (True, "keras_strata.src")]
)
def test_all_names_come_from_the_module_of_the_layout(is_new, module):
    source = "if backend() == 'numpy':\n    from keras.src.backend.numpy import *"
    assert f"from {module} import *" in _changed(source, is_new)


def test_lookups_by_name_know_the_backend():
    changed = _changed(_LOOKUP)
    assert "if self._backend == 'strata':" in changed
    assert "return getattr(importlib.import_module('keras_strata.src.backend'), name)" in changed
    assert "('tensorflow', 'jax', 'numpy', 'strata')" in changed


@pytest.mark.parametrize(
    "source",
    [
        "if backend() == 'numpy':\n    x = 1",
        "if backend() == 'tensorflow':\n    import tensorflow as tf",
        "if dtype == 'numpy':\n    from keras.src.backend.numpy import *",
        "x = ('tensorflow', 'jax')",
    ],
)
def test_other_code_stays(source):
    assert _changed(source) == ast.unparse(ast.parse(source))


def test_places_in_the_source_stay():
    source = inspect.getsource(inspect.getmodule(keras.Layer))
    tree = _Branches(False).visit(ast.parse(source))
    layer = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Layer")
    assert layer.lineno == inspect.getsourcelines(keras.Layer)[1] + len(layer.decorator_list)


def test_every_module_that_chooses_is_there():
    for name in CHOOSING - {"keras.src.trainers.trainer_test"}:
        assert importlib.import_module(name)


def test_names_below_keras_are_the_same_modules():
    for name, own in [("", ".backend"), (".core", ".ops.core"), (".trainer", ".trainer")]:
        module = importlib.import_module(f"keras.src.backend.strata{name}")
        assert module is importlib.import_module(f"keras_strata.src{own}")
        assert module.__name__ == module.__spec__.name == f"keras_strata.src{own}"


def test_all_names_of_a_backend_are_there():
    source = Path(keras.__file__).parent / "src" / "backend" / "jax" / "__init__.py"
    names = {
        name.asname or name.name
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    # The first is for Flax; TensorBoard is written without the backend.
    names -= {"is_nnx_enabled", "tensorboard"}
    from keras_strata.src import backend

    assert sorted(name for name in names if getattr(backend, name, None) is None) == [
        "distribution_lib"
    ]


def test_the_names_of_the_next_layout_are_there():
    from keras_strata import src
    from keras_strata.src import ops

    assert all(hasattr(src, name) for name in src.__all__)
    assert ops.numpy.add and ops.convert_to_tensor is ops.core.convert_to_tensor


def test_the_backend_of_a_data_pipeline():
    backend = DynamicBackend()
    assert backend.name == "strata"
    assert float(backend.numpy.add(backend.convert_to_tensor(1.0), 2.0)) == 3.0
    backend.set_backend("jax")
    backend.set_backend("strata")
    assert backend.core is keras.src.backend.core


def test_a_later_keras(tmp_path):
    sources = {
        "keras/__init__.py": "from keras.src import backend",
        "keras/src/__init__.py": "",
        "keras/src/version.py": '__version__ = "3.18.0"\n',
        "keras/src/backend/__init__.py": "raise ValueError('Unable to import backend : strata')",
        "keras/src/backend/config.py": "def backend():\n    return 'strata'",
    }
    for name, source in sources.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import keras_strata, keras"
    assert error(code) == (
        "ImportError: This keras-strata does not know how Keras 3.18.0 chooses its backend. "
        "Install a Keras with which it was tested, such as `pip install 'keras==3.15.*'`, or a "
        "later keras-strata."
    )
