"""How fast one thread decodes the pictures of folders, by Strata and by Pillow, in turns.

    swift build -c release --package-path Examples --product decoding
    python3 Benchmarks/decoding.py FOLDER... --size 96

Rows: files to RGB in an array; the same brought to size x size, bilinear, as for training; and with
decoding at reduced scale allowed (Pillow's draft). Pillow resizes in two ways: with all pixels that
a new one covers, as its resize does, or with the nearest four, as Keras and Strata do (its
transform); the faster counts. Medians of the rounds, in pictures a second. Needs Pillow and NumPy.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROWS = ["decode", "resize", "reduced"]


def pillow(folder, size):
    import numpy as np
    from PIL import Image

    files = [p for p in sorted(pathlib.Path(folder).rglob("*")) if p.suffix in (".jpg", ".png")]
    wanted = (size, size)

    def decode(file):
        return np.asarray(Image.open(file).convert("RGB"))

    def smooth(image):
        return np.asarray(image.convert("RGB").resize(wanted, Image.Resampling.BILINEAR))

    def plain(image):
        box = (0, 0, *image.size)
        return np.asarray(image.convert("RGB").transform(
            wanted, Image.Transform.EXTENT, box, Image.Resampling.BILINEAR))

    def drafted(file):
        image = Image.open(file)
        image.draft("RGB", wanted)
        return image

    def rate(body):
        start, done = time.perf_counter(), 0
        while time.perf_counter() - start < 1 or done == 0:
            for file in files:
                body(file)
            done += len(files)
        return done / (time.perf_counter() - start)

    return {
        "decode": rate(decode),
        "resize": max(rate(lambda f: way(Image.open(f))) for way in (smooth, plain)),
        "reduced": max(rate(lambda f: way(drafted(f))) for way in (smooth, plain)),
    }


def run(*command):
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--size", type=int, default=96)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pillow", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument(
        "--program", default=ROOT / "Examples" / ".build" / "release" / "decoding")
    options = parser.parse_args()
    if options.pillow:
        print(json.dumps(pillow(options.folders[0], options.size)))
        return
    print(f"{'':30} {'':8} {'Strata':>9} {'Pillow':>9} {'ratio':>6}")
    for folder in options.folders:
        size = str(options.size)
        ours, theirs = [], []
        for _ in range(options.rounds):
            ours.append(run(options.program, folder, size))
            theirs.append(run(sys.executable, __file__, folder, "--size", size, "--pillow"))
        for row in ROWS:
            a, b = (statistics.median(r[row] for r in results) for results in (ours, theirs))
            print(f"{folder[-30:]:30} {row:8} {a:9.0f} {b:9.0f} {a / b:6.2f}", flush=True)


main()
