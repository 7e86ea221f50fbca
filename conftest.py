"""What every test and doctest starts from."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import tensorplug as tp


@pytest.fixture(autouse=True)
def clean_start(doctest_namespace: dict[str, Any]) -> Iterator[None]:
    """The same random numbers for every test, settings put back, and ``tp`` and ``np`` known to doctests."""
    doctest_namespace.update(tp=tp, np=np)
    dtype = tp.get_default_dtype()
    tp.manual_seed(0)
    yield
    tp.set_default_dtype(dtype)
