"""Holds a requirements file against the packages that are there."""

import os
import re

from .failures import Unloadable

LINE = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*([^;#]*)")


def check_requirements(path):
    """Raises Unloadable, naming every package that is missing or of another version."""
    from importlib import metadata

    problems = []
    with open(path, encoding="utf8") as file:
        for line in file:
            found = LINE.match(line)
            if not found or line.lstrip().startswith(("#", "-")):
                continue
            name, wanted = found.group(1), found.group(2).strip()
            try:
                there = metadata.version(name)
            except metadata.PackageNotFoundError:
                problems.append("%s is not installed" % name)
                continue
            if not all(_fits(there, each.strip()) for each in wanted.split(",") if each.strip()):
                problems.append("%s is %s, and %s is asked for" % (name, there, wanted))
    if problems:
        name = os.path.basename(path)
        raise Unloadable("needs what %s asks for: %s" % (name, "; ".join(problems)), "Install with: python -m pip install -r %s" % name)


def _fits(there, wanted):
    found = re.match(r"(==|>=|<=|!=|~=|<|>)\s*([\w.*+!-]+)$", wanted)
    if not found:
        return True
    sign, text = found.groups()
    if sign in ("==", "!=") and text.endswith(".*"):
        return (there + ".").startswith(text[:-1]) == (sign == "==")
    here, there_too = _numbers(there), _numbers(text)
    if sign == "~=":
        return here >= there_too and here[: text.count(".")] == there_too[: text.count(".")]
    size = max(len(here), len(there_too))
    a, b = here + (0,) * (size - len(here)), there_too + (0,) * (size - len(there_too))
    return {"==": a == b, "!=": a != b, ">=": a >= b, "<=": a <= b, "<": a < b, ">": a > b}[sign]


def _numbers(text):
    return tuple(int(part) for part in re.findall(r"\d+", text.split("+")[0].split("!")[-1]))
