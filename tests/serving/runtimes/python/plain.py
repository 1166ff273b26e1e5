"""A handler of plain functions, with the standard library alone."""

import array
import datetime
import decimal
import os
import sys
import time

from cortado import BadInput

started = 0


def initialize(context):
    return {"factor": context.parameters.get("factor", 2), "pid": os.getpid(), "context": context}


def inference(items, state, context):
    return [answer(item, state, context, len(items)) for item in items]


def answer(item, state, context, together):
    what = item.get("do")
    if what == "throw":
        return 1 // 0
    if what == "refuse":
        raise BadInput("input.n is %s, and must be even" % item["n"])
    if what == "die":
        os._exit(3)
    if what == "exit":
        sys.exit(4)
    if what == "spin":
        while True:
            pass
    if what == "sleep":
        time.sleep(item["seconds"])
    if what == "set":
        return {"deep": [{1, 2}]}
    if what == "print":
        print("to stdout")
        print("to stderr", file=sys.stderr)
        os.write(1, b"\x00\x00\x00\xff raw bytes\n")
    if what == "grow":
        state["held"] = bytearray(item["bytes"])
        time.sleep(5)
    if what == "kinds":
        return {name: type(value).__name__ for name, value in item.items()}
    if what == "echo":
        return item["value"]
    if what == "values":
        return {
            "nan": [float("nan"), float("inf"), -float("inf")],
            "long": 2**70,
            "bytes": b"\x00\x01\xff",
            "decimal": decimal.Decimal("4.50"),
            "day": datetime.date(2026, 11, 23),
            "moment": datetime.datetime(2026, 11, 23, 10, 0, tzinfo=datetime.timezone.utc),
            "array": array.array("d", [0.5, 1.5]),
            "tuple": (1, (2,)),
            "keys": {1: "one"},
        }
    if what == "facts":
        return {"pid": state["pid"], "model": context.model, "version": context.version, "together": together}
    return {"twice": item["n"] * state["factor"]}
