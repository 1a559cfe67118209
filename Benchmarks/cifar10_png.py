"""Writes CIFAR-10's training pictures as PNG files, a folder for each class, by Pillow.

    python3 Benchmarks/cifar10_png.py FOLDER [COUNT]
"""

import os
import pathlib
import sys

import numpy as np
from PIL import Image

CLASSES = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]

if len(sys.argv) not in (2, 3):
    sys.exit(__doc__)
target = pathlib.Path(sys.argv[1])
left = int(sys.argv[2]) if len(sys.argv) == 3 else 50_000
home = pathlib.Path(os.environ.get("KERAS_HOME", pathlib.Path.home() / ".keras"))
number = 0
for part in range(1, 6):
    file = home / "datasets" / "cifar-10-batches-bin" / f"data_batch_{part}.bin"
    # A record is a class, then three planes of 32 x 32.
    for record in np.fromfile(file, np.uint8).reshape(-1, 3073)[:max(left - number, 0)]:
        folder = target / CLASSES[record[0]]
        folder.mkdir(parents=True, exist_ok=True)
        picture = record[1:].reshape(3, 32, 32).transpose(1, 2, 0)
        Image.fromarray(np.ascontiguousarray(picture)).save(folder / f"{number:05}.png")
        number += 1
print(f"{number} pictures are in {target}")
