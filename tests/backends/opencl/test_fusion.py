"""Chains of element-wise ops as one kernel."""

from typing import Any

import numpy as np
import pytest

import tensorplug as tp
from tensorplug_opencl.fusion import Chain, Constant, Step


def array(device: str, values: Any) -> Any:
    return tp.tensor(values, dtype=tp.float32, device=device)._array


def test_a_chain_is_one_launch(device: str, runtime: Any) -> None:
    # x = a * b; x * tanh(x) + exp(x)
    steps = [Step("mul", (0, 1)), Step("tanh", (2,)), Step("mul", (2, 3)), Step("exp", (2,)), Step("add", (4, 5))]
    chain = Chain(tp.float32, 2, steps, [6])
    a, b = np.linspace(-2, 2, 1001, dtype="f"), np.linspace(1, 0, 1001, dtype="f")
    left, right = array(device, a), array(device, b)
    before = runtime.launches
    found = chain(left, right)
    assert runtime.launches == before + 1
    x = a * b
    np.testing.assert_allclose(runtime.read(found), x * np.tanh(x) + np.exp(x), rtol=1e-5)


def test_constants_comparisons_and_several_results(device: str, runtime: Any) -> None:
    steps = [Step("gt", (0, Constant(0.0))), Step("mul", (0, Constant(0.5))), Step("where", (1, 0, 2))]
    positive, leaky = Chain(tp.float32, 1, steps, [1, 3])(array(device, [-2.0, 3.0]))
    assert runtime.read(positive).tolist() == [False, True]
    assert runtime.read(leaky).tolist() == [-1.0, 3.0]


def test_inputs_broadcast(device: str, runtime: Any) -> None:
    chain = Chain(tp.float32, 2, [Step("add", (0, 1)), Step("square", (2,))], [3])
    found = chain(array(device, [[1.0], [2.0]]), array(device, [10.0, 20.0, 30.0]))
    assert runtime.read(found).tolist() == [[121, 441, 961], [144, 484, 1024]]


def test_a_step_cannot_use_what_comes_after_it() -> None:
    with pytest.raises(ValueError, match="'add' uses value 2, which comes after it"):
        Chain(tp.float32, 1, [Step("add", (0, 2)), Step("exp", (0,))], [1])


def test_an_op_without_an_expression_is_refused() -> None:
    with pytest.raises(ValueError, match="'sum' is no element-wise op"):
        Chain(tp.float32, 1, [Step("sum", (0,))], [1])


def test_a_chain_may_have_many_inputs(device: str, runtime: Any) -> None:
    steps = [Step("add", (0, 1)), *[Step("add", (12 + k, 2 + k)) for k in range(10)]]
    chain = Chain(tp.float32, 12, steps, [22])
    found = chain(*[array(device, [float(2**k)]) for k in range(12)])
    assert runtime.read(found).tolist() == [2.0**12 - 1]
