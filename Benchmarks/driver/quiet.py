"""Whether the machine was left to the measurements."""

import os
import pathlib
import platform
import subprocess
import tempfile
import time

import environment

DISTANCE = pathlib.Path(__file__).resolve().parent.parent / "distance.cpp"

# What processes beside the measured ones may take of all cores without being mentioned.
TOLERATED = 0.03


def machine():
    """The processor's name and how many cores there are for this process."""
    name = platform.processor() or platform.machine()
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            name = line.split(":")[1].strip()
            break
    return f"{name}, {len(os.sched_getaffinity(0))} cores, {platform.system()} {platform.release()}"


class Distance:
    """How far two of the cores are from each other: nanoseconds of a cache line there and back."""

    def __init__(self):
        self.cores = sorted(os.sched_getaffinity(0))[:2]
        self.folder = tempfile.TemporaryDirectory()
        self.program = pathlib.Path(self.folder.name) / "distance"
        if len(self.cores) == 2 and environment.has_compiler():
            environment.compile_program(DISTANCE, self.program, "-lpthread")

    def measure(self):
        """None with one core, or without a compiler."""
        if not self.program.exists():
            return None
        return float(subprocess.run(
            [self.program, *map(str, self.cores)], check=True, text=True,
            stdout=subprocess.PIPE).stdout)


def busy_seconds():
    """CPU seconds of everything on the machine so far."""
    fields = pathlib.Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    user, nice, system, _, _, irq, softirq, steal = (int(field) for field in fields[:8])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def own_seconds():
    """CPU seconds of this process, its children, and theirs, also while they live."""
    parents, seconds = {}, {}
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # it ended meanwhile
        parents[int(entry.name)] = int(fields[1])
        seconds[int(entry.name)] = sum(int(field) for field in fields[11:15])

    def is_own(process):
        while process > 1:
            if process == os.getpid():
                return True
            process = parents.get(process, 0)
        return False

    return sum(seconds[p] for p in seconds if is_own(p)) / os.sysconf("SC_CLK_TCK")


class Watch:
    """Looks at what others do before and during measurements."""

    def __init__(self):
        self.load = os.getloadavg()[0]
        self.distance = Distance()
        self.far = self.distance.measure()
        before = busy_seconds(), own_seconds()
        time.sleep(1)
        self.before = self.share(before, 1)
        self.start = time.monotonic()
        self.counts = busy_seconds(), own_seconds()
        self.spreads = []

    @staticmethod
    def share(counts, seconds):
        """The part of all cores that others took."""
        others = busy_seconds() - counts[0] - (own_seconds() - counts[1])
        return max(others, 0) / seconds / os.cpu_count()

    def report(self):
        during = self.share(self.counts, time.monotonic() - self.start)
        text = (
            f"Others took {self.before:.0%} of the cores before and {during:.0%} during the "
            f"measurements; load average before: {self.load:.1f}.")
        if self.far is not None:
            text += (
                f" Two cores were {self.far:.0f} ns apart before and "
                f"{self.distance.measure():.0f} after.")
        if self.spreads:
            worst = max(self.spreads)
            text += f" Rounds differ from their median by {worst:.0%} at most."
        if max(self.before, during) > TOLERATED:
            text += " **The machine was not quiet: do not rely on these figures.**"
        return "\n" + text
