"""A handler of TorchServe that runs the ONNX file of the benchmark."""

import json
import os

from digits_session import Session

session = None


def handle(data, context):
    global session
    if session is None:
        session = Session(os.environ["BENCH_MODEL"])
    if data is None:
        return None
    bodies = [row.get("body") or row.get("data") for row in data]
    items = [json.loads(body) if isinstance(body, (bytes, bytearray, str)) else body for body in bodies]
    return session.best([item["pixels"] for item in items])
