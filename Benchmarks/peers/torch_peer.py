"""PyTorch, eager. Variants, joined by commas: channels_last, bf16 (autocast)."""

import contextlib

import torch
import worker
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


def main():
    options = worker.arguments()
    variants = options.variant.split(",")
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    layers, shape, _ = workloads.workload(options.workload)
    images, labels = workloads.samples(options.workload, options.batch)
    x = torch.from_numpy(images).permute(0, 3, 1, 2)
    y = torch.from_numpy(labels).long()
    model, _ = modules(layers, shape[-1])
    model(x[:2].contiguous())  # tells the lazy layers their sizes
    form = torch.channels_last if "channels_last" in variants else torch.contiguous_format
    model = model.to(memory_format=form)
    x = x.contiguous(memory_format=form)
    precision = contextlib.nullcontext
    if "bf16" in variants:
        precision = lambda: torch.autocast("cpu", dtype=torch.bfloat16)  # noqa: E731
    optimizer = torch.optim.Adam(model.parameters(), fused=True)
    model.train(options.mode == "train")

    def train(steps):
        for _ in range(steps):
            optimizer.zero_grad(set_to_none=True)
            with precision():
                logits = model(x)
            functional.cross_entropy(logits.float(), y).backward()
            optimizer.step()

    def predict(steps):
        with torch.inference_mode(), precision():
            for _ in range(steps):
                torch.softmax(model(x), -1)

    run = train if options.mode == "train" else predict
    worker.serve(run, {"PyTorch": torch.__version__}, options)


main()
