"""``python -m tensorplug_conformance``: the same as ``tensorplug conformance``."""

import sys

from tensorplug_conformance.cli import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
