"""A handler of TorchServe: y = 2 x for each item."""

import json


def handle(data, context):
    if data is None:
        return None
    items = [row.get("body") or row.get("data") for row in data]
    items = [json.loads(item) if isinstance(item, (bytes, bytearray, str)) else item for item in items]
    return [{"y": [2 * value for value in item["x"]]} for item in items]
