"""Writes shapes.json: what shape Keras gives to the output of randomly configured layers, or that it refuses.

Run with Keras 3.15.1 and JAX:  KERAS_BACKEND=jax python Tests/Fixtures/shapes/make.py

Each entry is [class name, arguments, input shapes, output shape]; null stands for an unknown dimension, and in
place of the output for a refusal: by the constructor, by the call on symbolic tensors, or, where all dimensions
but the batch are known, by JAX when it traces what the layer does. Results with an axis of length 0 are left out.
"""

import json
import os
import pathlib
import random
import warnings

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
import keras
import numpy as np
from keras.src import backend

warnings.filterwarnings("ignore")
# Values do not matter here, and JAX takes long to draw some.
keras.initializers.GlorotUniform.__call__ = lambda self, shape, dtype=None: np.zeros(shape, dtype)
rng = random.Random(4)


def chance(p):
    return rng.random() < p


def dim(low=1, high=12, unknown=0.15):
    return None if chance(unknown) else rng.randint(low, high)


def size(rank, low=1, high=4):
    """One number or one for each axis; now and then one that is wrong."""
    if chance(0.03):
        return rng.choice([0, -1, [2] * (rank + 1), [1] * (rank - 1) + [0]])
    if chance(0.5):
        return rng.randint(low, high)
    return [rng.randint(low, high) for _ in range(rank)]


def image(rank, channels_first, unknown=0.15):
    if chance(0.06):
        rank = max(0, rank + rng.choice([-1, 1]))
    channels = None if chance(0.04) else rng.choice([1, 2, 3, 4, 6, 8])
    spatial = [dim(unknown=unknown) for _ in range(rank)]
    batch = None if chance(0.7) else rng.randint(1, 3)
    return [batch, channels, *spatial] if channels_first else [batch, *spatial, channels]


def data_format(arguments):
    if chance(0.4):
        arguments["data_format"] = rng.choice(["channels_first", "channels_last"])
    return arguments.get("data_format") == "channels_first"


def padding(arguments, kinds):
    if chance(0.6):
        arguments["padding"] = rng.choice(kinds)


def strides_or_dilation(arguments, rank, both=0.05):
    if chance(0.5):
        arguments["strides"] = size(rank, 1, 3)
    if "strides" not in arguments or chance(both):
        if chance(0.4):
            arguments["dilation_rate"] = size(rank, 1, 3)


def convolution(rank):
    a = {"filters": rng.choice([1, 2, 4, 6, 6, 8, 0 if chance(0.2) else 3]), "kernel_size": size(rank)}
    padding(a, ["valid", "same", "causal"] if rank == 1 or chance(0.1) else ["valid", "same"])
    strides_or_dilation(a, rank)
    if chance(0.3):
        a["groups"] = rng.choice([1, 2, 2, 3, 4, 0])
    return a, [image(rank, data_format(a))]


def transpose(rank):
    a = {"filters": rng.choice([1, 2, 4, 6, 0 if chance(0.2) else 3]), "kernel_size": size(rank, 1, 5)}
    padding(a, ["valid", "same"])
    strides_or_dilation(a, rank)
    if chance(0.4):
        a["output_padding"] = rng.choice([0, 1, 1, 2, [rng.randint(0, 2) for _ in range(rank)]])
    return a, [image(rank, data_format(a))]


def depthwise(rank):
    a = {"kernel_size": size(rank)}
    padding(a, ["valid", "same"])
    strides_or_dilation(a, rank, both=0.3)
    if chance(0.5):
        a["depth_multiplier"] = rng.choice([1, 2, 3, 3, 0])
    return a, [image(rank, data_format(a))]


def separable(rank):
    a, shapes = depthwise(rank)
    return {"filters": rng.choice([1, 2, 4, 6, 0 if chance(0.2) else 3]), **a}, shapes


def pooling(rank):
    a = {"pool_size": size(rank)}
    if chance(0.5):
        a["strides"] = size(rank, 1, 4)
    padding(a, ["valid", "same", "same", "causal" if chance(0.1) else "valid"])
    return a, [image(rank, data_format(a))]


def whole(rank):
    a = {"keepdims": chance(0.5)}
    return a, [image(rank, data_format(a))]


def adaptive(rank):
    a = {"output_size": rng.randint(1, 6) if chance(0.5) else [rng.randint(1, 6) for _ in range(rank)]}
    if chance(0.05):
        a["output_size"] = [2] * (rank + 1)
    shape = image(rank, data_format(a))
    # Keras's rule does not look at the number of axes here, and what it then tells is not what is computed.
    return (a, [shape]) if len(shape) == rank + 2 else adaptive(rank)


def ends(high):
    return rng.randint(0, high) if chance(0.4) else [rng.randint(0, high), rng.randint(0, high)]


def margins(rank, name, high):
    if rank == 1:
        a = {name: ends(high)}
    else:
        a = {name: rng.randint(0, high) if chance(0.3) else [ends(high) for _ in range(rank)]}
    if chance(0.04):
        a[name] = rng.choice([-1, [1, 2, 3, 4], [[1, 2, 3]] * rank, [-1] * rank])
    return a, [image(rank, (rank > 1 or name == "padding") and data_format(a))]


def upsampling(rank):
    a = {"size": rng.choice([1, 2, 3, 0]) if rank == 1 else size(rank, 1, 3)}
    if rank == 2 and chance(0.4):
        a["interpolation"] = rng.choice(["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"])
    return a, [image(rank, rank > 1 and data_format(a))]


def any_shape(low=1, high=5, unknown=0.15):
    return [None if chance(0.7) else rng.randint(1, 3)] + [
        dim(1, 6, unknown) for _ in range(rng.randint(low - 1, high - 1))
    ]


def sized():
    channels_first = chance(0.3)
    a = {"height": rng.choice([1, 3, 5, 9]), "width": rng.choice([1, 4, 6])}
    if channels_first:
        a["data_format"] = "channels_first"
    shape = image(2, channels_first)
    # Three axes are one image without a batch for Keras, which layers here do not know.
    return (a, [shape]) if len(shape) == 4 else sized()


def flatten():
    a = {}
    data_format(a)
    return a, [any_shape()]


def reshape():
    shape = any_shape(2, 4, 0.1)
    product = 1
    for d in shape[1:]:
        product *= d or 6
    target = []
    while len(target) < 3 and chance(0.8):
        factor = rng.choice([d for d in range(1, product + 1) if product % d == 0])
        target.append(factor)
        product //= factor
    target.append(product)
    if chance(0.5):
        target[rng.randrange(len(target))] = -1
    if chance(0.2):
        target[rng.randrange(len(target))] = rng.choice([-2, -1, 5, 7, 2])
    return {"target_shape": target}, [shape]


def permute():
    shape = any_shape(2, 5)
    dims = list(range(1, len(shape)))
    rng.shuffle(dims)
    if chance(0.2):
        dims = rng.choice([dims[:-1], dims + [len(shape)], [d - 1 for d in dims], dims[:1] * len(dims)])
    return {"dims": dims}, [shape]


def repeat_vector():
    return {"n": rng.choice([1, 2, 5, 5, 0, -1])}, [any_shape(2, 2) if chance(0.8) else any_shape(1, 3)]


def dense():
    return {"units": rng.choice([1, 3, 10, 10, 7, 0])}, [any_shape(1, 5, 0.08)]


def similar(shape, unequal):
    """A shape that broadcasts with another, or nearly so."""
    result = [
        1 if i and chance(0.15) else None if chance(0.1) else d if not chance(unequal) else rng.randint(1, 6)
        for i, d in enumerate(shape)
    ]
    if len(result) > 2 and chance(0.15):
        del result[1 : 1 + rng.randint(1, len(result) - 2)]
    return result


def merging(count=None):
    shape = any_shape(2, 4, 0.1)
    count = count or rng.choice([1, 2, 2, 3, 4])
    return {}, [shape] + [similar(shape, 0.06) for _ in range(count - 1)]


def concatenate():
    shape = any_shape(2, 4, 0.1)
    axis = rng.choice([-1, -1, 1, 2, -2, len(shape) - 1, len(shape) if chance(0.2) else -1])
    shapes = []
    # Of one input alone, Keras's rule does not look whether it has the axis.
    for _ in range(rng.choice([1, 2, 2, 3]) if axis < len(shape) else 2):
        other = [None if chance(0.08) else d if not chance(0.05) else rng.randint(1, 6) for d in shape]
        if -len(shape) <= axis < len(shape):
            other[axis] = dim(1, 6)
        shapes.append(other)
    return {"axis": axis}, shapes


def dot():
    left, right = any_shape(2, 4, 0.05), any_shape(2, 4, 0.05)
    right[0] = left[0] if chance(0.9) else 4
    i, j = rng.randint(1, len(left) - 1), rng.randint(1, len(right) - 1)
    if chance(0.85):
        right[j] = left[i]
    axes = [i - len(left) if chance(0.3) else i, j - len(right) if chance(0.3) else j]
    if chance(0.3) and i == j:
        axes = i
    if chance(0.05):
        axes = [i, 5]
    return {"axes": axes, "normalize": chance(0.3)}, [left, right]


def subtract():
    return merging(2 if chance(0.9) else None)


GENERATORS = {"Dense": (40, dense), "Flatten": (40, flatten), "Reshape": (120, reshape)}
GENERATORS |= {"Resizing": (20, sized), "CenterCrop": (20, sized)}
GENERATORS |= {"Permute": (50, permute), "RepeatVector": (30, repeat_vector)}
GENERATORS |= {"Concatenate": (100, concatenate), "Dot": (120, dot), "Subtract": (60, subtract)}
for name in ["Add", "Multiply", "Average", "Maximum", "Minimum"]:
    GENERATORS[name] = (50, merging)
for rank in [1, 2, 3]:

    def of(family, count, rank=rank):
        return count, lambda: family(rank)

    GENERATORS[f"Conv{rank}D"] = of(convolution, 130)
    GENERATORS[f"Conv{rank}DTranspose"] = of(transpose, 130)
    if rank < 3:
        GENERATORS[f"DepthwiseConv{rank}D"] = of(depthwise, 90)
        GENERATORS[f"SeparableConv{rank}D"] = of(separable, 90)
    for kind in ["Max", "Average"]:
        GENERATORS[f"{kind}Pooling{rank}D"] = of(pooling, 60)
        GENERATORS[f"Global{kind}Pooling{rank}D"] = of(whole, 20)
        GENERATORS[f"Adaptive{kind}Pooling{rank}D"] = of(adaptive, 25)
    GENERATORS[f"Cropping{rank}D"] = of(lambda rank: margins(rank, "cropping", 4), 60)
    GENERATORS[f"ZeroPadding{rank}D"] = of(lambda rank: margins(rank, "padding", 4), 40)
    GENERATORS[f"UpSampling{rank}D"] = of(upsampling, 40)

LISTS = {"Add", "Multiply", "Average", "Maximum", "Minimum", "Subtract", "Concatenate", "Dot"}


def output_shape(name, arguments, shapes):
    """The output's shape, or None where Keras refuses."""
    tensors = [keras.KerasTensor(shape) for shape in shapes]
    try:
        layer = getattr(keras.layers, name)(**arguments)
        result = list(layer(tensors if name in LISTS else tensors[0]).shape)
        batch = max([s[0] for s in shapes if s[0] is not None], default=2)
        filled = [[batch if s[0] is None else s[0], *s[1:]] for s in shapes]
        if all(None not in s for s in filled):
            traced = backend.compute_output_spec(
                lambda *x: layer(list(x) if name in LISTS else x[0]),
                *[keras.KerasTensor(shape) for shape in filled],
            )
            for told, seen in zip(result, traced.shape):
                if told is not None and told != seen:
                    print("told", result, "but computed", traced.shape, "by", name, arguments, shapes)
        return result
    except Exception:
        return None


def main():
    assert keras.__version__ == "3.15.1", keras.__version__
    entries = []
    for name, (count, generate) in sorted(GENERATORS.items()):
        refused = 0
        seen = 0
        while seen < count:
            arguments, shapes = generate()
            result = output_shape(name, arguments, shapes)
            if result is not None and 0 in result:
                continue
            seen += 1
            refused += result is None
            entries.append([name, arguments, shapes, result])
        print(f"{name}: {count}, {refused} refused", flush=True)
    lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries)
    path = pathlib.Path(__file__).with_name("shapes.json")
    path.write_text("[\n" + lines + "\n]\n")
    print(len(entries), "entries,", path.stat().st_size, "bytes")


main()
