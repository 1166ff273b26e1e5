"""The rows of one training, read from the file that the run's owner wrote."""

import base64
import datetime
import decimal
import hashlib
import json

READERS = {
    "$number": float,
    "$bigint": int,
    "$decimal": decimal.Decimal,
    "$date": lambda text: datetime.datetime.fromisoformat(text.replace("Z", "+00:00")) if "T" in text else datetime.date.fromisoformat(text),
    "$bytes": base64.b64decode,
    "$json": lambda value: value,
}


class Dataset:
    """Iterating gives a dictionary a row. It may be read as often as wanted, and never is in memory as a whole.

    columns: the names of a row's values, in order. file: where it lies.
    """

    def __init__(self, file):
        self.file = file
        with open(file, encoding="utf8") as lines:
            self.header = json.loads(next(lines))
        if self.header.get("format") != 1:
            raise ValueError("the dataset's first line is not a header of format 1")
        self.columns = self.header["columns"]

    def __iter__(self):
        for values in self.values():
            yield dict(zip(self.columns, values))

    def values(self):
        """The rows as lists, in the order of `columns`. Raises ValueError after the last row when the file is not whole."""
        digest = hashlib.sha256()
        rows = -1
        with open(self.file, "rb") as lines:
            for line in lines:
                parsed = json.loads(line)
                if isinstance(parsed, dict) and "end" in parsed:
                    if parsed["end"] != {"rows": rows, "digest": digest.hexdigest()}:
                        raise ValueError("the dataset's digest is not that of its rows")
                    return
                digest.update(line)
                rows += 1
                if rows > 0:
                    yield [_read(value) for value in parsed]
        raise ValueError("the dataset is cut off before its end")

    def to_pandas(self):
        """All of it as a pandas DataFrame."""
        import pandas

        return pandas.DataFrame(self.values(), columns=self.columns)


def _read(value):
    if not isinstance(value, dict):
        return value
    (kind, written), *_ = value.items()
    return READERS[kind](written) if kind in READERS else value
