"""Strata's HyperCNN for KerasTuner: the same hyperparameters, and the same networks."""

import math

import keras
import keras_tuner
from keras import layers


class HyperCNN(keras_tuner.HyperModel):
    def __init__(self, samples, epochs, shape=(28, 28, 1), classes=10):
        super().__init__()
        self.samples = samples
        self.epochs = epochs
        self.shape = shape
        self.classes = classes
        # Of the last model that was built.
        self.weights = None

    def build(self, hp):
        self.weights = None
        x = inputs = keras.Input(self.shape)
        x = layers.Rescaling(1 / 255)(x)
        if hp.Boolean("horizontal_flip"):
            x = layers.RandomFlip("horizontal")(x)
        if hp.Boolean("translation"):
            x = layers.RandomTranslation(0.1, 0.1)(x)
        activation = hp.Choice("activation", ["relu", "silu"])
        x = blocks(x, hp, activation)
        x = head(x, hp, activation)
        model = keras.Model(inputs, layers.Dense(self.classes, activation="softmax")(x))
        steps = math.ceil(self.samples / hp.Choice("batch_size", [32, 64, 128, 256]))
        model.compile(
            optimizer(hp, steps * self.epochs), "sparse_categorical_crossentropy",
            metrics=["accuracy"])
        self.weights = model.count_params()
        return model

    def fit(self, hp, model, *args, **kwargs):
        return model.fit(*args, batch_size=hp.get("batch_size"), **kwargs)


def blocks(x, hp, activation):
    count = hp.Int("blocks", 2, 4)
    convolutions = hp.Int("convolutions", 1, 2)
    filters = hp.Choice("filters", [16, 24, 32, 48, 64])
    growth = hp.Choice("filter_growth", [1.0, 1.5, 2.0])
    kernel = hp.Choice("kernel_size", [3, 5, 7])
    padding = hp.Choice("padding", ["same", "valid"])
    downsampling = hp.Choice("downsampling", ["pooling", "strides"])
    with hp.conditional_scope("downsampling", ["pooling"]):
        # None, both, with strides.
        kind = hp.Choice("pooling", ["max", "average"])
        size = hp.Choice("pool_size", [2, 3])
    is_normalized = hp.Boolean("batch_normalization")
    rate = hp.Float("block_dropout", 0, 0.4, step=0.1)
    for block in range(count):
        for convolution in range(1, convolutions + 1):
            is_strided = downsampling == "strides" and convolution == convolutions
            x = layers.Conv2D(
                int(min(filters * growth**block, max(filters, 128))),
                kernel if block == 0 else 3,
                strides=2 if is_strided else 1, padding=padding, use_bias=not is_normalized,
                activation=None if is_normalized else activation)(x)
            if is_normalized:
                x = layers.BatchNormalization()(x)
                x = layers.Activation(activation)(x)
        if downsampling == "pooling":
            pooling = layers.MaxPooling2D if kind == "max" else layers.AveragePooling2D
            x = pooling(size, strides=2)(x)
        if rate > 0:
            x = layers.Dropout(rate)(x)
    return x


def head(x, hp, activation):
    kind = hp.Choice("head", ["flatten", "global_average", "global_max"])
    units = hp.Choice("dense_units", [0, 64, 128, 256, 512])
    rate = hp.Float("dropout", 0, 0.5, step=0.1)
    layer = {
        "flatten": layers.Flatten, "global_average": layers.GlobalAveragePooling2D,
        "global_max": layers.GlobalMaxPooling2D}[kind]
    x = layer()(x)
    if units > 0:
        x = layers.Dense(units, activation=activation)(x)
    return layers.Dropout(rate)(x) if rate > 0 else x


def optimizer(hp, steps):
    kind = hp.Choice("optimizer", ["adam", "adamw", "sgd"])
    with hp.conditional_scope("optimizer", ["adam", "adamw"]):
        rate = hp.Float("learning_rate", 3e-4, 1e-2, sampling="log")
    with hp.conditional_scope("optimizer", ["adamw"]):
        weight_decay = hp.Float("weight_decay", 1e-3, 0.1, sampling="log")
    with hp.conditional_scope("optimizer", ["sgd"]):
        sgd_rate = hp.Float("sgd_learning_rate", 3e-3, 0.3, sampling="log")
        momentum = hp.Choice("momentum", [0.8, 0.9, 0.95])
    rate = sgd_rate if kind == "sgd" else rate
    if hp.Choice("schedule", ["constant", "cosine"]) == "cosine":
        # The first twentieth is the warm-up.
        warmup = steps // 20
        rate = keras.optimizers.schedules.CosineDecay(
            0.0, max(steps - warmup, 1), warmup_target=rate, warmup_steps=warmup)
    if kind == "sgd":
        return keras.optimizers.SGD(rate, momentum, nesterov=True)
    if kind == "adamw":
        return keras.optimizers.AdamW(rate, weight_decay=weight_decay)
    return keras.optimizers.Adam(rate)
