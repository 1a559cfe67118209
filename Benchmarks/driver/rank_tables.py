"""The tables of `distributed.py`."""

import os
import statistics
import subprocess

import contest
import cost_model
from single import in_turns, ratios

PEERS = [
    contest.Peer("", "torch_ddp", "2", ("train",)),
    contest.Peer("channels last", "torch_ddp", "2,channels_last", ("train",)),
]
# Bytes of a sum.
SIZES = (4, 64 << 10, 1 << 20, 4 << 20, 16 << 20)
# Images of each rank.
SHARES = {"fashion": 64, "cifar": 64, "vgg": 64, "resnet50": 8}
PAPER_RANKS = (8, 16, 32, 64, 128, 256, 512, 1024)


class Processes(contest.Worker):
    """A peer that ends its other processes itself, so that what they took is known to be ours."""

    def close(self):
        try:
            self.process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            super().close()


def spread(parts, wholes):
    """The median of ratios, and their quartiles."""
    low, middle, high = ratios(parts, wholes)
    return f"{middle:.2f} ({low:.2f} … {high:.2f})"


def note(watch, rates):
    """How far rounds are from their median."""
    middle = statistics.median(rates)
    watch.spreads.append(max(abs(rate / middle - 1) for rate in rates))


def against_threads_and_peer(options, ranks, python, watch):
    """Two ranks beside one with all threads, and beside PyTorch's two processes."""
    count, batch = 2, options.batch
    threads = max(1, options.threads // count)
    print(
        f"\nA training step, batch {batch} of all ranks, float32, images/s, and the median of the "
        f"rounds' ratios with their quartiles:\n\n"
        f"| workload | 1 rank × {options.threads} | {count} ranks × {threads} | ratio | sums in flight, "
        f"ms of a step | of them hidden | PyTorch, DistributedDataParallel, gloo, {count} × {threads} "
        f"| ratio |\n"
        f"| --- | ---: | ---: | --- | --- | ---: | ---: | --- |")
    versions = {}
    for workload in options.workloads:
        row = contest.Row(workload, "train", batch)
        measures = {
            "one": lambda: ranks.rate(workload, 1, batch, options.threads),
            "ranks": lambda: ranks.rate(workload, count, batch, threads),
            "profile": lambda: ranks.profile(workload, count, batch, threads),
        }
        workers = []
        try:
            for peer in PEERS if python else []:
                worker = Processes(peer, row, python, options)
                workers.append(worker)
                versions |= worker.versions
                measures[peer.name] = lambda worker=worker: worker.measure()[0]
            one, several, profiles, *peers = in_turns(options, measures)
        finally:
            for worker in workers:
                worker.close()
        for rates in (one, several, *peers):
            note(watch, rates)
        hidden = statistics.median(p["communication"]["share_hidden"] for p in profiles)
        flying = statistics.median(p["communication"]["in_flight_ms"] for p in profiles)
        whole = statistics.median(p["ms"] for p in profiles)
        cells = [
            workload, f"{statistics.median(one):,.0f}", f"{statistics.median(several):,.0f}",
            spread(several, one), f"{flying:.1f} of {whole:.1f}", f"{hidden:.0%}"]
        if peers:
            best = max(range(len(peers)), key=lambda index: statistics.median(peers[index]))
            name = f"{PEERS[best].name}: " if PEERS[best].name else ""
            cells += [
                f"{name}{statistics.median(peers[best]):,.0f}", spread(several, peers[best])]
        print(f"| {' | '.join(cells)} |" + ("" if peers else " – | – |"), flush=True)
    print(f"\n{ranks.launcher.version}" + "".join(
        f", {name} {version}" for name, version in sorted(versions.items())))


def against_model(options, ranks, watch):
    """What the cost model says of steps of two and four ranks, and what they take."""
    cores = len(os.sched_getaffinity(0))
    print(
        f"\nThe cost model. α and β follow from sums of {', '.join(f'{size:,}' for size in SIZES)} "
        f"bytes, computing from as many ranks at the same time that train alone, each with a rank's share "
        f"of a batch of {options.batch}, and copies from profiles; all in each round. The ranks' own cores "
        f"move the data here, so that the hidden share, which profiles show too, saves nothing. "
        f"Milliseconds, and the median of the rounds' ratios with their quartiles:\n\n"
        "| workload | ranks | cores | α, µs | 1/β, GB/s | sums of a step: number, MB | computing "
        "| copies | sums | hidden | predicted | measured | predicted / measured |\n"
        "| --- | ---: | --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    for workload in options.workloads:
        for count in options.ranks:
            threads = max(1, options.threads // count)
            share = options.batch // count
            times, alone, rates, profiles = map(list, in_turns(options, {
                "sums": lambda: ranks.sums(count, SIZES),
                "alone": lambda: ranks.alone(workload, count, share, threads),
                "rate": lambda: ranks.rate(workload, count, options.batch, threads),
                "profile": lambda: ranks.profile(workload, count, options.batch, threads),
            }))
            note(watch, rates)
            networks = [cost_model.fit(one, count, "here") for one in times]
            steps = [cost_model.Step.of(*one) for one in zip(alone, profiles)]
            sizes = steps[0].sizes
            predicted = [
                step.seconds_here(count, network) for step, network in zip(steps, networks)]
            measured = [options.batch / rate for rate in rates]
            shared = f"{threads} each" if count * threads <= cores else (
                f"{count} ranks on {cores}")
            middle = statistics.median
            cells = [
                workload, str(count), shared, f"{middle(n.alpha for n in networks) * 1e6:.1f}",
                f"{1e-9 / middle(n.beta for n in networks):.1f}",
                f"{len(sizes)}, {sum(sizes) / 1e6:.2f}", f"{middle(alone) * 1e3:.1f}",
                f"{middle(s.packing for s in steps) * 1e3:.2f}",
                f"{middle(n.seconds(count, sizes) for n in networks) * 1e3:.2f}",
                f"{middle(s.hidden for s in steps):.0%}", f"{middle(predicted) * 1e3:.1f}",
                f"{middle(measured) * 1e3:.1f}", spread(predicted, measured)]
            print(f"| {' | '.join(cells)} |", flush=True)


def loopback(options, ranks):
    """What TCP costs without a network."""
    if not ranks.launcher.is_open_mpi:
        return
    flags = ("--mca", "btl", "tcp,self")
    networks = [
        cost_model.fit(ranks.sums(2, SIZES, flags), 2, "loopback") for _ in range(options.rounds)]
    print(
        f"\nTwo ranks by TCP on loopback: α "
        f"{statistics.median(n.alpha for n in networks) * 1e6:.0f} µs, 1/β "
        f"{1e-9 / statistics.median(n.beta for n in networks):.1f} GB/s (medians of "
        f"{options.rounds}).")


def on_paper(options, ranks):
    """What more ranks would give on networks that are not here."""
    steps = {}
    for workload in options.paper:
        share = SHARES[workload]
        rates, profiles = map(list, in_turns(options, {
            "rate": lambda: ranks.rate(workload, 1, share, options.threads),
            "profile": lambda: ranks.profile(
                workload, 2, 2 * share, max(1, options.threads // 2)),
        }))
        middle = sorted(profiles, key=lambda p: p["communication"]["share_hidden"])[
            len(profiles) // 2]
        steps[workload] = cost_model.Step.of(share / statistics.median(rates), middle)
    print(
        f"\nOn paper, not measured: the same batch for each rank, a rank on each machine, which computes "
        f"as this one with {options.threads} threads. Assumed: "
        + "; ".join(f"{n.name}: α {n.alpha * 1e6:.0f} µs, {1e-9 / n.beta:.2f} GB/s"
                    for n in cost_model.ASSUMED)
        + ". Efficiency is the share of the time in which a rank computes.\n")
    print(
        "| workload | batch of a rank | computing, ms | sums: number, MB | hidden, window | network | "
        + " | ".join(str(count) for count in PAPER_RANKS)
        + " ranks | below 50 % from | ranks may be so many times as fast until 1024 are below 50 % |"
        + "\n| --- | ---: | ---: | --- | --- | --- |" + " ---: |" * len(PAPER_RANKS) + " --- | ---: |")
    for workload, step in steps.items():
        for network in cost_model.ASSUMED:
            shares = [step.efficiency(count, network) for count in PAPER_RANKS]
            end = next(
                (count for count, share in zip(PAPER_RANKS, shares) if share < 0.5), None)
            cells = [
                workload, str(SHARES[workload]), f"{step.compute * 1e3:.1f}",
                f"{len(step.sizes)}, {sum(step.sizes) / 1e6:.2f}",
                f"{step.hidden:.0%}, {step.window:.0%}", network.name,
                *(f"{share:.0%}" for share in shares),
                f"{end} ranks" if end else "not up to 1024",
                f"{step.margin(PAPER_RANKS[-1], network):.1f}"]
            print(f"| {' | '.join(cells)} |", flush=True)
