"""Answers piece by piece, and writes down where it stopped."""

import time


def initialize(context):
    return context.parameters["notes"]


def stream(item, state):
    if item.get("refuse"):
        from cortado import BadInput

        raise BadInput("input.refuse is set")
    told = 0
    try:
        for at in range(item["count"]):
            if item.get("fail") == at:
                raise KeyError("page")
            if item.get("spin") == at:
                while True:
                    pass
            if item.get("die") == at:
                import os

                os._exit(1)
            yield "piece %d " % at
            told += 1
    finally:
        with open(state, "a") as notes:
            notes.write("%s %d\n" % (item["name"], told))
