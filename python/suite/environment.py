"""The Python environment of the suite, and the tests that it has."""

import argparse
import fcntl
import os
import subprocess
import sys
import venv
from pathlib import Path

# Below this folder are the environment and the results.
FOLDER = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "strata" / "suite"

# Tests of all backends use TensorFlow for `tf.data`, JAX for the dtypes of results, and PyTorch for
# its data loaders.
_PACKAGES = (
    "keras==3.15.1",
    "numpy==2.4.6",
    "ml_dtypes==0.6.0",
    "jax==0.10.2",
    "tensorflow-cpu==2.21.0",
    "pytest==9.2.0",
    "pytest-xdist==3.8.0",
    "absl-py==2.5.1",
    "dm-tree",
    "grain",
    "h5py==3.14.0",
    "onnxruntime==1.32.0",
    "optree==0.20.0",
    "packaging",
    "pandas",
    "pillow",
    "requests",
    "ruff==0.17.6",
    "scikit-learn",
    "scipy",
    "torch==2.13.0",
    "onnx==1.23.2",
    "onnxscript",
)

_BACKENDS = ("jax", "numpy", "openvino", "tensorflow", "torch")


def python(arguments: argparse.Namespace) -> Path:
    """The Python of the environment, which is made where it is missing."""
    if arguments.python:
        return arguments.python
    folder = FOLDER / "environment"
    found = folder / "bin" / "python"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        # Another run may be making it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        _make(folder, found)
        if arguments.wheel:
            _install(found, "--force-reinstall", "--no-deps", str(arguments.wheel))
    return found


def _make(folder: Path, python: Path) -> None:
    packages = "\n".join(_PACKAGES)
    stamp = folder / "packages"
    if stamp.exists() and stamp.read_text() == packages:
        return
    print(f"Making an environment in {folder}", file=sys.stderr)
    if not stamp.exists():
        venv.create(folder, clear=True, with_pip=True)
    _install(python, *_PACKAGES)
    stamp.write_text(packages)


def _install(python: Path, *arguments: str) -> None:
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, *arguments], check=True)


def tests(python: Path) -> Path:
    """The folder of Keras's sources and tests, without importing Keras."""
    code = "import importlib.util as u; print(u.find_spec('keras').submodule_search_locations[0])"
    found = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True)
    return Path(found.stdout.strip()) / "src"


def files(tests: Path, paths: list[str], backend: str) -> list[str]:
    """The files of the tests below folders or files, by their paths in `keras/src`."""
    chosen = []
    for path in paths or ["."]:
        path = path.removeprefix("keras/src/")
        target = tests / path
        if target.is_file():
            chosen.append(path)
        elif target.exists():
            found = sorted(str(file.relative_to(tests)) for file in target.rglob("*_test.py"))
            chosen += [name for name in found if not _is_left_out(name, backend)]
        else:
            sys.exit(f"keras/src has no {path}")
    return list(dict.fromkeys(chosen))


def _is_left_out(name: str, backend: str) -> bool:
    parts = name.split("/")
    is_of_another = parts[0] == "backend" and parts[1] in _BACKENDS and parts[1] != backend
    return parts[0] == "applications" or is_of_another
