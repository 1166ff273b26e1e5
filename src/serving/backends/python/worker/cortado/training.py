"""What a trainer in Python is given, and how it tells of its progress."""

import contextlib
import math

from .dataset import Dataset
from .failures import Cancelled


class Training:
    """Given to `train`.

    dataset: the rows, or None for a trainer without rows. directory: what is left here is the artifact. parameters: the run's.
    resume_from: the folder of the last checkpoint of a run that was stopped, or None. model: the model's name.
    labels: what the classes are called, where `train` sets it: a list of texts.
    """

    def __init__(self, line, told):
        self._line = line
        self.model = told["model"]
        self.directory = told["directory"]
        self.parameters = told.get("parameters") or {}
        self.resume_from = told.get("resumeFrom")
        self.dataset = Dataset(told["dataset"]) if told.get("dataset") else None
        self.labels = None

    def progress(self, done, total):
        """How far it is: 3 of 10 epochs."""
        self._line.send({"type": "progress", "done": _number(done, "done"), "total": _number(total, "total")})

    def metric(self, name, value, step=None):
        """A number of a curve, or one that stands for the whole: the last value is also the version's."""
        told = {"type": "metric", "name": str(name), "value": _number(value, "value")}
        self._line.send(told if step is None else dict(told, step=_number(step, "step")))

    def log(self, text):
        """A line of the run's log, as print() makes it, too."""
        self._line.send({"type": "log", "text": str(text)})

    @contextlib.contextmanager
    def checkpoint(self):
        """A folder for a state to go on from, which counts when the block is left: `with training.checkpoint() as folder:`."""
        self._line.send({"type": "checkpoint"})
        yield self._reply()["directory"]
        self._line.send({"type": "written"})
        self._reply()

    def _reply(self):
        told = self._line.read()
        if told is None or told["type"] == "cancel":
            raise Cancelled
        if told["type"] == "failed":
            raise OSError(told["problem"])
        return told


def metrics_of(made):
    """What `train` returned, as the version's metrics."""
    if made is None:
        return {}
    if not isinstance(made, dict):
        raise TypeError("train returned a %s; it returns a dictionary of metrics, or nothing" % type(made).__name__)
    return {str(name): _number(value, name) for name, value in made.items()}


def _number(value, name):
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("%s is %s, which is no number to show" % (name, number))
    return int(number) if number.is_integer() else number
