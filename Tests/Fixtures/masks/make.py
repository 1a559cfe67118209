"""Writes models through which masks go beside this file: Keras 3.15.1 on JAX, on a CPU.

NAME.keras is a model as it begins; NAME.safetensors holds its inputs x.0, x.1, …, targets y, sample weights w, what
it predicts, and what evaluation (loss, then accuracy) and eight steps of training give: on the targets alone and,
as `weighted`, with the sample weights.
"""

import os
import pathlib

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
import jax
import keras
import numpy as np
from keras import layers
from safetensors.numpy import save_file

jax.config.update("jax_default_matmul_precision", "highest")
FOLDER = pathlib.Path(__file__).parent
rng = np.random.default_rng(3)


def words(count, steps=7):
    numbers = rng.integers(1, 20, (count, steps))
    # Gaps at the ends and inside, and never a row of nothing else.
    numbers[:, 1:][rng.random((count, steps - 1)) < 0.4] = 0
    return numbers.astype(np.int32)


def steps(count):
    x = rng.normal(size=(count, 6, 4)).astype(np.float32)
    x[:, 1:][rng.random((count, 5)) < 0.4] = -1
    return x


def mean_of_words():
    """What passes masks, and the mean that looks at them."""
    x = keras.Input((7,), dtype="int32")
    y = layers.Embedding(20, 6, mask_zero=True)(x)
    y = layers.Dense(8, activation="relu")(y)
    y = layers.LayerNormalization()(layers.Dropout(0.0)(y))
    y = layers.PReLU()(layers.Rescaling(0.5, 0.1)(y))
    y = layers.GlobalAveragePooling1D()(y)
    return keras.Model(x, layers.Dense(3, activation="softmax")(y)), [words(12)], (12,)


def each_step():
    """A loss for each step, normalization of the steps that count, alone and step by step."""
    x = keras.Input((6, 4))
    y = layers.Masking(-1.0)(x)
    y = layers.BatchNormalization()(layers.Dense(8)(y))
    y = layers.TimeDistributed(layers.BatchNormalization())(layers.ELU()(y))
    y = layers.Activation("tanh")(layers.GroupNormalization(2)(y))
    return keras.Model(x, layers.Dense(3, activation="softmax")(y)), [steps(12)], (12, 6)


def joined():
    """Masks of several inputs, and of a model in the model."""
    a, b = keras.Input((7,), dtype="int32"), keras.Input((7,), dtype="int32")
    inner = keras.Sequential(
        [keras.Input((7,), dtype="int32"), layers.Embedding(20, 5, mask_zero=True), layers.Dense(5)]
    )
    p, q = inner(a), inner(b)
    r = layers.Embedding(20, 5)(b)
    both = layers.Add()([p, q])
    wide = layers.Dense(5)(layers.Concatenate()([p, q]))
    long = layers.Concatenate(axis=1)([both, r, wide])
    y = layers.Maximum()([layers.GlobalAveragePooling1D()(long), layers.GlobalAveragePooling1D()(both)])
    return keras.Model([a, b], layers.Dense(3, activation="softmax")(y)), [words(12), words(12)], (12,)


def ended():
    """A layer that knows nothing of masks ends them."""
    x = keras.Input((7,), dtype="int32")
    y = layers.Embedding(20, 6, mask_zero=True)(x)
    y = layers.Conv1D(5, 3, padding="same", activation="relu")(y)
    y = layers.GlobalAveragePooling1D()(y)
    return keras.Model(x, layers.Dense(3, activation="softmax")(y)), [words(12)], (12,)


def renormalized():
    """Batch renormalization of the steps that count."""
    x = keras.Input((6, 4))
    y = layers.Dense(8)(layers.Masking(-1.0)(x))
    y = layers.BatchNormalization(
        renorm=True, renorm_clipping={"rmax": 3.0, "dmax": 5.0}, renorm_momentum=0.9, momentum=0.8
    )(y)
    return keras.Model(x, layers.Dense(3, activation="softmax")(y)), [steps(12)], (12, 6)


for make in (mean_of_words, each_step, joined, ended, renormalized):
    keras.utils.clear_session()
    keras.utils.set_random_seed(1)
    model, inputs, shape = make()
    name = make.__name__
    model.save(FOLDER / f"{name}.keras")
    start = model.get_weights()
    targets = rng.integers(0, 3, shape).astype(np.int32)
    weights = rng.uniform(0.5, 2, shape).astype(np.float32)
    data = {f"x.{i}": value for i, value in enumerate(inputs)} | {"y": targets, "w": weights}
    data["predictions"] = np.asarray(model.predict(inputs, verbose=0))
    for key, given in {"plain": None, "weighted": weights}.items():
        model.set_weights(start)
        model.compile(
            keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", weighted_metrics=["accuracy"]
        )
        data[f"evaluation.{key}"] = np.array(
            model.evaluate(inputs, targets, sample_weight=given, batch_size=12, verbose=0), np.float32
        )
        losses = []
        for _ in range(8):
            model.reset_metrics()
            losses.append(model.train_on_batch(inputs, targets, sample_weight=given)[0])
        data[f"losses.{key}"] = np.array(losses, np.float32)
    save_file(data, FOLDER / f"{name}.safetensors")
    print(name, data["evaluation.plain"], data["evaluation.weighted"], data["losses.plain"][-1])
