"""The main file of a Python process of Cortado: it answers frames on file descriptor 3, and prints nothing of its own."""

import sys

if sys.version_info < (3, 8):
    sys.exit("Cortado needs Python 3.8 or newer, and this is %s." % sys.version.split()[0])

from cortado.worker import main  # noqa: E402

# This folder is read-only to the package; what the project imports is compiled and kept as usual.
sys.dont_write_bytecode = False

main()
