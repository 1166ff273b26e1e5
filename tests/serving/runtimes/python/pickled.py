"""Reads a pickle, by the context or by a library's own way."""

import pickle


def initialize(context):
    if context.parameters["how"] == "context":
        return context.load("model.pkl")
    with open(context.path("model.pkl"), "rb") as file:
        return pickle.load(file)


def predict(item, state):
    return {"held": type(state).__name__}
