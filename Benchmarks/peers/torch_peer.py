"""PyTorch, eager. Variants, joined by commas: channels_last, bf16 (autocast)."""

import contextlib

import torch
import worker
import workloads
from torch.nn import functional
from torch_networks import modules


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
