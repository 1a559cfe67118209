"""`.keras` files and weights go both ways between Strata and another backend."""

import os
import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import layers

pytest.importorskip("jax")

_OTHER = """
import sys
import keras
import numpy as np

path, given, wanted = sys.argv[1:]
model = keras.saving.load_model(path)
assert keras.config.backend() == "jax"
np.save(wanted, model.predict(np.load(given), verbose=0))
model.fit(np.load(given), np.zeros(len(np.load(given))), verbose=0)
model.save(path)
np.save(wanted.replace(".npy", "-after.npy"), model.predict(np.load(given), verbose=0))
"""


def _model():
    model = keras.Sequential(
        [
            keras.Input((12, 12, 3)),
            layers.Conv2D(4, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dropout(0.1),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def test_a_trained_model_goes_to_jax_and_back_with_its_optimizer(tmp_path):
    x = np.random.default_rng(0).random((32, 12, 12, 3), dtype=np.float32)
    model = _model()
    model.fit(x, np.arange(32) % 3, epochs=2, verbose=0)
    model.save(tmp_path / "model.keras")
    np.save(tmp_path / "x.npy", x)
    subprocess.run(
        [
            sys.executable,
            "-c",
            _OTHER,
            str(tmp_path / "model.keras"),
            str(tmp_path / "x.npy"),
            str(tmp_path / "y.npy"),
        ],
        env=os.environ | {"KERAS_BACKEND": "jax"},
        check=True,
    )
    expected = np.load(tmp_path / "y.npy")
    np.testing.assert_allclose(model.predict(x, verbose=0), expected, rtol=1e-5, atol=1e-6)
    back = keras.saving.load_model(tmp_path / "model.keras")
    after = np.load(tmp_path / "y-after.npy")
    np.testing.assert_allclose(back.predict(x, verbose=0), after, rtol=1e-5, atol=1e-6)
    # Two epochs here, and one there.
    assert int(back.optimizer.iterations) == 3
    back.fit(x, np.arange(32) % 3, verbose=0)


def test_weights_are_saved_and_loaded(tmp_path):
    x = np.random.default_rng(0).random((4, 12, 12, 3), dtype=np.float32)
    model, other = _model(), _model()
    model.save_weights(tmp_path / "model.weights.h5")
    other.load_weights(tmp_path / "model.weights.h5")
    np.testing.assert_array_equal(model.predict(x, verbose=0), other.predict(x, verbose=0))
