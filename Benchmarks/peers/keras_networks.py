"""The networks by Keras's layers, on the backend that is chosen before this is imported."""

import keras
import workloads
from keras import layers as kl


def applied(layers, x):
    """What the layers make of a symbolic tensor."""
    for layer in layers:
        match layer:
            case workloads.Conv():
                x = kl.Conv2D(
                    layer.filters, layer.size, strides=layer.stride, padding=layer.padding,
                    activation=layer.activation, use_bias=layer.bias)(x)
            case workloads.Dense():
                x = kl.Dense(layer.units, activation=layer.activation)(x)
            case workloads.Norm():
                x = kl.BatchNormalization()(x)
            case workloads.Relu():
                x = kl.ReLU()(x)
            case workloads.Pool():
                make = kl.MaxPooling2D if layer.kind == "max" else kl.AveragePooling2D
                x = make(layer.size, strides=layer.stride, padding=layer.padding)(x)
            case workloads.Dropout():
                x = kl.Dropout(layer.rate)(x)
            case workloads.Flatten():
                x = kl.Flatten()(x)
            case workloads.GlobalMean():
                x = kl.GlobalAveragePooling2D()(x)
            case workloads.Residual():
                x = kl.ReLU()(kl.Add()([applied(layer.main, x), applied(layer.shortcut, x)]))
    return x


def model(name):
    """A compiled model of a workload, or of `keras.applications` by its name there."""
    if name not in workloads.WORKLOADS:
        network = getattr(keras.applications, name)(weights=None)
    else:
        layers, shape, _ = workloads.workload(name)
        image = keras.Input(shape)
        network = keras.Model(image, kl.Softmax()(applied(layers, image)))
    network.compile("adam", "sparse_categorical_crossentropy")
    return network
