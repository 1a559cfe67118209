"""Malformed requests, each from a seed and a number."""

import base64
import copy
import dataclasses
import functools
import io
import itertools
import json
import random
import re
import struct

import numpy as np
from PIL import Image
from tritonclient.grpc import service_pb2


@dataclasses.dataclass
class Case:
    """What is sent over one connection, and for how many answers it waits how long."""

    protocol: str
    pieces: list
    requests: int
    # "wait", "half": no more is sent, "reset": the connection is cut off.
    ending: str = "wait"
    patience: float = 1.0

    @property
    def is_http(self):
        """Whether the answers have status codes."""
        return self.protocol == "http"


HEAD = re.compile(rb"HTTP/1\.[01] (\d{3})")
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def take_answers(received, statuses):
    """Takes whole answers from the start of what was received, and notes their codes."""
    while (end := received.find(b"\r\n\r\n")) >= 0:
        head = received[: end + 2]
        found = HEAD.match(head)
        if not found:
            # An answer to HEAD says how long a body would be that it has not.
            return b""
        length = LENGTH.search(head)
        if length:
            rest = end + 4 + int(length[1])
            if len(received) < rest:
                return received
        elif b"chunked" in head.lower():
            last = received.find(b"0\r\n\r\n", end)
            if last < 0:
                return received
            rest = last + 5
        else:
            rest = end + 4
        if found[1] != b"100":
            statuses.append(int(found[1]))
        received = received[rest:]
    return received


@functools.cache
def bodies():
    """Paths, types and bodies of good requests."""
    rows = [[1, 2, 3, 4], [5, 6, 7, 8]]
    tensor = {"name": "x", "shape": [2, 4], "datatype": "FP32", "data": rows}
    binary = {**tensor, "parameters": {"binary_data_size": 32}}
    del binary["data"]
    outputs = [{"name": "y", "parameters": {"binary_data": True}}]
    head = json.dumps({"id": "1", "inputs": [binary], "outputs": outputs}).encode()
    pictures = []
    for kind in ("PNG", "JPEG"):
        file = io.BytesIO()
        noise = np.random.default_rng(1).integers(0, 255, (20, 30, 3), np.uint8)
        Image.fromarray(noise).save(file, kind)
        pictures.append(file.getvalue())
    texts = [base64.b64encode(picture).decode() for picture in pictures]
    both = {
        name: {"name": name, "shape": [1, 2, 3], "datatype": "FP64", "data": [1.5] * 6}
        for name in "ab"
    }
    multipart = b"".join(
        b'--edge\r\nContent-Disposition: form-data; name="f"; filename="a.png"\r\n\r\n%s\r\n' % one
        for one in pictures
    )
    of_json = "application/json"
    v2, v1 = "/v2/models/", "/v1/models/"
    return [
        (v2 + "linear/infer", of_json, json.dumps({"inputs": [tensor]}).encode(), {}),
        (v2 + "pair/infer", of_json, json.dumps({"inputs": list(both.values())}).encode(), {}),
        (
            v2 + "linear/infer",
            "application/octet-stream",
            head + np.arange(8, dtype=np.float32).tobytes(),
            {"Inference-Header-Content-Length": str(len(head))},
        ),
        (
            v2 + "colours/infer",
            of_json,
            json.dumps(
                {
                    "inputs": [
                        {"name": "picture", "shape": [2], "datatype": "BYTES", "data": texts}
                    ],
                    "outputs": [{"name": "colour", "parameters": {"classification": 2}}],
                }
            ).encode(),
            {},
        ),
        (v1 + "linear:predict", of_json, json.dumps({"instances": rows}).encode(), {}),
        (v1 + "linear:predict", of_json, json.dumps({"inputs": {"x": rows}}).encode(), {}),
        (
            v1 + "colours:predict",
            of_json,
            json.dumps({"instances": [{"b64": text} for text in texts]}).encode(),
            {},
        ),
        (v2 + "colours/classify", "image/png", pictures[0], {}),
        (v2 + "colours/classify?top=2", "image/jpeg", pictures[1], {}),
        (
            v2 + "colours/classify",
            "multipart/form-data; boundary=edge",
            multipart + b"--edge--\r\n",
            {},
        ),
        ("/v2/repository/index", of_json, b'{"ready": true}', {}),
        ("/v2/repository/models/linear/load", of_json, b"{}", {}),
    ]


GETS = [
    "/",
    "/v2",
    "/v2/health/live",
    "/v2/health/ready",
    "/v2/models/linear",
    "/v2/models/linear/versions/1",
    "/v2/models/linear/ready",
    "/v1/models/linear",
    "/v1/models/linear/metadata",
    "/metrics",
    "/openapi.json",
    "/nowhere",
]

STRANGE_VALUES = [
    None, True, -1, 0, 1e308, -1e-320, 2**31, 2**63, 2**64, 10**40, "", "x", "\u0000", "\ud7ff",
    "y" * 5000, [], {}, [[]], [[], [1]], [None], {"": {}}, {"b64": "!"}, "FP64", "BYTES", "INT8",
    "BF16", "BOOL", "UINT64", [-1, 4], [2**62, 4], [0, 4], [2**31, 2**31], [1] * 100,
]  # fmt: skip

STRANGE_TEXTS = [
    b"1e999", b"-", b"NaN", b"Infinity", b"00", b"1.", b".5", b"0x1", b"1e", b"\xff\xfe", b"\x00",
    b'"\\ud800"', b'"\\u12"', b"[" * 500, b"]" * 50, b"{" * 500, b'{"a":' * 200, b"//", b"'",
    b"1" * 3000, b"-0", b"tru", b'"', b"\\", b",", b":", b"\xef\xbb\xbf", b"\xc0\x80", b"\r\n",
    b"%00", b"%zz", b"..", b"/../../etc/passwd",
]  # fmt: skip


def changed_json(rng, body):
    """A body whose JSON has another value somewhere."""
    try:
        value = json.loads(body)
    except ValueError:
        return body

    def strange():
        return copy.deepcopy(rng.choice(STRANGE_VALUES))

    for _ in range(rng.choice((1, 1, 2, 4))):
        holder, key, node = None, None, value
        while isinstance(node, (list, dict)) and node and rng.random() < 0.85:
            key = rng.choice(list(node) if isinstance(node, dict) else range(len(node)))
            holder, node = node, node[key]
        if holder is None:
            return json.dumps(strange()).encode()
        action = rng.randrange(4)
        if action == 0:
            del holder[key]
        elif action == 1 and isinstance(holder, list):
            holder.insert(key, strange())
        elif action == 2 and isinstance(holder, dict):
            holder[rng.choice(("", "x", "parameters", "data", "extra"))] = holder.pop(key)
        else:
            holder[key] = strange()
    return json.dumps(value, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def changed_bytes(rng, body):
    """A body with other bytes."""
    body = bytearray(body)
    for _ in range(rng.choice((1, 1, 2, 3, 8, 30))):
        position = rng.randrange(len(body) + 1)
        action = rng.randrange(7)
        if action == 0 and body:
            body[position % len(body)] ^= 1 << rng.randrange(8)
        elif action == 1:
            body[position:position] = rng.randbytes(rng.choice((1, 2, 7, 100)))
        elif action == 2:
            del body[position : position + rng.choice((1, 2, 4, 100, len(body) // 2 + 1))]
        elif action == 3:
            body[position:position] = rng.choice(STRANGE_TEXTS)
        elif action == 4:
            end = position + rng.randrange(50)
            body[position:position] = body[position:end] * rng.choice((1, 2, 20))
        elif action == 5:
            other = rng.choice(bodies())[2]
            start = rng.randrange(len(other) + 1)
            body[position:] = other[start:]
        else:
            body[position : position + 4] = rng.choice(
                (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\x80")
            )
    return bytes(body[: 1 << 20])


def chunked(rng, body):
    """A body in chunks, whose form is sometimes wrong."""
    chunks = bytearray()
    while body:
        size = rng.choice((1, 3, 17, 500, 5000))
        piece, body = body[:size], body[size:]
        length = b"%x" % len(piece)
        if rng.random() < 0.05:
            length = rng.choice(
                (b"", b"-1", b"zz", b"ffffffffffffffff", b"7fffffffffffffff", b"1" * 100, b"0")
            )
        if rng.random() < 0.1:
            length += rng.choice((b";a=b", b" ", b";" + b"x" * 20_000))
        chunks += length + rng.choice((b"\r\n",) * 30 + (b"\n", b"\r", b"")) + piece + b"\r\n"
    end = rng.choice((b"0\r\n\r\n",) * 20 + (b"", b"0\r\n", b"0\r\nX: y\r\n\r\n", b"00\r\n\r\n"))
    return bytes(chunks) + end


def strange_headers(rng):
    """Lines among the headers."""
    return rng.choice(
        (
            b"X-Long: " + b"y" * rng.choice((100, 5000, 20_000, 200_000)),
            b"\r\n".join(b"X-%d: y" % n for n in range(rng.choice((50, 500, 5000)))),
            b"No-Colon",
            b": empty name",
            b"Bad Name: y",
            b"Bad\x00: y",
            b"Null: \x00",
            b"Folded: a\r\n b",
            b"Host: evil.example",
            b"Host: 127.0.0.1\r\nHost: localhost",
            b"Expect: 100-continue",
            b"Expect: 200-maybe",
            b"Connection: close",
            b"Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a",
            b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk",
            b"Transfer-Encoding: gzip",
            b"Transfer-Encoding: chunked, chunked",
            b"Content-Encoding: gzip",
            b"Content-Type: " + rng.choice((b"", b"a/b", b"multipart/form-data", b"\xff")),
            b"Content-Type: multipart/form-data; boundary=" + rng.choice((b"", b"e" * 90, b'"')),
            b"Inference-Header-Content-Length: "
            + rng.choice((b"-1", b"0", b"1", b"99999", b"9" * 30, b"x", b"")),
            b"Content-Length: " + rng.choice((b"0", b"-1", b"5", b"9" * 30, b"0x10", b"1, 1", b"")),
            b"X-Request-Id: " + rng.choice((b"", b"y" * 3000, b"\xff\xfe", b"a b")),
            b"Origin: http://evil.example",
            b"Authorization: Bearer " + b"x" * 5000,
            b"Range: bytes=0-,5-1",
            b'If-None-Match: "' + b"a" * 3000,
            b"Accept-Encoding: gzip;q=zz",
            b"Cookie: " + b"a=b;" * 1000,
        )
    )


def path(rng, target):
    """A path, sometimes changed."""
    if rng.random() < 0.8:
        return target
    return rng.choice(
        (
            target.replace(
                b"linear", rng.choice((b"", b"%2e%2e", b"%ff", b"a" * 3000, b"%", b"nix"))
            ),
            target
            + rng.choice((b"/", b"?", b"?top=-1", b"?top=99999999999999999999", b"#x", b"%00")),
            b"/" + rng.randbytes(20).replace(b"\n", b"").replace(b"\r", b""),
            b"http://127.0.0.1" + target,
            b"*",
            b"",
            b"//" + target,
            b"/" + b"../" * 30 + b"etc/passwd",
            b"/" + b"a/" * 5000,
            target.replace(b"/", b"\\"),
            target + b"/versions/" + rng.choice((b"1", b"-1", b"99999999999999999999", b"x")),
        )
    )


def request(rng):
    """The bytes of one request over HTTP, and whether it asks for an answer by itself."""
    headers = []
    if rng.random() < 0.2:
        method, target, body, extra = b"GET", rng.choice(GETS).encode(), b"", {}
    else:
        target, kind, body, extra = rng.choice(bodies())
        method, target = b"POST", target.encode()
        headers.append(b"Content-Type: " + kind.encode())
        choice = rng.random()
        if choice < 0.4:
            body = changed_json(rng, body)
        elif choice < 0.85:
            body = changed_bytes(rng, body)
    headers += [f"{name}: {value}".encode() for name, value in extra.items()]
    if rng.random() < 0.05:
        method = rng.choice(
            (
                b"PUT",
                b"DELETE",
                b"HEAD",
                b"OPTIONS",
                b"PATCH",
                b"TRACE",
                b"CONNECT",
                b"get",
                b"X" * 50,
            )
        )
    version = rng.choice(
        (b"HTTP/1.1",) * 40 + (b"HTTP/1.0", b"HTTP/2.0", b"HTTP/9.9", b"", b"HTCPCP")
    )
    if rng.random() < 0.97:
        headers.append(b"Host: 127.0.0.1")
    if body or method == b"POST":
        framing = rng.random()
        if framing < 0.7:
            headers.append(b"Content-Length: %d" % len(body))
        elif framing < 0.9:
            headers.append(b"Transfer-Encoding: chunked")
            body = chunked(rng, body)
        elif framing < 0.97:
            wrong = rng.choice((len(body) + 1, max(0, len(body) - 3), 0, 1 << 40, len(body) * 2))
            headers.append(b"Content-Length: %d" % wrong)
        else:
            headers += [b"Content-Length: %d" % len(body), b"Transfer-Encoding: chunked"]
    if rng.random() < 0.15:
        headers.append(strange_headers(rng))
    rng.shuffle(headers)
    line = b" ".join((method, path(rng, target), version))
    end = b"\n" if rng.random() < 0.01 else b"\r\n"
    return end.join([line, *headers]) + end + end + body


def http_case(rng):
    """Requests over HTTP, one after the other without waiting."""
    count = rng.choice((1, 1, 2, 4, 8))
    data = b"".join(request(rng) for _ in range(count))
    ending, pieces = rng.choice(("wait",) * 12 + ("half", "reset")), [data]
    if rng.random() < 0.02:
        data = changed_bytes(rng, data)
    if rng.random() < 0.05:
        data = data[: rng.randrange(len(data) + 1)]
    if rng.random() < 0.05 and len(data) > 2:
        cuts = sorted(rng.sample(range(1, len(data)), min(len(data) - 1, rng.choice((1, 3, 20)))))
        pieces = [data[a:b] for a, b in itertools.pairwise([0, *cuts, len(data)])]
    else:
        pieces = [data]
    return Case("http", pieces, count, ending, patience=rng.choice((0.05,) * 9 + (0.5,)))


PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def frame(kind, flags, stream, payload):
    """A frame of HTTP/2."""
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def literal(name, value):
    """A header field without compression."""

    def text(of):
        if len(of) < 127:
            return bytes([len(of)]) + of
        rest, octets = len(of) - 127, bytearray([127])
        while rest >= 128:
            octets.append(rest % 128 + 128)
            rest //= 128
        return bytes(octets) + bytes([rest]) + of

    return b"\0" + text(name) + text(value)


@functools.cache
def messages():
    """Good messages, by their methods."""
    raw = service_pb2.ModelInferRequest(model_name="linear", id="1")
    raw.inputs.add(name="x", datatype="FP32", shape=[2, 4])
    raw.raw_input_contents.append(np.arange(8, dtype=np.float32).tobytes())
    typed = service_pb2.ModelInferRequest(model_name="pair", model_version="1")
    typed.parameters["timeout"].int64_param = 1_000_000
    for name in "ab":
        tensor = typed.inputs.add(name=name, datatype="FP64", shape=[1, 2, 3])
        tensor.contents.fp64_contents.extend([1.5] * 6)
    typed.outputs.add(name="sum").parameters["classification"].int64_param = 1
    metadata = service_pb2.ModelMetadataRequest(name="linear", version="1")
    return [
        (b"ModelInfer", raw.SerializeToString()),
        (b"ModelInfer", typed.SerializeToString()),
        (b"ModelMetadata", metadata.SerializeToString()),
        (b"ModelReady", metadata.SerializeToString()),
        (b"RepositoryIndex", b""),
        (
            b"RepositoryModelLoad",
            service_pb2.RepositoryModelLoadRequest(model_name="linear").SerializeToString(),
        ),
        (b"ServerReady", b""),
    ]


def call(rng, stream):
    """The frames of a call over gRPC."""
    method, message = rng.choice(messages())
    if rng.random() < 0.7:
        message = changed_bytes(rng, message)
    fields = [
        (b":method", b"POST"),
        (b":scheme", b"http"),
        (b":path", b"/inference.GRPCInferenceService/" + method),
        (b":authority", b"127.0.0.1"),
        (b"content-type", b"application/grpc"),
        (b"te", b"trailers"),
    ]
    if rng.random() < 0.2:
        fields.append(
            rng.choice(
                (
                    (b"grpc-timeout", rng.choice((b"1n", b"0S", b"99999999H", b"x", b"", b"-1S"))),
                    (b"grpc-encoding", rng.choice((b"gzip", b"deflate", b"identity", b"x"))),
                    (b"authorization", b"x" * 3000),
                    (b"x-bin", b"!not base 64"),
                    (b":path", b"/"),
                    (b"UPPER", b"case"),
                    (b"connection", b"close"),
                    (b"content-length", b"3"),
                    (b"x", b"y" * 30_000),
                )
            )
        )
    if rng.random() < 0.1:
        del fields[rng.randrange(len(fields))]
    if rng.random() < 0.05:
        rng.shuffle(fields)
    if rng.random() < 0.1:
        fields = [
            (n, rng.choice((b"", b"/", b"GET", b"a/b/c")) if n == b":path" else v)
            for n, v in fields
        ]
    block = b"".join(literal(*field) for field in fields)
    flag = rng.choice((0,) * 20 + (1, 2, 255))
    length = rng.choice((len(message),) * 12 + (0, 1, len(message) + 5, (1 << 32) - 1, 1 << 31))
    data = bytes([flag]) + struct.pack(">I", length) + message
    if rng.random() < 0.1:
        data += data
    cut = rng.randrange(len(data)) if rng.random() < 0.2 else len(data)
    frames = [frame(1, 4, stream, block[:16000])]
    frames += [
        frame(
            0,
            0 if start + 16000 < cut or rng.random() < 0.05 else 1,
            stream,
            data[start:cut][:16000],
        )
        for start in range(0, max(cut, 1), 16000)
    ]
    return b"".join(frames)


def strange_frames(rng):
    """Frames that a client does not send, or not so."""
    stream = rng.choice((0, 1, 2, 3, 101, (1 << 31) - 1))
    return rng.choice(
        (
            lambda: frame(4, 0, 0, struct.pack(">HI", rng.randrange(9), rng.randrange(1 << 32))),
            lambda: frame(4, 1, 0, b"x"),
            lambda: frame(4, 0, stream, b"\0" * 5),
            lambda: frame(8, 0, stream, struct.pack(">I", rng.choice((0, 1, (1 << 31) - 1)))) * 3,
            lambda: frame(6, 0, stream, b"\0" * rng.choice((7, 8, 9))) * rng.choice((1, 200)),
            lambda: frame(3, 0, stream, struct.pack(">I", rng.randrange(20))),
            lambda: frame(7, 0, 0, struct.pack(">II", 1, 0) + b"bye"),
            lambda: frame(2, 0, stream, struct.pack(">IB", stream, 1)),
            lambda: frame(5, 4, stream, struct.pack(">I", 2)),
            lambda: frame(9, 0, stream, b"\0" * 100) * rng.choice((1, 50)),
            lambda: frame(1, 0, stream, b"\x82" * 50) + frame(0, 0, stream, b"x"),
            lambda: frame(1, 5, stream, rng.randbytes(60)),
            lambda: frame(1, 5, stream, b"\x3f\xff\xff\xff\xff\x0f"),
            lambda: frame(1, 5, stream, b"\x40" + b"\xff" * 20),
            lambda: frame(0, rng.randrange(256), stream, rng.randbytes(40)),
            lambda: frame(rng.randrange(256), rng.randrange(256), stream, rng.randbytes(30)),
            lambda: b"\xff\xff\xff\x00\x00\x00\x00\x00\x01" + b"x" * 100,
            lambda: rng.randbytes(50),
        )
    )()


def grpc_case(rng):
    """A connection of HTTP/2."""
    count = rng.choice((1, 2, 8, 30))
    parts = [PREFACE, frame(4, 0, 0, b"")]
    parts += [call(rng, 2 * index + 1) for index in range(count)]
    if rng.random() < 0.3:
        for _ in range(rng.choice((1, 3))):
            parts.insert(rng.randrange(len(parts) + 1), strange_frames(rng))
    data = b"".join(parts)
    if rng.random() < 0.1:
        data = changed_bytes(rng, data)
    if rng.random() < 0.05:
        data = rng.randbytes(rng.randrange(1, 500))
    ending = rng.choice(("wait",) * 6 + ("half", "reset"))
    return Case("grpc", [data], count, ending, patience=rng.choice((0.02,) * 9 + (0.3,)))


def case(seed, number, with_grpc=True):
    """The case of a number."""
    rng = random.Random(f"{seed} {number}")
    return grpc_case(rng) if rng.random() < 0.2 and with_grpc else http_case(rng)
