"""The meta device: the shapes and dtypes of results, without data and without kernels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import tensorplug as tp
from tensorplug import nn
from tensorplug.nn import functional as F

Case = Callable[..., Any]

CASES: dict[str, Case] = {
    "arithmetic": lambda x: (x + 1, x * x, 2 / x, x**2, -x, x // 2, x % 3),
    "functions": lambda x: (x.exp(), x.tanh(), x.sigmoid(), x.erf(), x.floor(), x.clamp(0, 1), x.softmax(-1)),
    "comparisons": lambda x: (x > 0, x == x, x.isnan(), (x > 0) & (x < 1), tp.where(x > 0, x, 0.0)),
    "promotion": lambda x: (x.long() + 1.5, x.long().sum(), (x > 0).sum(), x.half() + x, x.int() / 2),
    "broadcasting": lambda x: (x + x[:, :1], x * x[0], x[None] - x.unsqueeze(1)),
    "reductions": lambda x: (x.sum(), x.sum(1), x.mean((0, 2), keepdim=True), x.var(1), x.amax(2), x.prod(0)),
    "extremes": lambda x: (x.max(1), x.min(), x.argmax(), x.argmin(2), (x > 0).all(), (x > 0).any(1)),
    "running totals": lambda x: (x.cumsum(1), x.cumprod(0), x.logsumexp(1), x.norm(), x.norm(dim=2)),
    "views": lambda x: (x.t() if x.dim() < 3 else x.mT, x.reshape(6, 4), x.flatten(1), x[1, ::2], x.expand(5, 2, 3, 4)),
    "movement": lambda x: (
        tp.cat([x, x], 1),
        tp.stack([x, x]),
        x.flip(0),
        x.roll(1, 0),
        x.repeat(2, 1, 1),
        x.split(2, 1),
    ),
    "indexing": lambda x: (
        x.gather(1, tp.zeros(2, 1, 4, dtype=tp.int64, device=x.device)),
        x.index_select(2, tp.zeros(5, dtype=tp.int64, device=x.device)),
        x[tp.zeros(3, dtype=tp.int64, device=x.device)],
        x.scatter(1, tp.zeros(2, 1, 4, dtype=tp.int64, device=x.device), 1.0),
        x.masked_fill(x > 0, 0),
    ),
    "order": lambda x: (x.sort(1), x.topk(2, 1), x.argsort()),
    "products": lambda x: (x @ x.mT, tp.bmm(x, x.mT), x[0] @ x[0, 0], F.linear(x, x[0], x[0, :, 0])),
    "draws": lambda x: (tp.rand_like(x), tp.randn_like(x), tp.bernoulli(x), F.dropout(x)),
    "like": lambda x: (tp.zeros_like(x), tp.full_like(x, 2), x.new_ones(3), x.new_empty(2, 2), x.clone()),
    "losses": lambda x: (F.mse_loss(x, x), F.cross_entropy(x[0], x[0, :, 0].long()), F.layer_norm(x, (4,))),
    "casts": lambda x: (x.half(), x.double(), x.long(), x.bool(), x.to(tp.complex64)),
}


def flat(found: Any) -> list[tp.Tensor]:
    return [found] if isinstance(found, tp.Tensor) else [x for part in found for x in flat(part)]


@pytest.mark.parametrize("name", CASES)
def test_shapes_strides_and_dtypes_are_those_of_the_cpu(name: str) -> None:
    meta = flat(CASES[name](tp.zeros(2, 3, 4, device="meta")))
    cpu = flat(CASES[name](tp.ones(2, 3, 4) / 2))
    assert [x.device for x in meta] == [tp.device("meta")] * len(cpu)
    assert [(x.shape, x.dtype) for x in meta] == [(x.shape, x.dtype) for x in cpu]


def test_views_keep_their_strides() -> None:
    x = tp.empty(2, 3, 4, device="meta").permute(2, 0, 1)
    assert x.stride() == (1, 12, 4)
    assert not x.is_contiguous()
    assert x.contiguous().stride() == (6, 3, 1)
    with pytest.raises(RuntimeError, match="view size is not compatible"):
        x.view(24)


def test_gradients_have_shapes_too() -> None:
    x = tp.empty(3, 4, device="meta", requires_grad=True)
    w = tp.empty(4, 5, device="meta", requires_grad=True)
    (x @ w).relu().sum(1).mean().backward()
    assert x.grad is not None
    assert w.grad is not None
    assert (x.grad.shape, w.grad.shape, w.grad.device) == ((3, 4), (4, 5), tp.device("meta"))


def test_changes_in_place_are_counted_and_checked() -> None:
    x = tp.empty(2, 3, device="meta")
    x.add_(1).zero_()[0].fill_(2)
    assert x._version == 3
    with pytest.raises(RuntimeError, match="output with shape"):
        x.add_(tp.empty(5, 2, 3, device="meta"))


def test_no_kernel_is_needed_and_memory_of_any_size_costs_nothing() -> None:
    assert tp.registry.backend_of("meta").kernels == {}
    x = tp.empty(10**6, 10**6, device="meta")
    assert (x @ x).numel() == 10**12


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (lambda x: x.item(), RuntimeError),
        (lambda x: x.tolist(), NotImplementedError),
        (lambda x: x.cpu(), NotImplementedError),
        (lambda x: bool(x), RuntimeError),
        (lambda x: x.nonzero(), NotImplementedError),
        (lambda x: x[x > 0], NotImplementedError),
        (lambda x: x.masked_select(x > 0), NotImplementedError),
    ],
    ids=["item", "tolist", "cpu", "bool", "nonzero", "mask", "masked_select"],
)
def test_what_needs_data_says_that_there_is_none(act: Case, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=r"meta|no data"):
        act(tp.empty(1, device="meta"))


def test_tensors_go_to_meta_but_not_back() -> None:
    x = tp.ones(2, 3, dtype=tp.float16).to("meta")
    assert (x.shape, x.dtype, x.is_meta) == ((2, 3), tp.float16, True)
    with pytest.raises(NotImplementedError, match="no data"):
        x.to("cpu")


def test_meta_and_other_devices_do_not_mix() -> None:
    with pytest.raises(RuntimeError, match="cpu and meta"):
        tp.ones(2) + tp.ones(2, device="meta")


def test_it_prints_its_shape_instead_of_its_elements() -> None:
    assert repr(tp.empty(2, 3, device="meta")) == "tensor(..., device='meta', size=(2, 3))"


def test_modules_are_planned_on_meta_and_then_made_elsewhere() -> None:
    net = nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 16, 10)
    )
    net = net.to("meta")
    assert net(tp.empty(2, 3, 4, 4, device="meta")).shape == (2, 10)
    net.to_empty(device="cpu")
    assert {p.device for p in net.parameters()} == {tp.device("cpu")}


def test_the_meta_device_is_a_plugin_like_any_other() -> None:
    assert "meta" in tp.registry.device_types()
    assert any(getattr(plugin, "__name__", "") == "tensorplug.meta" for _, plugin in tp.registry.plugins())
