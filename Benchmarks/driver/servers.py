"""The servers that Benchmarks/serve.py measures: how each is started, asked and stopped."""

import base64
import json
import os
import pathlib
import signal
import socket
import struct
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

PEERS = pathlib.Path(__file__).resolve().parent.parent / "peers"
STRATA, ONNX, KERAS, MLSERVER = "Strata", "onnxruntime + FastAPI", "Keras + FastAPI", "MLServer"
# What Strata's throughput is to be, as a multiple of each peer's.
WANTED = {ONNX: 3, KERAS: 5, MLSERVER: 3}
READY_SECONDS = 90
# Of the JSON before binary tensors.
LENGTH = "Inference-Header-Content-Length"


@dataclass
class Request:
    path: str
    headers: dict
    body: bytes

    def send(self, port):
        """The answer's body and headers; raises an HTTPError for a status of 400 or more."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}{self.path}", self.body, self.headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read(), answer.headers


def floats(data):
    return struct.unpack(f"<{len(data) // 4}f", data)


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Server:
    """A server with one model, in a process group of its own."""

    peer = ""
    ready_path = "/ready"

    def __init__(self, variant, model):
        self.variant = variant
        self.model = model
        self.port = free_port()
        self.process = None
        self.log = tempfile.TemporaryFile("w+")

    @property
    def name(self):
        return f"{self.peer}, {self.variant}" if self.variant else self.peer

    def command(self):
        raise NotImplementedError

    def environment(self):
        return {}

    def start(self):
        """Starts it; returns the seconds until it is ready."""
        begin = time.perf_counter()
        self.process = subprocess.Popen(
            self.command(), stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            env=os.environ | self.environment(), start_new_session=True)
        while not self.is_ready():
            if self.process.poll() is not None or time.perf_counter() - begin > READY_SECONDS:
                self.log.seek(0)
                last = self.log.read().strip().splitlines()[-3:]
                self.stop()
                raise RuntimeError(f"{self.name} does not start: {' / '.join(last)}")
            time.sleep(0.001)
        return time.perf_counter() - begin

    def is_ready(self):
        try:
            address = f"http://127.0.0.1:{self.port}{self.ready_path}"
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self):
        """Asks it to end, and ends what is left of its group."""
        if self.process is None:
            return
        for wanted in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, wanted)
            except ProcessLookupError:
                break
            try:
                self.process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                continue
        self.process.wait()
        self.process = None

    def memory(self):
        """Bytes in memory of all its processes; pages that they share count once."""
        total = 0
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                group = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[2])
                if group == self.process.pid:
                    lines = (entry / "smaps_rollup").read_text().splitlines()
                    total += sum(int(li.split()[1]) for li in lines if li.startswith("Pss:"))
            except OSError:
                continue  # it ended meanwhile
        return total * 1024

    def request(self, kind, folder):
        """A request with one picture; the kind is tensor, jpeg or photo."""
        if kind == "tensor":
            return Request(
                "/tensor", {"Content-Type": "application/octet-stream"},
                (folder / f"{self.model}.f32").read_bytes())
        name = "photo" if kind == "photo" else self.model
        return Request(
            "/picture", {"Content-Type": "image/jpeg"}, (folder / f"{name}.jpg").read_bytes())

    def probabilities(self, folder):
        """Those of the tensor's picture."""
        return floats(self.request("tensor", folder).send(self.port)[0])


class Strata(Server):
    peer = STRATA
    ready_path = "/v2/health/ready"

    def __init__(self, program, source, model, arguments=()):
        super().__init__("", model)
        self.program, self.source, self.arguments = program, source, arguments

    def command(self):
        return [self.program, "serve", self.source, "--port", str(self.port), *self.arguments]

    def request(self, kind, folder):
        if kind != "tensor":
            picture = super().request(kind, folder)
            picture.path = f"/v2/models/{self.model}/classify?top=5"
            return picture
        return self.tensors((folder / f"{self.model}.f32").read_bytes())

    def tensors(self, body, count=1):
        """A request with pictures in raw float32."""
        path = f"/v2/models/{self.model}"
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            image = json.load(answer)["inputs"][0]
        header = json.dumps({
            "inputs": [{
                "name": image["name"], "datatype": "FP32", "shape": [count, *image["shape"][1:]],
                "parameters": {"binary_data_size": len(body)}}],
            "parameters": {"binary_data_output": True}}).encode()
        return Request(f"{path}/infer", {
            "Content-Type": "application/octet-stream",
            LENGTH: str(len(header))}, header + body)

    def outputs(self, request):
        """The numbers behind the answer's JSON."""
        answer, headers = request.send(self.port)
        return floats(answer[int(headers[LENGTH]):])

    def probabilities(self, folder):
        return self.outputs(self.request("tensor", folder))


class FastAPI(Server):
    """uvicorn with uvloop and httptools."""

    def __init__(self, python, runtime, workers, threads, folder, model):
        self.peer = KERAS if runtime == "keras" else ONNX
        variant = f"{workers} worker" + "s" * (workers > 1)
        if runtime == "onnxruntime":
            variant += ", 1 thread" if threads == 1 else ", default threads"
        super().__init__(variant, model)
        self.python, self.workers = python, workers
        self.settings = {
            "SERVING_RUNTIME": runtime, "SERVING_MODEL": str(folder / model),
            "SERVING_THREADS": str(threads), "TF_CPP_MIN_LOG_LEVEL": "2"}

    def command(self):
        return [
            self.python, "-m", "uvicorn", "fastapi_peer:app", "--app-dir", PEERS,
            "--port", str(self.port), "--workers", str(self.workers), "--loop", "uvloop",
            "--http", "httptools", "--no-access-log", "--log-level", "warning"]

    def environment(self):
        return self.settings


class MLServer(Server):
    """REST, its own process (0 workers) or parallel workers; without its access log."""

    peer = MLSERVER

    def __init__(self, python, workers, threads, folder, model):
        variant = f"{workers} workers" if workers else "no workers"
        variant += ", 1 thread" if threads == 1 else ", default threads"
        super().__init__(variant, model)
        self.program = pathlib.Path(python).parent / "mlserver"
        self.ready_path = f"/v2/models/{model}/ready"
        self.place = folder / f"mlserver-{workers}-{threads}" / model
        self.place.mkdir(parents=True)
        (self.place / "settings.json").write_text(json.dumps({
            "debug": False, "host": "127.0.0.1", "http_port": self.port,
            "grpc_port": free_port(), "metrics_port": free_port(), "parallel_workers": workers,
            "metrics_dir": str(self.place)}))
        (self.place / "model-settings.json").write_text(json.dumps(
            {"name": model, "implementation": "mlserver_peer.Runtime"}))
        self.settings = {
            "SERVING_MODEL": str(folder / model), "SERVING_THREADS": str(threads),
            "PYTHONPATH": str(PEERS)}

    def command(self):
        return [self.program, "start", self.place]

    def environment(self):
        return self.settings

    def request(self, kind, folder):
        bare = super().request(kind, folder)
        data = base64.b64encode(bare.body).decode()
        body = json.dumps({"inputs": [{
            "name": bare.path[1:], "shape": [1], "datatype": "BYTES", "data": [data],
            "parameters": {"content_type": "base64"}}]})
        return Request(
            f"/v2/models/{self.model}/infer", {"Content-Type": "application/json"},
            body.encode())

    def probabilities(self, folder):
        answer = json.loads(self.request("tensor", folder).send(self.port)[0])
        return answer["outputs"][0]["data"]
