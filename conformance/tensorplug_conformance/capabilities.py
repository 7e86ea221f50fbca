"""Whether a device is what its backend says: it has a kernel for every primitive, and refuses the dtypes it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import tensorplug as tp
from tensorplug.errors import UnsupportedOpError
from tensorplug_conformance.compare import Mismatch, require
from tensorplug_conformance.framework import PRIMITIVE, has_kernel, table, unsupported
from tensorplug_conformance.sample import Row


def primitives(rows: Iterable[Row], device: str) -> Iterator[tuple[str, list[str]]]:
    """The primitives that rows reach, each with the dtypes for which the device is to have a kernel."""
    missing = unsupported(device)
    found: dict[str, list[str]] = {}
    for row in rows:
        for name in (row.op, *row.covers):
            if name in table and table[name].kind == PRIMITIVE:
                known = found.setdefault(name, [])
                known += [d for d in row.dtypes if d not in missing and d not in known]
    yield from found.items()


def check_kernel(op: str, dtypes: Iterable[str], device: str) -> None:
    """A primitive has a kernel in each dtype.

    Raises:
        Mismatch: it has not.
    """
    missing = [dtype for dtype in dtypes if not has_kernel(table[op], dtype, device)]
    require(not missing, f"device '{device}' has no kernel for the primitive '{op}' in {', '.join(missing)}")


def check_refused_dtype(dtype: str, device: str) -> None:
    """A dtype that the backend declares it lacks is refused by every way in.

    Raises:
        Mismatch: it is not, or with another error than ``UnsupportedOpError``.
    """
    wanted = getattr(tp, dtype)
    ways = {
        "zeros": lambda: tp.zeros(2, dtype=wanted, device=device),
        "tensor": lambda: tp.tensor([1], dtype=wanted, device=device),
        "to(device)": lambda: tp.zeros(2, dtype=wanted).to(device),
        "to(dtype)": lambda: tp.zeros(2, dtype=tp.bool, device=device).to(wanted),
    }
    for name, way in ways.items():
        try:
            way()
        except UnsupportedOpError:
            continue
        except Exception as error:
            raise Mismatch(
                f"{name}: {dtype} is declared unsupported and refused with {type(error).__name__}"
            ) from error
        raise Mismatch(f"{name}: {dtype} is declared unsupported on '{device}', but works")
