"""A user's program as type checkers see it: it has no errors but those that are marked. Read by mypy, not run."""

from typing import Any, assert_type

import tensorplug as tp
import tensorplug.nn.functional as F
from tensorplug import Tensor


def attributes() -> None:
    x = tp.randn(3, 4, requires_grad=True)
    assert_type(x, Tensor)
    assert_type(x.device, tp.device)
    assert_type(x.dtype, tp.dtype)
    assert_type(x.shape, tp.Size)
    dtype: tp.dtype = tp.float32
    assert_type(x.to(dtype), Tensor)


def functions(x: Tensor) -> None:
    assert_type(tp.exp(x), Tensor)
    assert_type(tp.exp(x, out=x), Tensor)
    assert_type(tp.relu_(x), Tensor)
    assert_type(tp.sum(x, (0, 1), keepdim=True, dtype=tp.float64), Tensor)
    assert_type(tp.cat([x, x], dim=1), Tensor)
    assert_type(tp.arange(3), Tensor)
    assert_type(tp.allclose(x, x), bool)


def methods(x: Tensor) -> None:
    assert_type(x.sum(0), Tensor)
    assert_type(x.view(-1).softmax(dim=0), Tensor)
    assert_type(x.add_(1, alpha=2), Tensor)
    assert_type(x.subtract(x), Tensor)
    assert_type(x.uniform_(from_=-1, to=1), Tensor)
    assert_type(x.split(2), tuple[Tensor, ...])
    assert_type(x.T, Tensor)
    assert_type(x.float().mean().item(), Any)
    assert_type(x.size(), tp.Size)
    assert_type(x.size(0), int)
    for row in x:
        assert_type(row, Tensor)


def operators(x: Tensor) -> None:
    assert_type(-x + 2 * x / (x @ x.T) ** 2, Tensor)
    assert_type(1 - x, Tensor)
    assert_type((x > 0) & ~(x == 1), Tensor)
    assert_type(x[0, ..., None], Tensor)
    weight = tp.nn.Parameter(x)
    weight += 1
    assert_type(weight, tp.nn.Parameter)


def results_that_depend_on_arguments(x: Tensor) -> None:
    assert_type(tp.max(x), Tensor)
    assert_type(tp.max(x, x), Tensor)
    assert_type(tp.max(x, 1).indices, Tensor)
    assert_type(x.min(dim=1)[0], Tensor)
    assert_type(x.nonzero(), Tensor)
    assert_type(x.nonzero(as_tuple=True), tuple[Tensor, ...])
    assert_type(tp.where(x > 0, x, 0), Tensor)
    assert_type(F.max_pool2d(x, 2), Tensor)
    assert_type(F.max_pool2d(x, 2, return_indices=True), tuple[Tensor, Tensor])


def functions_of_neural_networks(x: Tensor) -> None:
    assert_type(F.relu(x, inplace=True), Tensor)
    assert_type(F.cross_entropy(x, x, reduction="sum"), Tensor)
    assert_type(tp.nn.functional.conv2d(x, x, padding="same"), Tensor)


def wrong_calls(x: Tensor) -> None:
    tp.exp()  # type: ignore[call-arg]
    tp.exp([1, 2])  # type: ignore[arg-type]
    tp.expp(x)  # type: ignore[attr-defined]
    x.expp()  # type: ignore[attr-defined]
    x.sum(axes=0)  # type: ignore[call-arg]
    x.exp(out=x)  # type: ignore[call-arg]
    x.transpose(0)  # type: ignore[call-arg]
    x + "1"  # type: ignore[operator]
    tp.mse_loss(x, x)  # type: ignore[attr-defined]
    F.cross_entropy(x)  # type: ignore[call-arg]
