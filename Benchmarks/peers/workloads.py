"""The networks of `strata benchmark`, as lists of layers that every peer builds in its own way.

Pixels are NHWC float32 of 0 … 1, labels are integers; the last layer gives logits.
"""

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Conv:
    filters: int
    size: int
    stride: int = 1
    padding: str = "valid"
    activation: str | None = None
    bias: bool = True


@dataclass
class Dense:
    units: int
    activation: str | None = None


@dataclass
class Pool:
    kind: str  # max or mean
    size: int
    stride: int
    padding: str = "valid"


@dataclass
class Dropout:
    rate: float = 0.2


@dataclass
class Residual:
    """`relu(main(x) + shortcut(x))`; without a shortcut x itself is added."""

    main: list
    shortcut: list = field(default_factory=list)


class Norm:
    """Batch normalization."""


class Relu:
    pass


class Flatten:
    pass


class GlobalMean:
    pass


def strided(classes):
    layers = []
    for filters in (32, 64, 128):
        layers += [Conv(filters, 3, 2, activation="relu"), Dropout()]
    return layers + [Flatten(), Dense(512, "relu"), Dropout(), Dense(classes)]


def lenet5(classes):
    return [
        Conv(6, 5, padding="same", activation="tanh"), Pool("mean", 2, 2),
        Conv(16, 5, activation="tanh"), Pool("mean", 2, 2), Flatten(),
        Dense(120, "tanh"), Dense(84, "tanh"), Dense(classes),
    ]


def vgg(classes):
    layers = []
    for filters in (32, 64, 128):
        layers += 2 * [Conv(filters, 3, padding="same", activation="relu"), Norm()]
        layers.append(Pool("max", 2, 2))
    return layers + [Flatten(), Dropout(), Dense(1024, "relu"), Dropout(), Dense(classes)]


def resnet50(classes):
    def normed(filters, size, stride=1):
        return [Conv(filters, size, stride, "same", bias=False), Norm()]

    layers = normed(64, 7, 2) + [Relu(), Pool("max", 3, 2, "same")]
    for stage, blocks in enumerate((3, 4, 6, 3)):
        width = 64 << stage
        for block in range(blocks):
            stride = 2 if stage > 0 and block == 0 else 1
            main = normed(width, 1) + [Relu()] + normed(width, 3, stride) + [Relu()]
            main += normed(4 * width, 1)
            layers.append(Residual(main, normed(4 * width, 1, stride) if block == 0 else []))
    return layers + [GlobalMean(), Dense(classes)]


# shape of a picture, classes, network
WORKLOADS = {
    "fashion": ((28, 28, 1), 10, strided),
    "cifar": ((32, 32, 3), 10, strided),
    "vgg": ((32, 32, 3), 10, vgg),
    "lenet": ((28, 28, 1), 10, lenet5),
    "resnet50": ((224, 224, 3), 1000, resnet50),
}


def workload(name):
    """The layers, the shape of a picture and the number of classes."""
    shape, classes, make = WORKLOADS[name]
    return make(classes), shape, classes


def samples(name, count):
    # Networks of keras.applications take what ResNet50 takes.
    shape, classes, _ = WORKLOADS.get(name, WORKLOADS["resnet50"])
    random = np.random.default_rng(0)
    images = random.random((count, *shape), dtype=np.float32)
    return images, random.integers(0, classes, count).astype(np.int32)


def margins(length, size, stride, padding):
    """What "same" adds before and after an axis: the odd element goes to the end."""
    if padding == "valid":
        return 0, 0
    total = max((-(-length // stride) - 1) * stride + size - length, 0)
    return total // 2, total - total // 2
