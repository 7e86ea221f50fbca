"""What is timed: one table. A case is made with a library, so that both run the same lines.

``make(library, device)`` gives the function to time; ``library`` is tensorplug or torch, whose names are the
same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from training import digits_step, mlp_step

Make = Callable[[Any, str], Callable[[], Any]]


class Case(NamedTuple):
    """One row.

    Attributes:
        name: unique; ``--only`` looks for its argument in it.
        make: builds inputs and returns what to time.
        target: the share of PyTorch's time to stay under, None where there is no promise.
        quick: whether ``--quick`` keeps it.
    """

    name: str
    make: Make
    target: float | None = None
    quick: bool = True


def _add_small(lib: Any, device: str, recorded: bool) -> Callable[[], Any]:
    a = lib.rand(4, 4, device=device).requires_grad_(recorded)
    b = lib.rand(4, 4, device=device)
    return lambda: a + b


def _elementwise(lib: Any, device: str, op: str, size: int) -> Callable[[], Any]:
    x, y = lib.rand(size, device=device), lib.rand(size, device=device)
    if op == "add":
        return lambda: x + y
    if op == "chain":
        return lambda: x * lib.tanh(x) + lib.exp(x)
    function = getattr(lib, op)
    return lambda: function(x)


def _matmul(lib: Any, device: str, size: int) -> Callable[[], Any]:
    a, b = lib.rand(size, size, device=device), lib.rand(size, size, device=device)
    return lambda: a @ b


def _softmax(lib: Any, device: str, backward: bool) -> Callable[[], Any]:
    x = lib.randn(512, 1024, device=device)
    return _forward(x, lambda x: lib.softmax(x, -1), backward)


def _layer_norm(lib: Any, device: str, backward: bool) -> Callable[[], Any]:
    x = lib.randn(512, 1024, device=device)
    layer = lib.nn.LayerNorm(1024).to(device)
    return _forward(x, layer, backward)


def _cross_entropy(lib: Any, device: str, backward: bool) -> Callable[[], Any]:
    x = lib.randn(512, 1000, device=device)
    labels = lib.randint(0, 1000, (512,), device=device)
    return _forward(x, lambda x: lib.nn.functional.cross_entropy(x, labels), backward)


def _forward(x: Any, function: Callable[[Any], Any], backward: bool) -> Callable[[], Any]:
    if not backward:
        return lambda: function(x)
    x.requires_grad_()
    shape = function(x).shape
    gradient = x.detach()[0, 0] if not shape else x.detach() * 0 + 1

    def run() -> None:
        x.grad = None
        function(x).backward(gradient)

    return run


def _size(count: int) -> str:
    return f"{count >> 20}M" if count >> 20 else f"{count >> 10}K"


_SIZES = [1 << 10, 1 << 14, 1 << 18, 1 << 20, 1 << 24]

CASES: list[Case] = [
    Case("dispatch: add 4x4", partial(_add_small, recorded=False), 1.2),
    Case("dispatch: add 4x4, recorded", partial(_add_small, recorded=True), 0.8),
    Case(
        "step: MLP 64-64-10, batch 32, SGD",
        partial(mlp_step, sizes=(64, 64, 10), batch=32, method="SGD"),
        1.0,
    ),
    Case(
        "step: MLP 64-64-10, batch 32, Adam",
        partial(mlp_step, sizes=(64, 64, 10), batch=32, method="Adam"),
        0.8,
    ),
    Case(
        "step: MLP 784-512-512-10, batch 64, Adam",
        partial(mlp_step, sizes=(784, 512, 512, 10), batch=64, method="Adam"),
        0.8,
    ),
    Case("step: digits CNN of the demo, batch 64, Adam", digits_step),
    *[
        Case(
            f"elementwise: {op} {_size(size)}",
            partial(_elementwise, op=op, size=size),
            0.6 if size == 1 << 24 else None,
            quick=size in (1 << 10, 1 << 20),
        )
        for op in ("add", "exp", "tanh", "chain")
        for size in _SIZES
    ],
    *[
        Case(f"matmul: {n}", partial(_matmul, size=n), 1.0 if n >= 512 else None, quick=n in (64, 512))
        for n in (64, 128, 256, 512, 1024, 2048)
    ],
    *[
        Case(f"{name}, {'forward and backward' if backward else 'forward'}", partial(make, backward=backward))
        for name, make in (
            ("softmax: 512x1024", _softmax),
            ("layer_norm: 512x1024", _layer_norm),
            ("cross_entropy: 512x1000", _cross_entropy),
        )
        for backward in (False, True)
    ],
]


def chosen(only: str | None, quick: bool) -> list[Case]:
    """The cases whose names contain ``only``, without the slow ones if ``quick``."""
    return [case for case in CASES if (only is None or only in case.name) and (case.quick or not quick)]
