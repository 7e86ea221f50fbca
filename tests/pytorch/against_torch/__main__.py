"""Prints the differences that ``known.txt`` does not know, as its lines and what is different, and those that are gone.

PYTHONPATH=tests/pytorch python -m against_torch                     everything
PYTHONPATH=tests/pytorch python -m against_torch sample,form tp.exp  some checks of some functions
"""

from __future__ import annotations

import sys
import warnings

from against_torch.checking import CHECKS
from against_torch.known import unknown


def main(checks: str = "", *paths: str) -> None:
    """Run checks (by their names with commas; all by default) on paths (all by default)."""
    warnings.simplefilter("ignore")
    for check in checks.split(",") if checks else CHECKS:
        find, known_paths = CHECKS[check]
        for path in paths or known_paths:
            if path in known_paths:
                new, gone = unknown(check, path, find(path))
                for call, message in new:
                    print(f"{check} {path}/{call}\t{' '.join(message.split())}")
                for where in sorted(gone):
                    print(f"gone: {where}")


if __name__ == "__main__":
    main(*sys.argv[1:])
