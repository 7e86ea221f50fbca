"""One front-end, two backends that have nothing in common: what runs on ``cpu`` gives the same result on ``toy``."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorplug_toy.cells import Cells
from tensorplug_toy.kernels.creation import random_integers, random_normal, random_uniform, words

import tensorplug as tp
from tensorplug import nn
from tensorplug.nn import functional as F

pytestmark = pytest.mark.usefixtures("toy")

Case = Callable[..., Any]

TOLERANCE = {tp.float16: 2e-3, tp.float32: 2e-5, tp.float64: 1e-12}


def on(device: str, *arrays: np.ndarray, grad: bool = False) -> list[tp.Tensor]:
    made = [tp.tensor(a, device=device) for a in arrays]
    return [x.requires_grad_() if grad and x.is_floating_point() else x for x in made]


def flat(found: Any) -> list[tp.Tensor]:
    if isinstance(found, tp.Tensor):
        return [found]
    return [x for part in found for x in flat(part)]


def assert_same(toy: Any, cpu: Any) -> None:
    """Equal dtypes and shapes, and values that differ by rounding at most."""
    pairs = list(zip(flat(toy), flat(cpu), strict=True))
    assert pairs
    for a, b in pairs:
        assert a.device == tp.device("toy:0")
        assert (a.dtype, a.shape) == (b.dtype, b.shape)
        tolerance = TOLERANCE.get(b.dtype, 0)
        np.testing.assert_allclose(a.detach().cpu().numpy(), b.detach().numpy(), rtol=tolerance, atol=tolerance)


def check(case: Case, *arrays: np.ndarray) -> None:
    """The case on both devices: results, then the gradients of a weighted sum of them."""
    found = {}
    for device in ("toy", "cpu"):
        inputs = on(device, *arrays, grad=True)
        results = flat(case(*inputs))
        total = None
        for result in results:
            if result.requires_grad:
                weights = tp.arange(1, result.numel() + 1, device=device).reshape(result.shape) / result.numel()
                part = (result * weights.to(result.dtype)).sum()
                total = part if total is None else total + part
        if total is not None:
            total.backward()
        found[device] = (results, [x.grad for x in inputs if x.grad is not None])
    assert_same(found["toy"][0], found["cpu"][0])
    assert len(found["toy"][1]) == len(found["cpu"][1])
    if found["cpu"][1]:
        assert_same(found["toy"][1], found["cpu"][1])


def draw(*shape: int, seed: int = 0, dtype: Any = np.float32) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-2, 2, shape).astype(dtype)


# ---------------------------------------------------------------------------------------------------- element-wise ops

SMOOTH = (
    "neg", "abs", "sign", "sgn", "square", "exp", "exp2", "expm1", "sin", "cos", "tan", "atan", "sinh", "cosh",
    "tanh", "asinh", "erf", "erfc", "sigmoid", "floor", "ceil", "trunc", "round", "frac", "isnan", "isinf",
    "isfinite", "nan_to_num", "positive", "lgamma", "digamma", "reciprocal",
)  # fmt: skip
POSITIVE = ["log", "log1p", "log2", "log10", "sqrt", "rsqrt", "acosh"]
UNIT = ["asin", "acos", "atanh", "erfinv"]


@pytest.mark.parametrize("name", SMOOTH)
def test_functions_of_any_number(name: str) -> None:
    check(getattr(tp, name), draw(3, 4))


@pytest.mark.parametrize("name", POSITIVE)
def test_functions_of_positive_numbers(name: str) -> None:
    check(getattr(tp, name), np.abs(draw(3, 4)) + 1.1)


@pytest.mark.parametrize("name", UNIT)
def test_functions_on_the_unit_interval(name: str) -> None:
    check(getattr(tp, name), draw(3, 4) * 0.45)


@pytest.mark.parametrize("name", [*SMOOTH, *POSITIVE, *UNIT])
def test_special_values(name: str) -> None:
    edge = np.array([0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, 200.0, -200.0, 0.5], np.float64)
    if name in ("sin", "cos", "tan", "lgamma", "digamma"):
        # Sines of large angles and gamma functions of negative numbers lose digits on either device.
        edge = edge[np.abs(edge) < 200]
    toy, cpu = (getattr(tp, name)(*on(device, edge)) for device in ("toy", "cpu"))
    assert_same(toy, cpu)


@pytest.mark.parametrize("name", ["add", "sub", "mul", "div", "atan2", "maximum", "minimum", "fmod", "remainder"])
def test_two_operands_broadcast(name: str) -> None:
    check(getattr(tp, name), draw(3, 1), draw(2, 1, 4, seed=1))


@pytest.mark.parametrize(
    "name", ["add", "sub", "mul", "div", "pow", "floor_divide", "remainder", "fmod", "eq", "ne", "lt", "le", "gt", "ge"]
)
@pytest.mark.parametrize("number", [3, -1.5, 0.1])
def test_a_number_as_operand(name: str, number: float) -> None:
    check(lambda x: getattr(tp, name)(x, number), np.abs(draw(3, 4)) + 0.1)


def test_a_zero_remainder_keeps_the_dividends_sign() -> None:
    found = tp.tensor([4.0, -4.0, 0.0, -0.0], device="toy").remainder(tp.tensor([-2.0, 2.0, -3.0, 3.0], device="toy"))
    assert np.signbit(found.cpu().numpy()).tolist() == [False, True, False, True]


def test_a_number_operand_is_rounded_to_the_dtype() -> None:
    x = tp.tensor([0.1], device="toy")
    assert (x == 0.1).tolist() == [True]


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.int32, np.int64])
@pytest.mark.parametrize(
    "name", ["add", "sub", "mul", "floor_divide", "remainder", "fmod", "bitwise_and", "bitwise_or", "bitwise_xor"]
)
def test_integers_wrap(name: str, dtype: Any) -> None:
    a = np.array([100, 101, 7, 0, 127, 1, 3], dtype)
    b = np.array([100, 2, 3, 5, 127, 126, 2], dtype)
    check(getattr(tp, name), a, b)
    if np.issubdtype(dtype, np.signedinteger):
        check(getattr(tp, name), -a, b)


@pytest.mark.parametrize("name", ["bitwise_left_shift", "bitwise_right_shift"])
def test_shifts(name: str) -> None:
    check(getattr(tp, name), np.array([1, -5, 100, 7]), np.array([3, 1, 0, 60]))


def test_whole_powers() -> None:
    check(tp.pow, np.array([3, -2, 0, 2, 1, -1, -1, 0]), np.array([4, 3, 0, -1, -2, -3, -2, -1]))


@pytest.mark.parametrize("case", [lambda x: x // 0, lambda x: x % x, lambda x: x.fmod(0), lambda x: x**-1])
def test_whole_numbers_refuse_division_by_zero(case: Case) -> None:
    for device in ("toy", "cpu"):
        with pytest.raises(RuntimeError, match=r"ZeroDivision|negative integer powers"):
            case(tp.tensor([1, 0], device=device))


CHOICES: dict[str, Case] = {
    "pow": lambda x, y: x.abs() ** y,
    "pow of a number": lambda x, y: 2**x,
    "clamp": lambda x, y: x.clamp(-0.5, 1),
    "clamp to tensors": lambda x, y: x.clamp(y, y + 1),
    "where": lambda x, y: tp.where(x > y, x, y * 2),
    "where with a number": lambda x, y: tp.where(x > 0, x, 0.5),
    "masked_fill": lambda x, y: x.masked_fill(x > 0, -3),
    "logic": lambda x, y: ((x > 0) & (y > 0), (x > 0) ^ (y > 0), ~(x > 0), tp.logical_or(x, y), tp.logical_not(x)),
    "lerp": lambda x, y: x.lerp(y, 0.3),
    "addcmul": lambda x, y: x.addcmul(x, y, value=2),
    "isclose": lambda x, y: x.isclose(x + 1e-9),
    "tensor as a mixed operand": lambda x, y: x + tp.arange(4, device=x.device),
}


@pytest.mark.parametrize("name", CHOICES)
def test_choices_and_powers(name: str) -> None:
    check(CHOICES[name], draw(3, 4), draw(3, 4, seed=1))


# ---------------------------------------------------------------------------------------------------- reductions

REDUCTIONS: dict[str, Case] = {
    "sum": lambda x: (x.sum(), x.sum(1), x.sum((0, 2), keepdim=True)),
    "sum of a transpose": lambda x: x.transpose(0, 2).sum(1),
    "mean": lambda x: (x.mean(), x.mean((1, 2))),
    "prod": lambda x: (x.prod(), x.prod(1, keepdim=True)),
    "amax": lambda x: (x.amax(), x.amax((0, 2)), x.amin(1, keepdim=True)),
    "max": lambda x: (x.max(), x.max(1), x.min(-1, keepdim=True)),
    "argmax": lambda x: (x.argmax(), x.argmax(1), x.argmin(2, keepdim=True)),
    "all": lambda x: ((x > -1).all(), (x > 0).all(1), (x > 1).any((0, 2))),
    "var": lambda x: (x.var(), x.std(1), x.var((0, 1), correction=0)),
    "norm": lambda x: (x.norm(), x.norm(dim=1), x.norm(3), x.norm(1, dim=(0, 2))),
    "logsumexp": lambda x: x.logsumexp(1),
    "cumsum": lambda x: (x.cumsum(0), x.cumsum(1), x.cumsum(-1)),
    "cumprod": lambda x: (x.cumprod(0), x.cumprod(2)),
}


@pytest.mark.parametrize("name", REDUCTIONS)
def test_reductions(name: str) -> None:
    check(REDUCTIONS[name], draw(2, 3, 4))


def test_reductions_of_no_elements() -> None:
    check(lambda x: (x.sum(), x.sum(0), x.prod(1), x.mean(), (x > 0).all(0), x.cumsum(1)), np.zeros((3, 0), np.float32))


def test_integers_and_bools_sum_to_int64() -> None:
    check(lambda x: (x.sum(0), x.prod(), (x > 100).sum(), x.cumsum(0)), np.array([[200, 100], [3, 7]], np.uint8))


# ---------------------------------------------------------------------------------------------------- movement

MOVEMENT: dict[str, Case] = {
    "permute": lambda x: x.permute(2, 0, 1).contiguous(),
    "reshape of a transpose": lambda x: x.transpose(0, 1).reshape(-1),
    "slices": lambda x: x[1, ::2, 1:3],
    "expand": lambda x: x[:, :1].expand(2, 5, 4) * 1,
    "diagonal": lambda x: x.diagonal(0, 1, 2),
    "unfold": lambda x: x.unfold(2, 2, 1),
    "flip": lambda x: (x.flip(0, 2), x.transpose(0, 1).flip(1)),
    "cat": lambda x: (tp.cat([x, x * 2, x[:, :1]], 1), tp.cat([x, x.flip(0)], -1), tp.stack([x, x], 2)),
    "split": lambda x: x.split(2, 1),
    "roll": lambda x: x.roll((1, 2), (0, 2)),
    "repeat": lambda x: (x.repeat(2, 1, 2), x.repeat_interleave(2, 1), x.tile(2)),
    "as_strided": lambda x: x.as_strided((3, 2), (1, 4), 2),
    "gather": lambda x: x.gather(1, (x[:, :2] > 0).long() + 1),
    "index_select": lambda x: x.index_select(1, tp.tensor([2, 0, 2], device=x.device)),
    "index tensors": lambda x: x[tp.tensor([1, 0], device=x.device), :, tp.tensor([-1, 2], device=x.device)],
    "masks": lambda x: (x[x > 0], x.masked_select(x < 0)),
    "nonzero": lambda x: ((x > 0).nonzero(), (x > 0).nonzero(as_tuple=True)),
    "scatter": lambda x: (
        x.scatter(2, (x > 0).long(), 5.0),
        tp.zeros_like(x).scatter_add(1, (x > 0).long(), x),
        x.index_add(0, tp.tensor([1, 1], device=x.device), x),
    ),
    "sort": lambda x: (x.sort(1), x.sort(0, descending=True), x.topk(2), x.argsort(2)),
    "take": lambda x: x.take(tp.tensor([[3, 0], [-1, 5]], device=x.device)),
    "pad": lambda x: F.pad(x, (1, 2, 0, 1), value=7.0),
}


@pytest.mark.parametrize("name", MOVEMENT)
def test_movement_and_indexing(name: str) -> None:
    check(MOVEMENT[name], draw(2, 3, 4))


def test_sorting_keeps_equals_in_order_and_nan_last() -> None:
    x = np.array([2.0, np.nan, 1.0, 2.0, np.nan, 1.0])
    check(lambda x: (x.sort(stable=True), x.sort(descending=True, stable=True)), x)


def test_one_index_may_have_one_dim_more_or_less() -> None:
    check(lambda x: (x.gather(0, x.long()[1]), x[1].gather(0, x[:2].long() * 0)), np.array([0.0, 2.0, 1.0]))
    check(lambda x: x.scatter(0, x.long()[1], x[0]), np.array([0.0, 2.0, 1.0]))


def test_ops_on_tensors_without_dims() -> None:
    check(
        lambda x: (x + 1, x.sum(), x.cumsum(0), x.sort(0), x.flip(0), x.argmax(), x.reshape(1), x[None]), np.array(1.5)
    )


PRODUCTS: dict[str, tuple[Case, tuple[int, ...], tuple[int, ...]]] = {
    "matrices": (tp.matmul, (3, 4), (4, 5)),
    "vectors": (tp.matmul, (4,), (4,)),
    "matrix and vector": (tp.matmul, (3, 4), (4,)),
    "batch and matrix": (tp.matmul, (2, 3, 4), (4, 5)),
    "broadcast batches": (tp.matmul, (2, 1, 3, 4), (3, 4, 5)),
    "transposed": (lambda a, b: a.t() @ b.t(), (4, 3), (5, 4)),
    "no inner elements": (tp.matmul, (3, 0), (0, 5)),
    "linear": (F.linear, (2, 3, 4), (5, 4)),
    "outer": (lambda a, b: tp.outer(a[0], b[0]), (3, 4), (4, 5)),
}


@pytest.mark.parametrize("name", PRODUCTS)
def test_matrix_products(name: str) -> None:
    case, a, b = PRODUCTS[name]
    check(case, draw(*a), draw(*b, seed=1))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int32, np.int64, np.uint8, np.bool_])
def test_casts(dtype: Any) -> None:
    host = np.array([0.0, 1.0, 2.5, 100.7, 3.0]).astype(dtype)
    check(lambda x: [x.to(d) for d in (tp.float16, tp.float32, tp.float64, tp.int8, tp.int64, tp.bool)], host)


def test_float16_results_are_rounded_to_float16() -> None:
    check(lambda x: (x + 0.001, x * x, x.exp(), x.sum()), np.array([1.0, 2.0, 300.0], np.float16))


# ---------------------------------------------------------------------------------------------------- memory, draws


def test_views_share_memory_and_changes_in_place_reach_the_gradient() -> None:
    def case(x: tp.Tensor) -> Any:
        y = x * 1
        y[:, 1].mul_(3)
        y.t()[0].copy_(y.t()[2])
        y[y > 1] = 0.5
        return y

    check(case, draw(3, 4))


def test_copies_between_overlapping_views_read_before_they_write() -> None:
    x = tp.arange(6, device="toy")
    x[1:] = x[:-1]
    assert x.tolist() == [0, 0, 1, 2, 3, 4]


def test_second_derivatives() -> None:
    found = []
    for device in ("toy", "cpu"):
        (x,) = on(device, draw(4), grad=True)
        (first,) = tp.autograd.grad((x.exp() * x.sin()).sum(), x, create_graph=True)
        found.append(tp.autograd.grad((first * first).sum(), x))
    assert_same(*found)


def test_draws_follow_the_published_vectors() -> None:
    page = (Path(__file__).parents[2] / "docs" / "random_numbers.md").read_text(encoding="utf-8")
    lines = re.findall(r"^(words|uniform|normal|integers)(?:\((.*?)\))? (0x\S+) (0x\S+) (.*)$", page, re.MULTILINE)
    assert len(lines) > 10
    device = tp.device("toy:0")
    for kind, what, key, offset, expected in lines:
        place = (int(key, 16), int(offset, 16))
        wanted = expected.split()
        if kind == "words":
            stream = words(*place)
            assert [f"{next(stream):016x}" for _ in wanted] == wanted
        elif kind == "integers":
            low, high = map(int, what.split(","))
            assert random_integers((len(wanted),), low, high, *place, device).cells == list(map(int, wanted))
        elif what != "bfloat16":
            dtype = getattr(tp, what)
            draw_of = {"uniform": random_uniform, "normal": random_normal}[kind]
            found = np.array(draw_of((len(wanted),), dtype, *place, device).cells, dtype.numpy)
            if kind == "uniform":
                assert [f"{v:0{2 * dtype.itemsize}x}" for v in found.view(f"u{dtype.itemsize}").tolist()] == wanted
            else:
                np.testing.assert_allclose(found, np.array(wanted, dtype.numpy), rtol=1.1e-6)


def test_the_same_seed_draws_the_same_numbers() -> None:
    def case(device: str) -> list[tp.Tensor]:
        tp.manual_seed(5)
        shape = (3, 3)
        return [
            tp.rand(shape, device=device),
            tp.randn(shape, device=device),
            tp.randint(0, 100, shape, device=device),
            tp.randperm(9, device=device),
            tp.bernoulli(tp.full(shape, 0.5, device=device)),
            F.dropout(tp.ones(shape, device=device)),
            tp.distributions.Gamma(tp.full(shape, 0.7, device=device), 2.0).sample(),
            tp.distributions.Dirichlet(tp.ones(shape, device=device)).sample(),
            tp.distributions.VonMises(tp.zeros(shape, device=device), 2.0).sample(),
            tp.poisson(tp.tensor([2.0, 15.0, 80.0], device=device)),
            tp.binomial(tp.tensor([5.0, 60.0], device=device), tp.tensor([0.3, 0.6], device=device)),
        ]

    assert_same(case("toy"), case("cpu"))


# ---------------------------------------------------------------------------------------------------- training


class Net(nn.Module):
    """A little of everything: convolution, normalisation, pooling, a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(2)
        self.out = nn.Linear(8, 3)

    def forward(self, x: tp.Tensor) -> tp.Tensor:
        x = F.max_pool2d(F.relu(self.norm(self.conv(x))), 2)
        return self.out(x.flatten(1))


def train(device: str, optimizer: Callable[..., Any]) -> tuple[list[float], dict[str, tp.Tensor]]:
    tp.manual_seed(0)
    net = Net().to(device)
    steps = optimizer(net.parameters())
    x = tp.tensor(draw(6, 1, 4, 4), device=device)
    y = tp.tensor([0, 1, 2, 0, 1, 2], device=device)
    losses = []
    for _ in range(4):
        steps.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        steps.step()
        losses.append(loss.item())
    return losses, net.state_dict()


@pytest.mark.parametrize(
    "optimizer",
    [lambda p: tp.optim.SGD(p, lr=0.1, momentum=0.9), lambda p: tp.optim.AdamW(p, lr=0.01)],
    ids=["SGD", "AdamW"],
)
def test_training_takes_the_same_course(optimizer: Callable[..., Any]) -> None:
    (toy_losses, toy_state), (cpu_losses, cpu_state) = train("toy", optimizer), train("cpu", optimizer)
    np.testing.assert_allclose(toy_losses, cpu_losses, rtol=1e-4)
    assert cpu_losses[-1] < cpu_losses[0]
    for name, value in cpu_state.items():
        assert toy_state[name].device == tp.device("toy:0")
        np.testing.assert_allclose(toy_state[name].cpu().numpy(), value.numpy(), rtol=1e-3, atol=1e-5, err_msg=name)


# ---------------------------------------------------------------------------------------------------- the point of it


def test_toy_arrays_have_nothing_of_numpy() -> None:
    shared = set(dir(Cells)) & set(dir(np.ndarray)) - set(dir(object))
    assert shared == set()


def test_toy_has_no_kernel_that_the_contract_does_not_ask_for() -> None:
    backend = tp.registry.backend_of("toy")
    assert [n for n in backend.kernels if tp.op.table[n].kind != tp.op.PRIMITIVE] == []
