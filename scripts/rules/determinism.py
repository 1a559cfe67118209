"""Trains the same again and again: python determinism.py STRATA [table]; see scripts/determinism."""

import hashlib
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

# The SHA-256 of the weights after a training with one thread, its first half: by the version of oneDNN, the type and
# the instructions, in a debug build. Those of AVX2 and SSE4.1 were the same on an emulated AMD EPYC and an Intel Nehalem.
DIGESTS = {
    "oneDNN 2.6.3, SSE4.1, float32": "f5c91c274757ebb0c746f0974383e09c",
    "oneDNN 2.6.3, AVX2, float32": "c624b815526392c2acf62cb92e1466b9",
    "oneDNN 2.6.3, AVX-512, float32": "d449ea8f9efa64c41ef6bc79be293532",
    "oneDNN 2.6.3, AVX-512 with bfloat16, float32": "d449ea8f9efa64c41ef6bc79be293532",
    "oneDNN 2.6.3, AVX-512 with bfloat16 and AMX, float32": "d449ea8f9efa64c41ef6bc79be293532",
    "oneDNN 2.6.3, SSE4.1, mixed_bfloat16": "f3912fdd705a75def6e2d1bb5ae533d5",
    "oneDNN 2.6.3, AVX2, mixed_bfloat16": "44043026e05b8c2ea6f1d5e1da7434cb",
    "oneDNN 2.6.3, AVX-512, mixed_bfloat16": "e5a18638fe00de882ecb639fc46485c2",
    "oneDNN 2.6.3, AVX-512 with bfloat16, mixed_bfloat16": "d32cbde06ade49e92633ead74dd78025",
    "oneDNN 2.6.3, AVX-512 with bfloat16 and AMX, mixed_bfloat16": "a37c27aa781224c13fd4c9d3edde69ae",
}
# The same in an optimised build, whose compiler presumably contracts products and sums.
OPTIMISED = {
    "oneDNN 2.6.3, SSE4.1, float32": "f5c91c274757ebb0c746f0974383e09c",
    "oneDNN 2.6.3, AVX2, float32": "8e214056fdd06bf7e7e0a7c4cb2fa909",
    "oneDNN 2.6.3, AVX-512, float32": "646b6dc934c4e8dd012276eefdbefbf1",
    "oneDNN 2.6.3, AVX-512 with bfloat16, float32": "646b6dc934c4e8dd012276eefdbefbf1",
    "oneDNN 2.6.3, SSE4.1, mixed_bfloat16": "f3912fdd705a75def6e2d1bb5ae533d5",
    "oneDNN 2.6.3, AVX2, mixed_bfloat16": "80c475206424ee92eaed1879015307fb",
    "oneDNN 2.6.3, AVX-512, mixed_bfloat16": "479650ec793eba44ebf5c544ba3a03ea",
    "oneDNN 2.6.3, AVX-512 with bfloat16, mixed_bfloat16": "7d409605ac6c47a0a1e1dba7b1bd7f33",
}
# Where AVX-512 was seen, as vendor, family and model; oneDNN asks other processors for other sizes of caches.
PROCESSORS = {"AuthenticAMD 25 17", "GenuineIntel 6 207"}
# Where an optimised build was seen.
OPTIMISED_PROCESSORS = {"AuthenticAMD 25 17"}
LIMITS = ("SSE41", "AVX2", "AVX512_CORE", "AVX512_CORE_AMX")
MODELS = "Tests/Fixtures/determinism"


def write_png(path, size, value):
    """A grey picture."""
    lines = b"".join(b"\0" + bytes(value(x, y) % 256 for x in range(size)) for y in range(size))

    def chunk(kind, data):
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(lines))
        + chunk(b"IEND", b"")
    )


def write_pictures(folder, count):
    """Pictures of four classes."""
    for n in range(count):
        place = folder / str(n % 4)
        place.mkdir(parents=True, exist_ok=True)
        write_png(
            place / f"{n:04}.png",
            28,
            lambda x, y, n=n: (x * (n % 4 + 3) * 7 + y * 11 + n * 37) * (1 + n % 4),
        )
    return folder


class Trainer:
    def __init__(self, strata, folder):
        self.strata, self.folder, self.count = strata, folder, 0

    def run(self, arguments, limit=None):
        environment = dict(os.environ)
        environment.pop("ONEDNN_MAX_CPU_ISA", None)
        if limit:
            environment["ONEDNN_MAX_CPU_ISA"] = limit
        done = subprocess.run(
            [self.strata, *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            sys.exit(f"strata {' '.join(map(str, arguments))}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def train(self, pictures, model, limit=None, threads=1):
        """The file of the weights after an epoch."""
        self.count += 1
        name = self.folder / str(self.count)
        options = ["--epochs", "1", "--batch-size", "8", "--seed", "7", "--threads", str(threads)]
        output = ["--output", f"{name}.keras"]
        self.run(["train", pictures, "--model", model, *options, *output], limit)
        self.run(["convert", f"{name}.keras", f"{name}.weights.h5"])
        return pathlib.Path(f"{name}.weights.h5")


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()[:32]


def processor():
    try:
        first = pathlib.Path("/proc/cpuinfo").read_text().split("\n\n")[0]
    except OSError:
        return "unknown"
    fields = dict(line.split(":", 1) for line in first.split("\n") if ":" in line)
    fields = {key.strip(): value.strip() for key, value in fields.items()}
    return " ".join(fields.get(key, "") for key in ("vendor_id", "cpu family", "model"))


def check_digests(trainer):
    """Holds trainings against the pinned digests; returns how many differ."""
    pictures = write_pictures(trainer.folder / "small", 64)
    wrong = 0
    is_debug = pathlib.Path(trainer.strata).parent.name == "debug"
    digests = DIGESTS if is_debug else OPTIMISED
    processors = PROCESSORS if is_debug else OPTIMISED_PROCESSORS
    for policy in ("float32", "mixed_bfloat16"):
        for limit in LIMITS:
            version = trainer.run(["--version"], limit).strip().split(", ", 1)[1]
            found = digest(trainer.train(pictures, f"{policy}.keras", limit))
            key = f"{version}, {policy}"
            pinned = digests.get(key)
            if pinned == found:
                print(f"{limit}: {key}: {found}, as pinned")
            elif pinned and (is_debug and "AVX-512" not in version or processor() in processors):
                print(f"{limit}: {key}: {found}, but {pinned} is pinned", file=sys.stderr)
                wrong += 1
            else:
                reason = f"another on {', '.join(sorted(processors))}" if pinned else "no digest"
                print(f"Not checked on {processor()}: {key}: {found}; {reason} is pinned")
    return wrong


def difference(path, other):
    """The largest difference of weights as a part of the largest weight."""
    import h5py
    import numpy

    def weights(path):
        found = []
        with h5py.File(path) as file:
            file["layers"].visititems(
                lambda _, item: found.append(item[()].ravel()) if hasattr(item, "shape") else None
            )
        return numpy.concatenate([part.astype("float64") for part in found])

    a, b = weights(path), weights(other)
    if (a == b).all():
        return "none"
    return f"{abs(a - b).max() / abs(b).max():.0e}"


def print_table(trainer):
    small = write_pictures(trainer.folder / "small", 64)
    large = write_pictures(trainer.folder / "large", 1000)
    data = [(small, "float32.keras"), (large, "float32.keras"), (large, "lenet5")]
    first = [trainer.train(*entry) for entry in data]
    print(processor(), trainer.run(["--version"]).strip())
    print("| what differs | small network, 7 steps | small network, 100 steps | lenet5, 100 steps |")
    print("| --- | --- | --- | --- |")

    def row(name, **options):
        cells = [
            difference(trainer.train(*entry, **options), other)
            for entry, other in zip(data, first, strict=True)
        ]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)

    row("nothing: another process")
    for threads in (2, 4):
        row(f"{threads} threads instead of 1", threads=threads)
    for limit in ("AVX512_CORE", "AVX2", "SSE41"):
        row(f"`ONEDNN_MAX_CPU_ISA={limit}`", limit=limit)
    cells = [
        difference(trainer.train(pictures, "mixed_bfloat16.keras"), other)
        for pictures, other in zip((small, large), first, strict=False)
    ]
    print(f"| mixed_bfloat16 | {' | '.join(cells)} | |")


def main():
    strata = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for policy in ("float32", "mixed_bfloat16"):
            (folder / f"{policy}.keras").write_bytes(pathlib.Path(MODELS, f"{policy}.keras").read_bytes())
        trainer = Trainer(strata, folder)
        if "table" in sys.argv[2:]:
            print_table(trainer)
        sys.exit(1 if check_digests(trainer) else 0)


main()
