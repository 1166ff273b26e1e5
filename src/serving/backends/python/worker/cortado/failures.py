"""What can go wrong, and how it is told."""

import os
import traceback


class BadInput(ValueError):
    """Raised by a handler that cannot work on what the caller sent. Its text is answered to the caller, with the status 422."""


class Cancelled(BaseException):
    """Raised in a handler whose work nobody waits for any more. `finally` runs; `except Exception` does not catch it."""


class Untrusted(RuntimeError):
    """Raised where a file would be unpickled in a process that is not trusted: what unpickles a file runs whatever it holds."""

    def __init__(self, what):
        super().__init__("%s is pickled, and unpickling runs whatever it holds. Say python({ trusted: true }) for models of your own." % what)


class Unloadable(Exception):
    """The module cannot be loaded as a handler. The text goes on after the module's name."""

    def __init__(self, problem, hint=None):
        super().__init__(problem)
        self.hint = hint


class Unsendable(Exception):
    """An answer holds a value that has no form outside Python. The text goes on after the name of the step."""


def is_own(file, folders):
    """True for a file of the project, rather than of a library."""
    path = os.path.realpath(file)
    return "site-packages" not in path and any(path.startswith(folder + os.sep) for folder in folders)


def describe(error, folders):
    """An exception in one line, with the place in the project's own code where it was raised."""
    text = "".join(traceback.format_exception_only(type(error), error)).strip().splitlines()
    words = text[-1] if text else type(error).__name__
    if isinstance(error, SyntaxError):
        return "%s: %s (%s, line %s)" % (type(error).__name__, error.msg, os.path.basename(error.filename or "?"), error.lineno)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if is_own(frame.filename, folders)]
    if not own:
        return words
    return "%s (%s, line %s)" % (words, os.path.basename(own[-1].filename), own[-1].lineno)


def print_traceback(error):
    """The whole traceback on stderr, which is the log, without the frames of Cortado."""
    shown = error.__traceback__
    here = os.path.dirname(os.path.abspath(__file__)) + os.sep
    while shown is not None and shown.tb_frame.f_code.co_filename.startswith(here):
        shown = shown.tb_next
    traceback.print_exception(type(error), error, shown)
