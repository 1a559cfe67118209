"""PyTorch's DistributedDataParallel by gloo. The variant is the number of processes, and channels_last
behind a comma.

Each process has its part of the batch and of the threads. This one is rank 0, which answers; it starts the
others.
"""

import os
import subprocess
import sys
import tempfile

import torch
import worker
import workloads
from torch import distributed
from torch.nn import functional
from torch.nn.parallel import DistributedDataParallel
from torch_networks import modules


def join(count):
    """Meets the other processes; gives this one's number, and those that it has started."""
    rank = int(os.environ.get("RANK", "0"))
    # Gloo would look for the address of the host's name.
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    others = []
    if rank == 0:
        os.environ["STORE"] = os.path.join(tempfile.mkdtemp(), "store")
        for other in range(1, count):
            others.append(subprocess.Popen(
                [sys.executable, *sys.argv], stdin=subprocess.DEVNULL, stdout=sys.stderr,
                env=os.environ | {"RANK": str(other)}))
    distributed.init_process_group(
        "gloo", init_method=f"file://{os.environ['STORE']}", rank=rank, world_size=count)
    return rank, others


def main():
    options = worker.arguments()
    number, *variants = options.variant.split(",")
    count = int(number)
    torch.set_num_threads(max(1, options.threads // count))
    rank, others = join(count)
    torch.manual_seed(0)
    layers, shape, _ = workloads.workload(options.workload)
    images, labels = workloads.samples(options.workload, options.batch)
    form = torch.channels_last if "channels_last" in variants else torch.contiguous_format
    x = torch.from_numpy(images[rank::count]).permute(0, 3, 1, 2).contiguous(memory_format=form)
    y = torch.from_numpy(labels[rank::count]).long()
    model, _ = modules(layers, shape[-1])
    model(x[:2])  # tells the lazy layers their sizes
    model = model.to(memory_format=form).train()
    model = DistributedDataParallel(model, gradient_as_bucket_view=True)
    optimizer = torch.optim.Adam(model.parameters(), fused=True)

    def run(steps):
        """As many steps as rank 0 says; false after none."""
        agreed = torch.tensor([steps])
        distributed.broadcast(agreed, 0)
        for _ in range(int(agreed)):
            optimizer.zero_grad(set_to_none=True)
            functional.cross_entropy(model(x), y).backward()
            optimizer.step()
        return int(agreed) > 0

    if rank > 0:
        while run(0):
            pass
        return
    worker.serve(run, {"PyTorch": torch.__version__}, options)
    run(0)
    for other in others:
        other.wait()


main()
