"""Runs the program that scripts/fuzz-calls has built, again after each call that ends it.

usage: run_calls.py FOLDER DOCUMENT CALLS WORD
"""

import os
import pathlib
import re
import resource
import subprocess
import sys
import threading
import time

import preconditions

# The processor's time that one call may take, which a busy machine does not change, and the time in all.
SECONDS, WAITING = 20, 120
MEMORY = 6 << 30


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 28, 1 << 28))


def main():
    folder, document, calls, word = sys.argv[1:]
    allowed = preconditions.listed(document)
    progress = os.path.join(folder, "progress")
    # Calls read, write and remove files here, and in the folder around it.
    place = os.path.join(folder, "around", "place")
    os.makedirs(place, exist_ok=True)
    entry, seed, failures, expected = int(os.environ.get("START", "0")), 0, {}, {}
    summary = {}
    while True:
        pathlib.Path(progress).write_text("")
        process = subprocess.Popen(
            [os.path.join(folder, "call"), str(entry), str(seed), calls, progress, word],
            cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=limit,
            env={**os.environ, "SWIFT_BACKTRACE": "enable=no", "OMP_NUM_THREADS": "1", "HOME": place})
        lines, errors, slow = watch(process, progress)
        for line in lines:
            made, thrown, name = line.split(" ", 2)
            before = summary.get(name, (0, 0))
            summary[name] = (before[0] + int(made), before[1] + int(thrown))
        last = pathlib.Path(progress).read_text().splitlines()[0] if pathlib.Path(progress).read_text() else ""
        if last.startswith("done"):
            break
        if not last:
            sys.exit(f"the program does not start: {errors[-2000:]}")
        number, at, name = last.split(" ", 2)
        entry, seed = int(number), int(at) + 1
        message = "no result in time" if slow else reason(errors, process.returncode)
        title = name.split(": ")[-1].split(",")[0]
        bare = title.split(".", 1)[1]
        if bare in allowed and "Tensor+Requirements" in message:
            expected[bare] = expected.get(bare, 0) + 1
            continue
        failures.setdefault(name, []).append((int(at), message))
        print(f"{name}, call {at}: {message}", flush=True)
        if len(failures[name]) >= 3:
            entry, seed = entry + 1, 0
    total = sum(made for made, _ in summary.values())
    thrown = sum(count for _, count in summary.values())
    print(f"{len(summary)} entries ended with {total} calls, {thrown} of them with an error; "
          f"preconditions ended {sum(expected.values())} calls of {len(expected)} entries")
    if failures:
        print(f"{len(failures)} entries failed")
    for name in sorted(name for name, (made, thrown) in summary.items() if made == thrown and made > 5):
        print(f"always an error: {name}", file=sys.stderr)
    sys.exit(1 if failures else 0)


def watch(process, progress):
    """The output of a run, which is ended where one call takes too long."""
    output = {}
    readers = [
        threading.Thread(target=lambda name=name, stream=stream: output.update({name: stream.read()}))
        for name, stream in (("out", process.stdout), ("err", process.stderr))]
    for reader in readers:
        reader.start()
    slow, before, used, begin = False, None, 0, 0
    while True:
        try:
            process.wait(1)
            break
        except subprocess.TimeoutExpired:
            now = pathlib.Path(progress).read_text()
            if now != before:
                before, used, begin = now, processor_time(process), time.monotonic()
            elif processor_time(process) - used > SECONDS or time.monotonic() - begin > WAITING:
                process.kill()
                slow = True
    for reader in readers:
        reader.join()
    lines = [line for line in output["out"].decode(errors="replace").splitlines()
             if re.match(r"\d+ \d+ \S", line)]
    return lines, output["err"].decode(errors="replace"), slow


def processor_time(process):
    """The seconds that the processors have worked for a process."""
    try:
        fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def reason(errors, status):
    lines = [line for line in errors.splitlines() if "atal error" in line]
    return (lines[-1] if lines else errors.strip()[-200:] or f"status {status}").strip()


main()
