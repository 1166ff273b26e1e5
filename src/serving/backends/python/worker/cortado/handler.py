"""Finds the handler in a module, and runs its steps: a class in the shape of TorchServe's, or plain functions."""

import asyncio
import difflib
import importlib.util
import inspect
import os
import sys

from .failures import Unloadable, Unsendable, describe, print_traceback

# What answers or trains: a class or a module without any of these is no handler.
MAIN_STEPS = ("inference", "predict", "stream", "train")
STEPS = ("initialize", "preprocess", "postprocess", "close") + MAIN_STEPS
# What a step may ask for by the name of a parameter, after its first.
OFFERED = ("context", "state", "sequence")


def load_module(path, folders):
    """Imports a file as the module that it is named after, with its folder and the project's on the path."""
    name = os.path.splitext(os.path.basename(path))[0]
    for place in folders:
        if place not in sys.path:
            sys.path.insert(0, place)
    if name in sys.modules:
        raise Unloadable("has the name of a module that Python has loaded already", "Rename it, for example to %s_model.py." % name)
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        print_traceback(error)
        hint = "Install it for the Python that is used here: %s -m pip install …" % sys.executable if isinstance(error, ImportError) else None
        raise Unloadable("does not load: %s" % describe(error, folders), hint) from None
    return module


def find_handler(module, wanted):
    """The class of that name, the one class that is a handler, or the module itself. Raises Unloadable."""
    classes = {name: each for name, each in vars(module).items() if inspect.isclass(each) and each.__module__ == module.__name__}
    handlers = {name: each for name, each in classes.items() if any(hasattr(each, step) for step in MAIN_STEPS)}
    if wanted is not None:
        if wanted in classes:
            return classes[wanted]()
        near = difflib.get_close_matches(wanted, classes, 1)
        raise Unloadable("has no class %s; it has: %s" % (wanted, ", ".join(classes) or "none"), "Did you mean %s?" % near[0] if near else None)
    if any(callable(getattr(module, step, None)) for step in MAIN_STEPS):
        return module
    if len(handlers) == 1:
        return next(iter(handlers.values()))()
    if handlers:
        raise Unloadable("has several handlers: %s" % ", ".join(handlers), "Say which: python({ handler: \"%s\" })." % next(iter(handlers)))
    raise Unloadable("has none of the functions %s, and no class that has them" % ", ".join(MAIN_STEPS), "Write def inference(items): … or def predict(item): ….")


class Step:
    """One function of a handler, called with its first argument and with what it asks for by name."""

    def __init__(self, name, function, offers):
        self.name = name
        self._call = function
        parameters = list(inspect.signature(function).parameters.values())
        takes_one = name != "close"
        named = parameters[1:] if takes_one else parameters
        asked = [each for each in named if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)]
        unknown = [each.name for each in asked if each.name not in OFFERED and each.default is each.empty]
        if takes_one and not parameters:
            raise Unloadable("has a function %s without a parameter" % name, "Its first parameter is what it works on.")
        if unknown:
            raise Unloadable("has a function %s that asks for %s" % (name, unknown[0]), "After its first parameter it may have: %s." % ", ".join(OFFERED))
        self._offers = offers
        self._asked = [each.name for each in asked if each.name in OFFERED]

    def __call__(self, *argument):
        made = self._call(*argument, **{name: self._offers[name] for name in self._asked}) if self._asked else self._call(*argument)
        return loop().run_until_complete(made) if inspect.iscoroutine(made) else made


class Handler:
    """A loaded handler."""

    def __init__(self, target, context):
        self._offers = {"context": context, "state": None, "sequence": None}
        self._steps = {}
        self.running = "initialize"
        for name in STEPS:
            function = getattr(target, name, None)
            if callable(function):
                self._steps[name] = Step(name, function, self._offers)

    @property
    def kinds(self):
        """Which of the main steps it has."""
        return [name for name in MAIN_STEPS if name in self._steps]

    def offer(self, name, value):
        """Gives it to the steps that ask for it by this name."""
        self._offers[name] = value

    def initialize(self):
        if "initialize" in self._steps:
            self._offers["state"] = self._steps["initialize"](self._offers["context"])

    def answer(self, items):
        """One answer for each item, in their order."""
        data = self._do("preprocess", items) if "preprocess" in self._steps else items
        if "inference" in self._steps:
            data = self._do("inference", data)
        elif "predict" in self._steps:
            data = [self._do("predict", item) for item in data]
        else:
            data = [_whole(list(self.pieces(item))) for item in data]
        made = self._do("postprocess", data) if "postprocess" in self._steps else data
        if isinstance(made, dict) or not hasattr(made, "__len__"):
            made = made if isinstance(made, dict) or not hasattr(made, "__iter__") else list(made)
        if isinstance(made, (dict, str)) or not hasattr(made, "__len__"):
            raise Unsendable("gave a %s, and must give a list with one answer for each item" % type(made).__name__)
        if len(made) != len(items):
            raise Unsendable("gave %d answers for %d items; it must give one for each, in their order" % (len(made), len(items)))
        return made if isinstance(made, list) else list(made)

    def infer(self, inputs):
        """The outputs for a set of named arrays."""
        data = self._do("preprocess", inputs) if "preprocess" in self._steps else inputs
        data = self._do("inference", data)
        made = self._do("postprocess", data) if "postprocess" in self._steps else data
        if not isinstance(made, dict):
            raise Unsendable("gave a %s, and must give a dictionary of arrays by the names of the outputs" % type(made).__name__)
        return made

    def pieces(self, item):
        """The pieces of one answer, as they are made."""
        made = self._do("stream", item)
        if hasattr(made, "__aiter__"):
            made = _synchronous(made)
        if not hasattr(made, "__iter__") or isinstance(made, (str, dict)):
            raise Unsendable("gave a %s, and must be a generator" % type(made).__name__)
        return iter(made)

    def train(self, training):
        self._offers["context"] = training
        return self._do("train", training)

    def close(self):
        if "close" in self._steps:
            self._do("close")

    def _do(self, name, *argument):
        self.running = name
        return self._steps[name](*argument)


def _whole(pieces):
    """One answer of the pieces of a stream: texts are one text."""
    return "".join(pieces) if all(isinstance(piece, str) for piece in pieces) else pieces


_loop = None


def loop():
    """One event loop for all that is asynchronous."""
    global _loop
    if _loop is None:
        _loop = asyncio.new_event_loop()
    return _loop


def _synchronous(pieces):
    try:
        while True:
            yield loop().run_until_complete(pieces.__anext__())
    except StopAsyncIteration:
        return
    finally:
        loop().run_until_complete(pieces.aclose())
