"""Runs the modules of Keras that choose a backend with one branch more."""

import ast
import importlib
import re
import sys
from collections.abc import Sequence
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from importlib.machinery import PathFinder
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

from _keras_strata_hook import ALIAS
from _keras_strata_hook import BACKEND
from _keras_strata_hook import CHOOSING
from _keras_strata_hook import REPLACED

_PACKAGE = "keras_strata.src"
_OPERATIONS = ("core", "image", "linalg", "math", "nn", "numpy")
_KNOWN_VERSIONS = ("3.15.", "3.16.")


def find_spec(
    name: str, path: Sequence[str] | None, target: ModuleType | None = None
) -> ModuleSpec | None:
    """How to load a module that chooses a backend, or one below `keras.src.backend.strata`."""
    if name in CHOOSING or name in REPLACED:
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            loader = _ChoosingLoader if name in CHOOSING else _ReplacingLoader
            spec.loader = loader(spec.loader.name, spec.loader.path)
        return spec
    if name == ALIAS or name.startswith(f"{ALIAS}."):
        return ModuleSpec(name, _AliasLoader(), is_package=name == ALIAS)
    return None


class _AliasLoader(Loader):
    """Gives a module of this package a second name below `keras.src.backend`."""

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__
        sys.modules[name] = importlib.import_module(_home(name.removeprefix(ALIAS)))


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
        if importlib.import_module(f"{BACKEND}.config").backend() != "strata":
            super().exec_module(module)
            return
        version = _version(Path(self.path))
        tree = ast.parse(self.get_data(self.path), self.path)
        branches = _Branches(_has_operations_of_their_own(Path(self.path)))
        if version.startswith(_KNOWN_VERSIONS):
            tree = ast.fix_missing_locations(branches.visit(tree))
        if branches.count:
            exec(compile(tree, self.path, "exec", dont_inherit=True), module.__dict__)
        else:
            self._execute_as_it_is(module, version)

    def _execute_as_it_is(self, module: ModuleType, version: str) -> None:
        # A later Keras may find this package by itself.
        try:
            super().exec_module(module)
        except (ImportError, RuntimeError, ValueError) as error:
            raise ImportError(
                f"This keras-strata does not know how Keras {version} chooses its backend. Install "
                "a Keras with which it was tested, such as `pip install 'keras==3.15.*'`, or a "
                "later keras-strata."
            ) from error


class _ReplacingLoader(SourceFileLoader):
    """Runs a module of Keras, and gives it the functions that this package has for it."""

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        if importlib.import_module(f"{BACKEND}.config").backend() == "strata":
            own = importlib.import_module(f"{_PACKAGE}.{REPLACED[module.__name__]}")
            for name in own.__all__:
                setattr(module, name, getattr(own, name))


def _version(path: Path) -> str:
    """The version of the Keras to which a file belongs, which cannot be imported yet."""
    while path.name != "src":
        path = path.parent
    text = (path / "version.py").read_text(encoding="utf-8")
    found = re.search(r"""^__version__ = ["']([^"']+)["']""", text, re.MULTILINE)
    return found[1] if found else "unknown"


def _has_operations_of_their_own(path: Path) -> bool:
    """Whether backends are laid out as Keras's plan for backends of other packages has it."""
    while path.name != "src":
        path = path.parent
    return not (path / "backend" / "numpy" / "core.py").exists()


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
        numpy = f"{BACKEND}.numpy"
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
    return f"import_module('{BACKEND}.tensorflow')" in ast.unparse(ast.Module(body, []))
