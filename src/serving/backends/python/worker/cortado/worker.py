"""The life of a Python process: load a handler, then answer one message after the other until the owner closes the line."""

import gc
import os
import signal
import sys
import time

from .artifacts import artifact_handler
from .context import Context, Sequence
from .failures import BadInput, Cancelled, Unloadable, Unsendable, describe, is_own, print_traceback
from .handler import Handler, find_handler, load_module
from .line import Line
from .requirements import check_requirements
from .training import Training, metrics_of
from .trust import refuse_pickles


class Worker:
    """One handler, loaded for one version, or for one training."""

    def __init__(self, line):
        self._line = line
        self._handler = None
        # Where the project's own code lies.
        self._folders = ()
        self._context = None
        self._request_id = None
        # True while a handler works on something that may be given up.
        self._interruptible = False

    def run(self):
        # Terminals and service managers signal the whole group; the owner finishes what is in flight and then ends this process.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        if hasattr(signal, "SIGUSR1"):
            signal.signal(signal.SIGUSR1, self._on_interrupt)
        while True:
            message = self._line.read()
            if message is None or message["type"] == "close":
                break
            self._note_request(message.get("request") or {})
            getattr(self, "_on_" + message["type"])(message)
        if self._handler is not None:
            self._handler.close()

    def _note_request(self, request):
        self._request_id = request.get("id")
        if self._context is not None:
            self._context.request_id = self._request_id
            self._context.trace = request.get("trace") or {}

    def _on_interrupt(self, _number, _frame):
        if self._interruptible:
            self._interruptible = False
            raise Cancelled

    def _on_load(self, message):
        try:
            self._load(message)
            # Who trains has no version yet that could be initialized.
            if "context" in message:
                self._handler.initialize()
        except Unloadable as error:
            return self._line.send({"type": "failed", "problem": str(error), "hint": error.hint})
        except BaseException as error:
            print_traceback(error)
            return self._line.send({"type": "failed", "problem": "does not load: %s" % describe(error, self._folders)})
        # What is there now stays: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        self._line.send({"type": "ready", "kinds": self._handler.kinds, "files": self._own_files(), "python": sys.version.split()[0]})

    def _load(self, message):
        root, module = message["root"], message.get("module")
        self._folders = (root, os.path.dirname(module)) if module else (root,)
        if message.get("requirements"):
            check_requirements(message["requirements"])
        trusted = message["trusted"]
        if not trusted:
            refuse_pickles()
        context = self._context = Context(message["context"], trusted) if "context" in message else None
        if module is None:
            target = artifact_handler(context)
        else:
            target = find_handler(load_module(module, self._folders), message.get("handler"))
        self._handler = Handler(target, context)

    def _own_files(self):
        """The project's files that were imported: when one changes, the handler is loaded anew."""
        files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
        return sorted(set(os.path.realpath(file) for file in files if file and is_own(file, self._folders)))

    def _on_unreadable(self, message):
        self._line.send({"type": "refused", "problem": message["problem"]})

    def _on_run(self, message):
        self._guarded(lambda: self._handler.answer(message["value"]))

    def _on_step(self, message):
        """A step of a sequence: what its steps tell each other goes with it and comes back, so any process can do the next."""
        sequence = Sequence(message["sequence"], message["value"]["memory"])
        self._handler.offer("sequence", sequence)
        self._guarded(lambda: {"answers": self._handler.answer([message["value"]["item"]]), "memory": sequence.memory})
        self._handler.offer("sequence", None)

    def _on_infer(self, message):
        self._guarded(lambda: self._handler.infer(message["value"]))

    def _guarded(self, work):
        started = time.perf_counter()
        try:
            self._interruptible = True
            made = work()
            self._interruptible = False
            spent = (time.perf_counter() - started) * 1000
            self._line.send_value({"type": "result", "milliseconds": spent}, made)
        except BaseException as error:
            self._interruptible = False
            self._tell(error)

    def _on_stream(self, message):
        """Pieces are sent as they are asked for, so a slow reader holds the generator up and one that has gone ends it."""
        started = time.perf_counter()
        pieces = None
        try:
            self._interruptible = True
            pieces = self._handler.pieces(message["value"])
            for piece in pieces:
                self._interruptible = False
                self._line.send_value({"type": "piece"}, piece)
                reply = self._line.read()
                if reply is None or reply["type"] != "more":
                    raise Cancelled
                self._interruptible = True
            self._interruptible = False
            self._line.send({"type": "done", "milliseconds": (time.perf_counter() - started) * 1000})
        except BaseException as error:
            self._interruptible = False
            if hasattr(pieces, "close"):
                pieces.close()
            self._tell(error)

    def _on_train(self, message):
        try:
            training = Training(self._line, message)
            self._interruptible = True
            metrics = metrics_of(self._handler.train(training))
            self._interruptible = False
            labels = None if training.labels is None else [str(label) for label in training.labels]
            self._line.send({"type": "trained", "metrics": metrics, "labels": labels})
        except BaseException as error:
            self._interruptible = False
            self._tell(error)

    def _tell(self, error):
        """Answers an exception in a word; the traceback is for the log."""
        if isinstance(error, Cancelled):
            return self._line.send({"type": "cancelled"})
        if isinstance(error, BadInput):
            return self._line.send({"type": "refused", "problem": str(error)})
        step = self._handler.running
        if isinstance(error, Unsendable):
            return self._line.send({"type": "unsendable", "step": step, "problem": str(error)})
        if isinstance(error, SystemExit):
            raise error
        if self._request_id is not None:
            print("The request %s failed:" % self._request_id, file=sys.stderr)
        print_traceback(error)
        self._line.send({"type": "failed", "step": step, "problem": describe(error, self._folders)})


def main():
    line = Line(3)
    line.end_with_owner()
    _volunteer_for_out_of_memory()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True, errors="backslashreplace")
    Worker(line).run()


def _volunteer_for_out_of_memory():
    """When memory runs out, the kernel should end this process rather than the web process."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("500")
    except OSError:
        pass
