"""Strata's ranks under mpirun, and processes beside each other that know nothing of each other."""

import json
import math
import os
import shutil
import statistics
import subprocess
import sys


class Launcher:
    """The mpirun of the MPI that Strata was built with."""

    def __init__(self, program):
        self.program = program or next(filter(shutil.which, ("mpirun.openmpi", "mpirun")), None)
        if self.program is None or shutil.which(self.program) is None:
            sys.exit(f"there is no {program or 'mpirun'}; install Open MPI or MPICH")
        output = subprocess.run(
            [self.program, "--version"], check=True, text=True, stdout=subprocess.PIPE).stdout
        self.version = output.splitlines()[0].strip()
        self.is_open_mpi = "Open MPI" in output or "OpenRTE" in output

    def command(self, count, *words):
        """Starts so many ranks on this machine, all of which may use all of its cores."""
        flags = []
        if self.is_open_mpi:
            flags = ["--oversubscribe", "--bind-to", "none"]
            if os.geteuid() == 0:
                flags.append("--allow-run-as-root")
        return [self.program, *flags, "-n", str(count), *map(str, words)]


def output(process):
    """The JSON that a process prints, among messages of mpirun's."""
    text, _ = process.communicate()
    lines = [line for line in text.splitlines() if line[:1] in ("{", "[")]
    if process.returncode != 0 or not lines:
        raise RuntimeError(f"{' '.join(process.args)}: {text.strip()}")
    return json.loads(lines[-1])


def started(command):
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


class Ranks:
    """Measurements of ranks and of what they consist of."""

    def __init__(self, options):
        self.options = options
        self.launcher = Launcher(options.mpirun)

    def benchmark(self, workload, batch, threads, *flags):
        return [
            self.options.strata, "benchmark", workload, "--batch", str(batch), "--threads",
            str(threads), "--seconds", str(self.options.seconds), "--json", *flags]

    def rate(self, workload, count, batch, threads=1):
        """Images a second of a training step, whose batch is that of all ranks."""
        command = self.benchmark(workload, batch, threads)
        if count > 1:
            command = self.launcher.command(count, *command)
        return output(started(command))["images_per_s_median"]

    def profile(self, workload, count, batch, threads=1):
        """The profile of such a step at rank 0."""
        return output(started(self.launcher.command(
            count, *self.benchmark(workload, batch, threads, "--profile"))))

    def alone(self, workload, count, batch, threads=1):
        """Seconds of a step in so many ranks at the same time, each with a batch of its own."""
        command = self.benchmark(workload, batch, threads, "--apart")
        return batch / output(started(self.launcher.command(count, *command)))[
            "images_per_s_median"]

    def sums(self, count, sizes, flags=()):
        """Seconds of a sum over so many ranks, by its size in bytes."""
        program = self.launcher.command(count, *flags, self.options.sums, "time")
        times = {}
        for size in sizes:
            # Some 64 MiB in each of five windows, and a hundred sums at most.
            steps = min(max((64 << 20) // size, 5), 100)
            words = ["--size", str(size // 4), "--steps", str(steps), "--limit", "60000"]
            times[size] = statistics.median(output(started(program + words)))
        return times


def packing(profile):
    """Seconds of a step that gather gradients into messages, and as many that take sums apart."""
    return 2e-3 * sum(
        part["ms"] for part in profile["parts"]
        if part["operation"].endswith("all-reduce start"))


def messages(profile):
    """The bytes of each sum over ranks in a step."""
    width = {"float32": 4, "bfloat16": 2}
    return [
        math.prod(operand["shape"]) * width[operand["dtype"]]
        for part in profile["parts"] if part["operation"].endswith("all-reduce start")
        for operand in part["destinations"]]
