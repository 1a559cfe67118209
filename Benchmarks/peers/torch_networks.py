"""The networks of `workloads` as PyTorch's modules."""

import workloads
from torch import nn
from torch.nn import functional

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh}


class Residual(nn.Module):
    def __init__(self, main, shortcut):
        super().__init__()
        self.main = main
        self.shortcut = shortcut

    def forward(self, x):
        return functional.relu(self.main(x) + self.shortcut(x))


def padding(layer):
    return (layer.size - 1) // 2 if layer.padding == "same" else 0


def modules(layers, channels):
    """The layers as modules, and the channels that come out."""
    made = []
    for layer in layers:
        match layer:
            case workloads.Conv():
                made.append(
                    nn.Conv2d(
                        channels, layer.filters, layer.size, layer.stride, padding(layer),
                        bias=layer.bias))
                channels = layer.filters
            case workloads.Dense():
                made.append(nn.LazyLinear(layer.units))
            case workloads.Norm():
                made.append(nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01))
            case workloads.Relu():
                made.append(nn.ReLU())
            case workloads.Pool(kind="max"):
                made.append(nn.MaxPool2d(layer.size, layer.stride, padding(layer)))
            case workloads.Pool():
                made.append(nn.AvgPool2d(layer.size, layer.stride))
            case workloads.Dropout():
                made.append(nn.Dropout(layer.rate))
            case workloads.Flatten():
                made.append(nn.Flatten())
            case workloads.GlobalMean():
                made += [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
            case workloads.Residual():
                main, out = modules(layer.main, channels)
                shortcut, _ = modules(layer.shortcut, channels)
                made.append(Residual(main, shortcut))
                channels = out
        if getattr(layer, "activation", None):
            made.append(ACTIVATIONS[layer.activation]())
    return nn.Sequential(*made), channels
