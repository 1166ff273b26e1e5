"""Heeds nothing while it works on what says so."""

import os
import time


def predict(item):
    while item.get("hang"):
        try:
            time.sleep(1)
        except BaseException:
            pass
    return os.getpid()
