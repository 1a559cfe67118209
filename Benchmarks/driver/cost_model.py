"""How long a step of several ranks takes: what a rank computes, and what is left of its sums.

A sum of n bytes over p ranks takes 2 log2(p) α + 2 (p − 1) / p n β seconds, with the latency α of a
message and the time β of a byte: halving and doubling, as Thakur, Rabenseifner and Gropp (2005),
"Optimization of Collective Communication Operations in MPICH", count it, without the additions.
"""

import math
from dataclasses import dataclass

from ranks import messages, packing


@dataclass
class Network:
    name: str
    alpha: float  # seconds
    beta: float  # seconds for a byte

    def seconds(self, ranks, sizes):
        """The time of sums of these bytes, one after the other."""
        return sum(
            2 * math.log2(ranks) * self.alpha + 2 * (ranks - 1) / ranks * size * self.beta
            for size in sizes)


# α and β of the networks that are not here.
#
# 10 Gb/s Ethernet with the kernel's TCP: 30 µs are more than TCP takes on loopback, which the script
# measures, and leave room for cards and a switch; 1.18 GB/s are what frames of 1,538 bytes leave for
# the 1,448 in them. 100 Gb/s: 1.2 to 1.5 µs and 12.3 GB/s are measurements on Omni-Path of 100 Gb/s with
# the OSU Micro-Benchmarks (gist.github.com/hppritcha, osu_latency and osu_mbw_mr of November 2016); 2 µs
# leave room for a second switch.
ASSUMED = (
    Network("10 GbE, TCP", 30e-6, 1 / 1.18e9),
    Network("100 Gb/s, InfiniBand or Omni-Path", 2e-6, 1 / 12e9),
)


def fit(times, ranks, name):
    """The network that explains times by their bytes, with the least relative errors."""
    rows = [
        (2 * math.log2(ranks) / time, 2 * (ranks - 1) / ranks * size / time)
        for size, time in times.items()]
    aa, ab, bb = (sum(row[i] * row[j] for row in rows) for i, j in ((0, 0), (0, 1), (1, 1)))
    a, b = (sum(row[i] for row in rows) for i in (0, 1))
    determinant = aa * bb - ab * ab
    return Network(
        name, max((a * bb - b * ab) / determinant, 0), max((b * aa - a * ab) / determinant, 0))


@dataclass
class Step:
    """What one rank does in a step."""

    compute: float  # seconds
    packing: float  # seconds of copies to messages and back
    sizes: list  # bytes of each sum
    hidden: float  # the share of the time of sums in which the rank computes
    window: float  # how much of the computing there is for that, as a share

    @staticmethod
    def of(compute, profile):
        """By the profile of a step of ranks on this machine."""
        communication = profile["communication"]
        computed = communication["in_flight_ms"] - communication["waited_ms"]
        return Step(
            compute, packing(profile), messages(profile), communication["share_hidden"],
            max(computed, 0) / profile["ms"])

    def seconds_here(self, ranks, network):
        """The time of a step where the ranks' own cores move the data: nothing of it is free."""
        return self.compute + self.packing + network.seconds(ranks, self.sizes)

    def seconds(self, ranks, network):
        """The time of a step where cards move the data: what is not hidden comes on top."""
        sums = network.seconds(ranks, self.sizes)
        return self.compute + self.packing + max(
            (1 - self.hidden) * sums, sums - self.window * self.compute)

    def efficiency(self, ranks, network):
        """The part of the ranks' time that they compute."""
        return self.compute / self.seconds(ranks, network)

    def margin(self, ranks, network):
        """How many times as fast ranks may compute and copy until half of the time is left."""
        sums = network.seconds(ranks, self.sizes)
        idle = max(
            (1 - self.hidden) * sums / (1 - self.packing / self.compute),
            sums / (1 + self.window - self.packing / self.compute))
        return self.compute / idle
