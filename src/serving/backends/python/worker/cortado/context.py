"""What a handler is told about the version that it is loaded for."""

import json
import os

from .failures import Untrusted

PICKLED = (".joblib", ".pkl", ".pickle", ".pt", ".pth")


class Context:
    """Given to `initialize`, and to every step that has a parameter named `context`.

    model, version: their names. directory: the folder of the version's files. manifest: what the version says of itself, or None.
    parameters: those of `python({ parameters })`. trusted: whether pickled files may be read. instance: 0, 1, … of `instances`.
    request_id: how the request is called that is worked on, or None where a run is of several. trace: its trace as headers
    (`traceparent`), to be handed on; empty where it is not traced.
    """

    def __init__(self, told, trusted):
        self.model = told["model"]
        self.version = told["version"]
        self.directory = told["directory"]
        self.manifest = told.get("manifest")
        self.parameters = told.get("parameters") or {}
        self.instance = told.get("instance", 0)
        self.trusted = trusted
        self.request_id = None
        self.trace = {}

    @property
    def system_properties(self):
        """The same under the names of TorchServe's handlers."""
        return {"model_dir": self.directory, "gpu_id": None, "batch_size": 1}

    def path(self, name):
        """The path of one of the version's files. Raises FileNotFoundError, saying which there are."""
        path = os.path.realpath(os.path.join(self.directory, name))
        inside = path.startswith(os.path.realpath(self.directory) + os.sep)
        if inside and os.path.isfile(path):
            return path
        there = sorted(each for each in os.listdir(self.directory) if os.path.isfile(os.path.join(self.directory, each)))
        raise FileNotFoundError("version %s has no file %s; it has: %s" % (self.version, name, ", ".join(there) or "none"))

    def load(self, name):
        """What one of the version's files holds, by its ending: .json, .npy, .npz, .joblib, .pkl, .pickle, .pt, .pth."""
        path = self.path(name)
        ending = os.path.splitext(name)[1]
        if ending in PICKLED and not self.trusted:
            raise Untrusted(name)
        if ending == ".json":
            with open(path, encoding="utf8") as file:
                return json.load(file)
        if ending in (".npy", ".npz"):
            import numpy

            return numpy.load(path, allow_pickle=False)
        if ending in (".pkl", ".pickle"):
            import pickle

            with open(path, "rb") as file:
                return pickle.load(file)
        if ending == ".joblib":
            import joblib

            return joblib.load(path)
        if ending in (".pt", ".pth"):
            return load_torch(path)
        raise ValueError("%s ends in none of .json, .npy, .npz, %s" % (name, ", ".join(PICKLED)))


class Sequence:
    """Given to a step that has a parameter named `sequence`, where the request is a step of one; None where it is not.

    id: the sequence's name. start, end: true for its first and its last step. memory: a dictionary that lasts from the first
    step to the last; it holds what JSON has, bytes and arrays.
    """

    def __init__(self, told, memory):
        self.id = told["id"]
        self.start = bool(told.get("start"))
        self.end = bool(told.get("end"))
        self.memory = memory


def load_torch(path):
    """A TorchScript file, or one that torch.save wrote: a whole module, or its weights."""
    import zipfile

    import torch

    names = zipfile.ZipFile(path).namelist() if zipfile.is_zipfile(path) else []
    if any("/code/" in name for name in names):
        return torch.jit.load(path, map_location="cpu").eval()
    try:
        loaded = torch.load(path, map_location="cpu", weights_only=False)
    except TypeError:
        loaded = torch.load(path, map_location="cpu")
    return loaded.eval() if hasattr(loaded, "eval") else loaded
