"""Runs a document's blocks of shell: python doc_curl.py DOCUMENT STRATA; see scripts/doc-curl.

Ports are free ones instead of the document's, and `strata serve` goes to the background.
"""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

# What stands in for the reader's: training would take too long here.
FILES = {
    "models/clothes/1/model.keras": "Tests/Fixtures/golden/models/lenet_sgd.keras",
    "picture.png": "docs/pictures/filters.png",
}
PORTS = ("8000", "8001")
READY_SECONDS = 60


def blocks(document):
    """The line, the language and the text of each block."""
    found, start = [], None
    for number, line in enumerate(document.splitlines(), 1):
        if not line.startswith("```"):
            continue
        if start is None:
            start, language = number, line[3:].strip()
        else:
            text = "\n".join(document.splitlines()[start:number - 1])
            found.append((start, language, text))
            start = None
    return found


def fits(shown, printed):
    """Whether a text is the one that is shown, spaces aside."""
    parts = ["".join(part.split()) for part in shown.split("…")]
    return re.fullmatch(".*?".join(map(re.escape, parts)), "".join(printed.split()), re.DOTALL)


def free_ports():
    """As many as the document has."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in PORTS]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def shell(text, folder, environment):
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text], cwd=folder, env=environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        timeout=120)


def wait(server, port):
    for _ in range(READY_SECONDS * 20):
        if server.poll() is not None:
            sys.exit("the server ended before it was ready")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/v2/health/ready", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    sys.exit("the server does not become ready")


class Reader:
    """Does what the document says."""

    def __init__(self, folder, strata):
        self.folder, self.server, self.failed, self.ran = folder, None, False, 0
        self.log = folder / "log"
        self.ports = free_ports()
        (folder / "bin").mkdir()
        (folder / "bin" / "strata").symlink_to(strata)
        for name, source in FILES.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, folder / name)
        self.environment = os.environ | {"PATH": f"{folder}/bin:{os.environ['PATH']}"}

    def with_ports(self, text):
        for written, port in zip(PORTS, self.ports):
            text = re.sub(rf"\b{written}\b", str(port), text)
        return text

    def read(self, document):
        found = blocks(document)
        for (line, language, text), (_, following, shown) in zip(found, found[1:] + [(0, "", "")]):
            if language != "sh" or not re.search(r"\bcurl\b|^strata serve ", text, re.MULTILINE):
                continue
            shown = self.with_ports(shown) if following in ("json", "text") else None
            printed = self.run(self.with_ports(text))
            self.ran += 1
            if printed is None:
                continue
            if shown is not None and not fits(shown, printed):
                print(f"docs/serving.md:{line} prints\n{printed}\ninstead of\n{shown}", file=sys.stderr)
                self.failed = True

    def run(self, text):
        lines = text.splitlines()
        serving = next((line for line in lines if line.startswith("strata serve ")), None)
        result = shell("\n".join(line for line in lines if line != serving), self.folder,
                       self.environment)
        if result.returncode != 0:
            print(f"{text}\nfails with {result.returncode}: {result.stdout}", file=sys.stderr)
            self.failed = True
            if serving is not None:
                sys.exit("there is no server")
            return None
        if serving is None:
            return result.stdout
        with open(self.log, "w") as log, open(self.folder / "errors", "w") as errors:
            self.server = subprocess.Popen(
                [*serving.split(), "--port", str(self.ports[0])], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=errors)
        wait(self.server, self.ports[0])
        return self.log.read_text()

    def end(self):
        """Stops the server, which must end as the document says."""
        if self.server is None:
            sys.exit("the document starts no server")
        if self.server.poll() is None:
            self.server.send_signal(signal.SIGTERM)
            try:
                self.server.wait(timeout=40)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
        if self.server.returncode != 0:
            print(f"the server ends with {self.server.returncode}", file=sys.stderr)
            print((self.folder / "errors").read_text(), file=sys.stderr)
            self.failed = True


def main():
    document, strata = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        reader = Reader(pathlib.Path(folder), strata)
        try:
            reader.read(pathlib.Path(document).read_text())
        finally:
            reader.end()
    print(f"{reader.ran} blocks of docs/serving.md run")
    sys.exit(reader.failed)


main()
