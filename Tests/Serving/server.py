"""`strata serve` as a process, for tests."""

import contextlib
import itertools
import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

STRATA = os.environ.get("STRATA", ".build/debug/strata")


class Server:
    """A running server; `log` is what it has written so far."""

    def __init__(self, *arguments, start_limit=60):
        command = [STRATA, "serve", "--port", "0", *map(str, arguments)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.log = ""
        self._ready = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()
        self._ready.wait(start_limit)
        found = re.search(r"Serving at (https?)://[^:]+:(\d+)(?:, gRPC at [^:]+:(\d+))?", self.log)
        # Its output ends a moment before the process does.
        if not found:
            self.process.kill()
            raise RuntimeError(f"{command} did not start:\n{self.log}")
        self.scheme, self.port = found[1], int(found[2])
        self.grpc_port = found[3] and int(found[3])
        self.address = f"127.0.0.1:{self.port}"
        self.url = f"{self.scheme}://{self.address}"
        self.grpc_address = f"127.0.0.1:{self.grpc_port}"

    def _read(self):
        for line in self.process.stdout:
            self.log += line
            if "Serving at" in line:
                self._ready.set()
        self._ready.set()

    @property
    def memory(self):
        """Resident bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024

    @property
    def arenas(self):
        """Glibc's arenas beyond the first: aligned parts of 64 MiB of the address space."""
        size, maps = 64 << 20, Path(f"/proc/{self.process.pid}/maps").read_text()
        parts = [
            (int(begin, 16), int(end, 16), rights)
            for begin, end, rights in re.findall(r"^(\w+)-(\w+) (\S+) 0+ 00:00 0 *$", maps, re.M)
        ]
        return sum(
            first[0] % size == 0 and second[1] - first[0] == size and first[1] == second[0]
            for first, second in itertools.pairwise(parts)
            if first[2] == "rw-p" and second[2] == "---p"
        )

    def terminate(self):
        """Sends SIGTERM, without waiting for the end."""
        self.process.send_signal(signal.SIGTERM)

    def wait(self, limit=40):
        """Waits for the end; the exit code."""
        return self.process.wait(limit)

    def stop(self):
        """Ends the process, whatever its state."""
        if self.process.poll() is None:
            self.terminate()
            try:
                self.wait()
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise
        return self.process.returncode


@contextlib.contextmanager
def serving(*arguments, ends=False):
    """A server while the block runs; it must end without an error, and not by itself.

    Parameters
    ----------
    ends : whether the block ends the server.
    """
    server = Server(*arguments)
    try:
        yield server
        assert ends or server.process.poll() is None, f"the server has ended:\n{server.log}"
    finally:
        code = server.stop()
    assert code == 0, f"exit code {code}:\n{server.log}"


def until(condition, limit=20):
    """Waits for something that happens soon."""
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
