"""Makes Keras accept the backend "strata".

Keras 3.15 chooses its backend by `if backend() == "tensorflow": … elif …` in a few modules, and
has no place for a backend of another package. A finder on `sys.meta_path` adds the missing
branch when Python imports these modules. Nothing is changed where another backend is chosen,
nothing is written into Keras, and Keras is not imported before the program imports it.
"""

import ast
import importlib
import re
import sys
from collections.abc import Sequence
from importlib.abc import Loader
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.machinery import PathFinder
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

_BACKEND = "keras.src.backend"
_ALIAS = f"{_BACKEND}.strata"
_PACKAGE = "keras_strata.src"
_OPERATIONS = ("core", "image", "linalg", "math", "nn", "numpy")

# The modules of Keras that choose the backend's own classes and functions.
_CHOOSING = frozenset(
    {
        _BACKEND,
        "keras.src.export.saved_model",
        "keras.src.layers.layer",
        "keras.src.models.model",
        "keras.src.trainers.trainer_test",
        "keras.src.utils.backend_utils",
    }
)
_KNOWN_VERSIONS = ("3.15", "3.16")


def install() -> None:
    """Puts the finder in front of Python's own, once."""
    # `keras.config.set_backend` imports this package anew, and the finder stays.
    if not any(getattr(finder, "adds_strata", False) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    """Finds the modules that choose a backend, and the backend under Keras's name for it."""

    adds_strata = True

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name in _CHOOSING:
            spec = PathFinder.find_spec(name, path, target)
            if spec is not None and type(spec.loader) is SourceFileLoader:
                spec.loader = _ChoosingLoader(spec.loader.name, spec.loader.path)
            return spec
        if name == _ALIAS or name.startswith(f"{_ALIAS}."):
            return ModuleSpec(name, _AliasLoader(), is_package=name == _ALIAS)
        return None


class _AliasLoader(Loader):
    """Gives a module of this package a second name below `keras.src.backend`."""

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__
        sys.modules[name] = importlib.import_module(_home(name.removeprefix(_ALIAS)))


def _home(suffix: str) -> str:
    """The module of this package for a module of a backend, such as ".core"."""
    if not suffix:
        return f"{_PACKAGE}.backend"
    folder = "ops." if suffix[1:] in _OPERATIONS else ""
    return f"{_PACKAGE}.{folder}{suffix[1:]}"


class _ChoosingLoader(SourceFileLoader):
    """Runs a module of Keras with one branch more, if the backend is "strata"."""

    def exec_module(self, module: ModuleType) -> None:
        # This import runs Keras's `backend/config.py` alone, also within `keras.src.backend`.
        if importlib.import_module(f"{_BACKEND}.config").backend() != "strata":
            super().exec_module(module)
            return
        version = _version(Path(self.path))
        if not version.startswith(tuple(f"{known}." for known in _KNOWN_VERSIONS)):
            self._execute_unknown(module, version)
            return
        tree = ast.parse(self.get_data(self.path), self.path)
        branches = _Branches(_has_operations_of_their_own(Path(self.path)))
        tree = ast.fix_missing_locations(branches.visit(tree))
        if not branches.count:
            raise ImportError(_unknown(version))
        exec(compile(tree, self.path, "exec", dont_inherit=True), module.__dict__)

    def _execute_unknown(self, module: ModuleType, version: str) -> None:
        # A later Keras may find this package by itself.
        try:
            super().exec_module(module)
        except (ImportError, RuntimeError, ValueError) as error:
            raise ImportError(_unknown(version)) from error


def _version(path: Path) -> str:
    """The version of the Keras to which a file belongs, which cannot be imported yet."""
    while path.name != "src":
        path = path.parent
    text = (path / "version.py").read_text(encoding="utf-8")
    found = re.search(r"""^__version__ = ["']([^"']+)["']""", text, re.MULTILINE)
    return found[1] if found else "unknown"


def _unknown(version: str) -> str:
    return (
        f"The backend 'strata' of this keras-strata works with Keras "
        f"{' and '.join(_KNOWN_VERSIONS)}; this is Keras {version}. Install a Keras that fits, "
        f"such as `pip install 'keras=={_KNOWN_VERSIONS[0]}.*'`, or a later keras-strata."
    )


def _has_operations_of_their_own(path: Path) -> bool:
    """Whether backends are laid out as Keras's plan for backends of other packages has it."""
    while path.name != "src":
        path = path.parent
    return (path / "backend" / "numpy" / "ops").is_dir()


class _Branches(ast.NodeTransformer):
    """Adds a branch for "strata" before each that chooses NumPy's or TensorFlow's modules."""

    def __init__(self, has_operations_of_their_own: bool) -> None:
        self.count = 0
        self._root = _PACKAGE if has_operations_of_their_own else f"{_PACKAGE}.backend"

    def visit_If(self, node: ast.If) -> ast.If:
        self.generic_visit(node)
        body = None
        if _compares(node.test, "numpy"):
            body = self._imports(node.body)
        elif _compares(node.test, "tensorflow") and _imports_by_name(node.body):
            body = ast.parse(f"return getattr(importlib.import_module({self._root!r}), name)").body
        if body is None:
            return node
        self.count += 1
        test = ast.parse(ast.unparse(node.test).replace(repr(_compared(node.test)), "'strata'"))
        branch = ast.If(test.body[0].value, body, [node])
        for part in ast.walk(test):
            ast.copy_location(part, node)
        for statement in body:
            for part in ast.walk(statement):
                ast.copy_location(part, node)
        return ast.copy_location(branch, node)

    def _imports(self, body: list[ast.stmt]) -> list[ast.stmt] | None:
        """A copy of a branch for NumPy, with the modules and classes of this package."""
        numpy = f"{_BACKEND}.numpy"
        found = ast.parse(ast.unparse(ast.Module(body, [])) if body else "").body
        imports = [
            statement
            for statement in found
            if isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith(numpy)
        ]
        for statement in imports:
            suffix = statement.module.removeprefix(numpy)
            statement.module = _home(suffix) if suffix else self._root
            for name in statement.names:
                name.name = name.name.replace("Numpy", "Strata")
        return found if imports else None

    def visit_Tuple(self, node: ast.Tuple) -> ast.Tuple:
        """Adds the name to the names of backends that Keras accepts."""
        names = [item.value for item in node.elts if isinstance(item, ast.Constant)]
        if len(names) == len(node.elts) and {"tensorflow", "jax", "numpy"} <= set(names):
            node.elts.append(ast.copy_location(ast.Constant("strata"), node))
        return node


def _compared(test: ast.expr) -> object:
    """The constant with which a test compares the name of the backend."""
    if not (isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq)):
        return None
    name = test.left.func if isinstance(test.left, ast.Call) else test.left
    name = name.id if isinstance(name, ast.Name) else getattr(name, "attr", None)
    other = test.comparators[0]
    is_constant = name in ("backend", "_backend") and isinstance(other, ast.Constant)
    return other.value if is_constant else None


def _compares(test: ast.expr, name: str) -> bool:
    return _compared(test) == name


def _imports_by_name(body: list[ast.stmt]) -> bool:
    """Whether a branch looks up TensorFlow's backend by name, as `DynamicBackend` does."""
    return f"import_module('{_BACKEND}.tensorflow')" in ast.unparse(ast.Module(body, []))
