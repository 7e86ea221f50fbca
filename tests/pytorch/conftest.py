"""The comparison with PyTorch: skipped where it is not installed. ``against_torch`` holds what the tests share."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

# It imports torch, which doctest collection would do as well.
collect_ignore = ["against_torch"]
