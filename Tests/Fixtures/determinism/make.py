"""Writes the models of scripts/determinism with Keras 3.15.1; KERAS_BACKEND=jax python make.py.

Both begin with the same weights. Layers are so small that oneDNN adds up each result in one go: with more channels the
order depends on the sizes of the processor's caches.
"""

import keras
from keras import layers


def make(policy):
    keras.utils.set_random_seed(3)
    keras.mixed_precision.set_global_policy(policy)
    model = keras.Sequential(
        [
            layers.Input((12, 12, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(8, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(2),
            layers.Conv2D(8, 3, padding="same", activation="tanh"),
            layers.Flatten(),
            layers.Dropout(0.3, seed=4),
            layers.Dense(4, activation="softmax", dtype="float32"),
        ],
        name=policy,
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.save(f"{policy}.keras")


make("float32")
make("mixed_bfloat16")
