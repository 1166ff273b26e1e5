"""The line to Cortado: frames on a socket of their own, so that whatever the handler prints cannot break them."""

import json
import os
import select
import socket
import struct
import threading
import time

from .values import pack, unpack

# A frame is its length (without these four bytes), the length of its head, the head as JSON, and binary values; each of the
# two latter begins at a multiple of eight bytes from the frame's beginning.
START = struct.Struct("<II")
# From this size on a frame is sent in pieces rather than copied together.
JOIN_LIMIT = 1 << 20
# Seconds that a process whose owner has gone has to end by itself.
GRACE = 2.0


class Line:
    """Messages to and from the owner. One thread reads, one writes."""

    def __init__(self, descriptor):
        self._socket = socket.socket(fileno=descriptor)
        self._socket.setblocking(True)
        self._socket.set_inheritable(False)
        self._reader = self._socket.makefile("rb", buffering=1 << 16)
        self._writing = threading.Lock()

    def read(self):
        """The next message, its value in place; None when the owner has closed the line."""
        start = self._reader.read(START.size)
        if len(start) < START.size:
            return None
        length, head_length = START.unpack(start)
        rest = bytearray(length - 4)
        if self._reader.readinto(rest) < len(rest):
            return None
        try:
            head = json.loads(rest[:head_length])
        except (RecursionError, ValueError) as error:
            # Python's limits of depth and of digits: what was sent is to blame, and the line is as whole as before.
            return {"type": "unreadable", "problem": "the input is nested too deep" if isinstance(error, RecursionError) else str(error)}
        extras = head.pop("extras", None)
        if extras:
            head["value"] = unpack(head["value"], extras, memoryview(rest)[head_length + (-(head_length + 8) & 7) :])
        return head

    def send(self, head):
        """Sends a message without a value."""
        self._write(json.dumps(head).encode(), [])

    def send_value(self, head, value):
        """Sends a message with a value. Raises Unsendable."""
        text, extras, pieces = pack(value)
        start = json.dumps(head)[:-1]
        tail = ',"extras":%s}' % json.dumps(extras) if extras else "}"
        self._write((start + ',"value":' + text + tail).encode("utf8", "replace"), pieces)

    def _write(self, head, pieces):
        head += b" " * (-len(head) & 7)
        parts = [head]
        for piece in pieces:
            parts.append(piece)
            if len(piece) & 7:
                parts.append(bytes(-len(piece) & 7))
        length = sum(len(part) for part in parts)
        parts.insert(0, START.pack(length + 4, len(head)))
        with self._writing:
            if length < JOIN_LIMIT:
                self._socket.sendall(b"".join(parts))
            else:
                for part in parts:
                    self._socket.sendall(part)

    def end_with_owner(self):
        """Ends this process when the owner is gone, whatever the handler is doing at that moment."""
        threading.Thread(target=self._watch, name="cortado-owner", daemon=True).start()
        _die_with_parent()

    def _watch(self):
        if not hasattr(select, "poll"):
            return
        poll = select.poll()
        poll.register(self._socket.fileno(), 0)
        poll.poll()
        time.sleep(GRACE)
        os._exit(1)


def _die_with_parent():
    """Linux ends a process with its parent where that is wished, even one that is deep inside a C library."""
    try:
        import ctypes
        import signal

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    except Exception:
        pass
