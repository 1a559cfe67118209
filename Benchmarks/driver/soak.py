"""A server at saturation for a long time, while its model is replaced every second."""

import os
import pathlib
import shutil
import statistics
import time
import urllib.error

import load
import servers

# Before that part of the time, caches and pools still fill.
WARM = 0.1


def resident(process):
    """Bytes in memory."""
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("the server has ended")


def replace(file, source):
    """Puts a copy in the place of a file that is being served, in one step."""
    new = file.with_suffix(".new")
    shutil.copyfile(source, new)
    os.replace(new, file)


def soak(options, folder, model):
    """Prints requests, failures, reloads and memory."""
    file = folder / "repository" / model / "1" / f"{model}.keras"
    file.parent.mkdir(parents=True)
    source = folder / f"{model}.keras"
    replace(file, source)
    server = servers.Strata(
        options.strata, folder / "repository", model, ["--model-control", "--poll", "0"])
    again = servers.Request(f"/v2/repository/models/{model}/load", {}, b"{}")
    sizes, reloads, refused = [], 0, 0
    process = None
    try:
        server.start()
        request = server.request("tensor", folder)
        begin = time.monotonic()
        process = load.start(server.port, request, options.soak_connections, options.soak)
        while process.poll() is None:
            time.sleep(max(0, reloads + 1 - (time.monotonic() - begin)))
            replace(file, source)
            try:
                again.send(server.port)
            except (urllib.error.URLError, OSError) as error:
                print(f"reload {reloads}: {error}")
                refused += 1
            reloads += 1
            sizes.append(resident(server.process))
        result = load.result(process)
    finally:
        if process:
            process.kill()
        server.stop()
    sizes = sizes[int(len(sizes) * WARM):]
    part = max(1, len(sizes) // 5)
    early, late = statistics.median(sizes[:part]), statistics.median(sizes[-part:])
    print(
        f"\nSaturation for {result.seconds:.0f} s, {options.soak_connections} connections, "
        f"{model}, tensors: {result.requests:,} requests, {result.rate:,.0f} a second, p99 "
        f"{result.p99:.2f} ms; {result.failed} failed, {result.broken} broken connections, "
        f"{result.late} later than 2 s. {reloads} reloads, one a second, {refused} of them "
        f"refused. Resident memory, after the first {WARM:.0%} of the time: median of the first "
        f"fifth {early / 1e6:.1f} MB, of the last fifth {late / 1e6:.1f} MB "
        f"({late / early - 1:+.1%}), at least {min(sizes) / 1e6:.1f}, at most "
        f"{max(sizes) / 1e6:.1f}.")
