"""Does what it is told, most of it bad."""

import ctypes
import os
import time


def inference(items):
    return [act(item["act"], item.get("x", 0)) for item in items]


def act(what, x):
    if what == "exit":
        os._exit(3)
    if what == "crash":
        ctypes.string_at(0)
    if what == "abort":
        os.abort()
    if what == "hang":
        time.sleep(3600)
    if what == "spin":
        while True:
            pass
    if what == "throw":
        raise RuntimeError("it will not")
    if what == "grow":
        held = [bytearray(b"x" * 2**24) for _ in range(200)]
        time.sleep(len(held))
    return x + 1
