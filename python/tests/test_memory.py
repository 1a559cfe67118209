"""Memory does not grow with steps, nor with eager operations of ever other shapes.

STRATA_MEMORY_SCALE=10 makes the runs ten times as long: 20,000 steps and 100,000 operations.
"""

import gc
import os

import keras
import numpy as np
from keras import layers
from keras import ops

_SCALE = int(os.environ.get("STRATA_MEMORY_SCALE", "1"))


def _resident_megabytes():
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def test_training_steps_keep_no_memory():
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(8, 3, activation="relu"),
            layers.Dropout(0.1),
            layers.Flatten(),
            layers.Dense(4, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x = np.random.default_rng(0).random((1600, 8, 8, 1), dtype=np.float32)
    y = np.arange(1600) % 4
    model.fit(x, y, batch_size=16, epochs=5, verbose=0)
    before = _resident_megabytes()
    model.fit(x, y, batch_size=16, epochs=20 * _SCALE, verbose=0)
    assert _resident_megabytes() < before + 8


def test_eager_operations_keep_no_memory():
    generator = np.random.default_rng(0)
    kernel = np.ones((3, 3, 1, 2), "float32")

    def run(count):
        for index in range(count):
            shape = tuple(generator.integers(4, 90, 2))
            x = ops.ones((1, *shape, 1))
            ops.conv(x, kernel) if index % 2 else ops.exp(
                ops.matmul(x[0, :, :, 0], x[0, :, :, 0].T)
            )

    # Plans and the primitives that oneDNN keeps are as many as they become.
    run(12_000)
    before = _resident_megabytes()
    run(10_000 * _SCALE)
    assert _resident_megabytes() < before + 24
