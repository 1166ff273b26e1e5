"""Learns the mean of a column, step by step, and answers how far from it a number is. The standard library alone."""

import json
import os
import time
import datetime
import decimal


def initialize(context):
    with open(context.path("mean.json")) as file:
        return json.load(file)


def predict(item, state):
    return {"distance": item["value"] - state["mean"]}


def train(training):
    fate = training.parameters.get("fate", "done")
    rows = list(training.dataset)
    kinds = sorted({type(value).__name__ for row in rows for value in row.values()})
    training.log("kinds: " + " ".join(kinds))
    start = 0
    total = 0.0
    if training.resume_from:
        with open(os.path.join(training.resume_from, "state.json")) as file:
            start, total = json.load(file)
        print("going on at", start)
    if fate == "deaf":
        training.progress(0, 1)
        while True:
            try:
                time.sleep(10)
            except BaseException:
                pass
    for at in range(start, len(rows)):
        total += float(rows[at]["value"])
        training.progress(at + 1, len(rows))
        training.metric("sum", total, at)
        with training.checkpoint() as folder:
            training.log("checkpoint")
            with open(os.path.join(folder, "state.json"), "w") as file:
                json.dump([at + 1, total], file)
        if fate == "throw" and at == 2 and not training.resume_from:
            raise RuntimeError("The beans are finished.")
        if fate == "die" and at == 2 and not training.resume_from:
            os._exit(9)
        if fate == "slow":
            time.sleep(0.05)
            while at == 2:
                pass
    with open(os.path.join(training.directory, "mean.json"), "w") as file:
        json.dump({"mean": total / len(rows)}, file)
    training.labels = ["near", "far"]
    return {"mean": total / len(rows)}
