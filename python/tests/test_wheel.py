"""The wheel that `scripts/wheel` has built, whose path is in `STRATA_KERAS_WHEEL`."""

import os
import re
import subprocess
import venv
import zipfile
from pathlib import Path

import pytest

_WHEEL = os.environ.get("STRATA_KERAS_WHEEL")
pytestmark = pytest.mark.skipif(not _WHEEL, reason="STRATA_KERAS_WHEEL names no wheel")

# What every Linux has that the tag promises.
_SYSTEM = ("libc.so.6", "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6", "ld-linux-x86-64.so.2")

_PROGRAM = """
import os
import keras
import numpy as np

assert keras.config.backend() == "strata"
random = np.random.default_rng(0)
images = random.normal(size=(256, 12, 12, 1)).astype("float32")
labels = (images.mean(axis=(1, 2, 3)) > 0).astype("int32")
images += labels[:, None, None, None]
keras.utils.set_random_seed(0)
model = keras.Sequential([
    keras.layers.Conv2D(8, 3, activation="relu"),
    keras.layers.MaxPooling2D(),
    keras.layers.Flatten(),
    keras.layers.Dense(2),
])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile("adam", loss, metrics=["accuracy"])
model.fit(images, labels, epochs=5, verbose=0)
model.save("model.keras")
again = keras.models.load_model("model.keras")
np.testing.assert_array_equal(again.predict(images), model.predict(images))
print("accuracy", model.evaluate(images, labels, verbose=0)[1])
for line in open("/proc/self/maps"):
    if ".so" in line:
        print("library", line.split()[-1])
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's files."""
    folder = tmp_path_factory.mktemp("wheel")
    with zipfile.ZipFile(_WHEEL) as wheel:
        wheel.extractall(folder)
    return folder


def test_the_tag_is_for_any_python_and_one_platform():
    assert re.fullmatch(
        r"keras_strata-[0-9.]+-py3-none-manylinux_2_\d+_x86_64\.whl", Path(_WHEEL).name
    )


def test_the_files(folder):
    names = {path.relative_to(folder).parts[0] for path in folder.iterdir()}
    info = next(name for name in names if name.endswith(".dist-info"))
    assert names == {"_keras_strata_hook", "keras_strata", "keras_strata.pth", info}
    assert not list(folder.rglob("*test*"))
    licenses = {path.name for path in (folder / info / "licenses").rglob("*") if path.is_file()}
    assert {"LICENSE", "libdnnl2.txt", "libgomp1.txt"} <= licenses


def test_libraries_are_inside_or_on_every_linux(folder):
    libraries = {path.name: path for path in (folder / "keras_strata" / "lib").iterdir()}
    names = {re.split(r"[-.]", name)[0] for name in libraries}
    # Swift's runtime is in the first; Debian's oneDNN wants the third.
    assert {"libStrataKeras", "libdnnl", "libgomp"} <= names
    assert names <= {"libStrataKeras", "libdnnl", "libgomp", "libOpenCL"}
    for path in libraries.values():
        read = subprocess.run(["readelf", "-d", path], capture_output=True, text=True, check=True)
        needed = re.findall(r"\(NEEDED\).*\[(.*)\]", read.stdout)
        assert set(needed) <= {*libraries, *_SYSTEM}
        assert all(folders == "$ORIGIN" for folders in re.findall(r"PATH\).*\[(.*)\]", read.stdout))


def test_no_path_of_the_machine_is_inside(folder):
    machine = (str(Path(__file__).resolve().parents[2]), str(Path.home()), "/opt/swift", ".build/")
    # The other libraries are those of the distribution, made elsewhere.
    own = [folder / "keras_strata" / "lib" / "libStrataKeras.so", *folder.rglob("*.py")]
    found = [
        (path.name, name) for path in own for name in machine if name.encode() in path.read_bytes()
    ]
    assert not found


def test_a_fresh_environment_without_swift_trains(tmp_path):
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    python = str(environment / "bin" / "python")
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", _WHEEL]
    subprocess.run(install, check=True)
    (tmp_path / "train.py").write_text(_PROGRAM)
    # Only what a shell has: no variable leads to Swift or to this checkout.
    variables = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "KERAS_BACKEND": "strata"}
    ended = subprocess.run(
        [python, "train.py"], cwd=tmp_path, env=variables, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.splitlines()
    assert float(next(line for line in lines if line.startswith("accuracy")).split()[1]) > 0.9
    libraries = {line.split()[1] for line in lines if line.startswith("library ")}
    inside = {path for path in libraries if path.startswith(str(environment))}
    assert any("libStrataKeras" in path for path in inside)
    assert not [path for path in libraries - inside if re.search("(?i)swift|dnnl|gomp", path)]
