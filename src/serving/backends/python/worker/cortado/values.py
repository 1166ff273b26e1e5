"""Values between JavaScript and Python: JSON, and beside it what JSON has no form for, each with its path into the JSON."""

import array
import dataclasses
import datetime
import decimal
import enum
import json
import math
import sys

from .failures import Unsendable

# The datatypes of the Open Inference Protocol: as numpy and as the standard library call them.
NUMPY = {
    "BOOL": "?",
    "UINT8": "<u1",
    "UINT16": "<u2",
    "UINT32": "<u4",
    "UINT64": "<u8",
    "INT8": "<i1",
    "INT16": "<i2",
    "INT32": "<i4",
    "INT64": "<i8",
    "FP16": "<f2",
    "FP32": "<f4",
    "FP64": "<f8",
}
STANDARD = {
    "BOOL": "?",
    "UINT8": "B",
    "UINT16": "H",
    "UINT32": "I",
    "UINT64": "Q",
    "INT8": "b",
    "INT16": "h",
    "INT32": "i",
    "INT64": "q",
    "FP32": "f",
    "FP64": "d",
}
BY_NUMPY = {name.lstrip("<"): datatype for datatype, name in NUMPY.items()}
SIZES = {"B": "UINT", "H": "UINT", "I": "UINT", "L": "UINT", "Q": "UINT", "b": "INT", "h": "INT", "i": "INT", "l": "INT", "q": "INT"}


def numpy_or_none():
    """numpy where the handler has imported it or it is there; None where it is not."""
    try:
        import numpy

        return numpy
    except ImportError:
        return None


def unpack(value, extras, body):
    """Puts what does not fit JSON into its places. `body` holds the binary values, one after the other, each padded to eight."""
    at = 0
    for path, kind, size, shape in extras:
        piece = body[at : at + size]
        at += size + (-size & 7)
        made = _unpacked(kind, piece, shape, _at(value, path))
        if not path:
            value = made
        else:
            _at(value, path[:-1])[path[-1]] = made
    return value


def _at(value, path):
    for key in path:
        value = value[key]
    return value


def _unpacked(kind, piece, shape, written):
    if kind == "bytes":
        return bytes(piece)
    if kind == "moment":
        return datetime.datetime.fromisoformat(written.replace("Z", "+00:00"))
    if kind == "decimal":
        return decimal.Decimal(written)
    if kind == "number":
        return float(written)
    return array_of(kind, piece, shape, written)


def array_of(datatype, piece, shape, texts=None):
    """A numpy array, or without numpy a memoryview in the tensor's shape; texts are an object array, or lists."""
    numpy = numpy_or_none()
    if datatype == "BYTES":
        return numpy.array(texts, dtype=object).reshape(shape) if numpy else _nested(texts, shape)
    if numpy:
        return numpy.frombuffer(piece, dtype=NUMPY[datatype]).reshape(shape)
    if datatype == "FP16":
        import struct

        return _nested(struct.unpack("<%de" % (len(piece) // 2), piece), shape)
    flat = piece.cast(STANDARD[datatype])
    return flat if len(shape) < 2 or len(flat) == 0 else piece.cast(STANDARD[datatype], shape)


def _nested(flat, shape):
    if not shape:
        return flat[0]
    if len(shape) == 1:
        return list(flat)
    step = len(flat) // shape[0] if shape[0] else 0
    return [_nested(flat[i * step : (i + 1) * step], shape[1:]) for i in range(shape[0])]


def pack(value):
    """The value as JSON text, the extras, and the bytes that they name. Raises Unsendable."""
    try:
        return json.dumps(value, allow_nan=False, ensure_ascii=False), None, []
    except (TypeError, ValueError, RecursionError):
        pass
    packer = Packer()
    try:
        plain = packer.plain(value, ())
    except RecursionError:
        raise Unsendable("gave a value that is nested too deep, or that holds itself") from None
    return json.dumps(plain, allow_nan=False, ensure_ascii=False), packer.extras, packer.pieces


class Packer:
    """Walks through a value that is not all JSON."""

    def __init__(self):
        self.extras = []
        self.pieces = []

    def plain(self, value, path):
        if value is None or value is True or value is False or type(value) in (str, int):
            return value
        if isinstance(value, float):
            return float(value) if math.isfinite(value) else self._extra(path, "number", str(float(value)))
        if isinstance(value, dict):
            return {_key(key, path): self.plain(each, path + (_key(key, path),)) for key, each in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.plain(each, path + (i,)) for i, each in enumerate(value)]
        if isinstance(value, (str, int)):
            return self.plain(value.value, path) if isinstance(value, enum.Enum) else (str(value) if isinstance(value, str) else int(value))
        return self._other(value, path)

    def _other(self, value, path):
        if isinstance(value, (bytes, bytearray)):
            return self._piece(path, "bytes", bytes(value), [len(value)])
        if isinstance(value, memoryview):
            return self._view(value, path)
        if isinstance(value, array.array):
            return self._view(memoryview(value), path)
        if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
            return value.isoformat()
        if isinstance(value, decimal.Decimal):
            return str(value)
        if isinstance(value, enum.Enum):
            return self.plain(value.value, path)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return self.plain({field.name: getattr(value, field.name) for field in dataclasses.fields(value)}, path)
        return self._foreign(value, path)

    def _foreign(self, value, path):
        """Values of numpy, torch and pandas, which are told by what they can do: none of them is imported for it."""
        numpy = sys.modules.get("numpy")
        if numpy is not None and isinstance(value, numpy.ndarray):
            return self._array(numpy, value, path)
        if numpy is not None and isinstance(value, numpy.generic):
            return self.plain(value.item(), path)
        if hasattr(value, "detach") and hasattr(value, "cpu"):
            held = value.detach().cpu()
            return self.plain((held if str(held.dtype) != "torch.bfloat16" else held.float()).numpy(), path)
        if hasattr(value, "to_dict") and hasattr(value, "columns"):
            return self.plain(value.to_dict("records"), path)
        if hasattr(value, "tolist"):
            return self.plain(value.tolist(), path)
        raise Unsendable("gave %s%s, which has no form in JSON" % (_kind(value), _place(path)))

    def _array(self, numpy, value, path):
        datatype = BY_NUMPY.get(value.dtype.kind + str(value.dtype.itemsize)) if value.dtype.kind != "b" else "BOOL"
        if datatype is None:
            return self.plain(value.tolist(), path)
        data = numpy.ascontiguousarray(value, dtype=NUMPY[datatype])
        return self._piece(path, datatype, data.tobytes(), list(value.shape))

    def _view(self, view, path):
        letter = view.format
        datatype = {"f": "FP32", "d": "FP64", "?": "BOOL"}.get(letter)
        if datatype is None and letter in SIZES:
            datatype = SIZES[letter] + str(view.itemsize * 8)
        if datatype is None:
            return self.plain(view.tolist(), path)
        return self._piece(path, datatype, view.tobytes(), list(view.shape))

    def _piece(self, path, kind, data, shape):
        self.extras.append([list(path), kind, len(data), shape])
        self.pieces.append(data)

    def _extra(self, path, kind, written):
        self.extras.append([list(path), kind, 0, []])
        return written


def _key(key, path):
    if isinstance(key, str):
        return key
    if isinstance(key, (int, float)) or hasattr(key, "item"):
        return str(key)
    raise Unsendable("gave a dictionary%s with a %s for a key; keys are texts" % (_place(path), type(key).__name__))


def _place(path):
    return " at %s" % ".".join(str(key) for key in path) if path else ""


def _kind(value):
    name = type(value).__name__
    return "an %s" % name if name[:1] in "aeiou" else "a %s" % name
