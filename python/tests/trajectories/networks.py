"""Small networks whose losses are compared with those of Keras on JAX.

Weights and data follow from NumPy's generators, so that every backend begins alike.
"""

import keras
import numpy as np
from keras import layers
from keras import ops


def strided_cnn():
    return _image_classifier(
        (28, 28, 1),
        [
            layers.Conv2D(16, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(32, activation="relu"),
        ],
    )


def lenet():
    return _image_classifier(
        (28, 28, 1),
        [
            layers.Conv2D(6, 5, padding="same", activation="tanh"),
            layers.AveragePooling2D(2),
            layers.Conv2D(16, 5, activation="tanh"),
            layers.AveragePooling2D(2),
            layers.Flatten(),
            layers.Dense(120, activation="tanh"),
            layers.Dense(84, activation="tanh"),
        ],
    )


def vgg():
    parts = []
    for filters in (8, 16):
        for _ in range(2):
            parts.append(layers.Conv2D(filters, 3, padding="same", use_bias=False))
            parts.append(layers.BatchNormalization())
            parts.append(layers.Activation("relu"))
        parts.append(layers.MaxPooling2D(2))
    parts += [layers.Flatten(), layers.Dense(32, activation="relu")]
    # With seed 3 a sum before a ReLU is 0 within its rounding, and its gradient is all or nothing.
    return _image_classifier((16, 16, 3), parts, seed=12)


def resnet():
    inputs = keras.Input((16, 16, 3))
    x = layers.Conv2D(8, 3, padding="same")(inputs)
    for filters, strides in ((8, 1), (16, 2)):
        shortcut = layers.Conv2D(filters, 1, strides=strides)(x)
        y = layers.Conv2D(filters, 3, strides=strides, padding="same")(x)
        y = layers.BatchNormalization()(y)
        y = layers.Activation("relu")(y)
        y = layers.Conv2D(filters, 3, padding="same")(y)
        y = layers.BatchNormalization()(y)
        x = layers.Activation("relu")(layers.Add()([y, shortcut]))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(10)(x)), _images((16, 16, 3)), _logit_loss()


def mobilenet_v2():
    inputs = keras.Input((16, 16, 3))
    x = layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False)(inputs)
    for strides in (1, 2):
        y = layers.Conv2D(24, 1, use_bias=False)(x)
        y = layers.BatchNormalization()(y)
        y = layers.ReLU(6.0)(y)
        y = layers.DepthwiseConv2D(3, strides=strides, padding="same", use_bias=False)(y)
        y = layers.BatchNormalization()(y)
        y = layers.ReLU(6.0)(y)
        y = layers.Conv2D(8, 1, use_bias=False)(y)
        y = layers.BatchNormalization()(y)
        x = layers.Add()([x, y]) if strides == 1 else y
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(10)(x)), _images((16, 16, 3)), _logit_loss()


def lstm():
    model = keras.Sequential(
        [keras.Input((12, 8)), layers.LSTM(16), layers.Dense(10, activation="softmax")]
    )
    return model, _images((12, 8)), "sparse_categorical_crossentropy"


def transformer():
    inputs = keras.Input((12,), dtype="int32")
    x = layers.Embedding(20, 16)(inputs)
    x = x + ops.sin(ops.reshape(ops.arange(12, dtype="float32"), (1, 12, 1)))
    y = layers.MultiHeadAttention(2, 8)(x, x)
    x = layers.LayerNormalization()(layers.Add()([x, y]))
    y = layers.Dense(16)(layers.Dense(32, activation="gelu")(x))
    x = layers.LayerNormalization()(layers.Add()([x, y]))
    x = layers.GlobalAveragePooling1D()(x)
    model = keras.Model(inputs, layers.Dense(10, activation="softmax")(x))
    generator = np.random.default_rng(5)
    data = generator.integers(0, 20, (64, 12)), generator.integers(0, 10, 64)
    return model, data, "sparse_categorical_crossentropy"


NETWORKS = {
    function.__name__: function
    for function in (strided_cnn, lenet, vgg, resnet, mobilenet_v2, lstm, transformer)
}

OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.01, momentum=0.9),
    "adam": lambda: keras.optimizers.Adam(1e-3),
    "adamw": lambda: keras.optimizers.AdamW(1e-3),
    "rmsprop": lambda: keras.optimizers.RMSprop(1e-3),
}


def _image_classifier(shape, parts, seed=3):
    model = keras.Sequential([keras.Input(shape), *parts, layers.Dense(10, activation="softmax")])
    return model, _images(shape, seed), "sparse_categorical_crossentropy"


def _logit_loss():
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def _images(shape, seed=3):
    generator = np.random.default_rng(seed)
    x = generator.random((64, *shape), dtype=np.float32)
    return x, generator.integers(0, 10, 64)


def losses(network: str, optimizer: str, steps: int = 20) -> list[float]:
    """The losses of some steps on batches of 16."""
    model, (x, y), loss = NETWORKS[network]()
    generator = np.random.default_rng(7)
    for variable in model.trainable_variables:
        if len(variable.shape) > 1:
            limit = np.sqrt(6 / np.prod(variable.shape[:-1]))
            variable.assign(generator.uniform(-limit, limit, variable.shape))
    model.compile(OPTIMIZERS[optimizer](), loss)
    result = []
    for step in range(steps):
        rows = slice(step % 4 * 16, step % 4 * 16 + 16)
        result.append(float(model.train_on_batch(x[rows], y[rows])))
    return result
