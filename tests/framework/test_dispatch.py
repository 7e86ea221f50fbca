"""Between an op and its kernel: interpreters, observers, ops without a kernel, and the fallback that is counted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import tensorplug as tp
from tensorplug import dispatch, registry
from tensorplug.errors import UnsupportedOpError
from tensorplug.extend import BackendEntry, execute, observe, pop_interpreter, push_interpreter

Plug = Callable[..., Any]


@pytest.fixture
def poor(toy: str) -> Iterator[str]:
    """Device ``poor``: the toy device without kernels for tanh, cumsum and sort_dim."""
    import tensorplug_toy.backend

    class PoorBackend(tensorplug_toy.backend.ToyBackend):
        device_type = "poor"
        kernels = {  # noqa: RUF012
            name: kernel
            for name, kernel in tensorplug_toy.backend.ToyBackend.kernels.items()
            if name not in ("tanh", "cumsum", "sort_dim")
        }

    class Plugin:
        @tp.extend.hookimpl
        def tensorplug_backends(self) -> Any:
            return [BackendEntry("poor", PoorBackend)]

    plugin = Plugin()
    registry.register(plugin, "poor")
    yield "poor"
    registry.unregister(plugin)


@pytest.fixture
def fallback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Missing ops may run on the CPU."""
    monkeypatch.setattr(tp.config, "fallback", "cpu")
    dispatch.fallback_counts.clear()


# ---------------------------------------------------------------------------------------------------- no kernel


def test_an_op_without_a_kernel_names_itself_the_device_the_dtype_and_the_ways_out(poor: str) -> None:
    x = tp.tensor([0.5], device=poor, dtype=tp.float64)
    with pytest.raises(UnsupportedOpError) as caught:
        x.tanh()
    text = str(caught.value)
    for part in ("tanh", "'poor:0'", "float64", ".to('cpu')", "plugin", "tensorplug.config.fallback = 'cpu'"):
        assert part in text
    assert isinstance(caught.value, NotImplementedError)


def test_nothing_falls_back_in_silence(poor: str) -> None:
    dispatch.fallback_counts.clear()
    with pytest.raises(UnsupportedOpError):
        tp.tensor([1.0], device=poor).cumsum(0)
    assert dispatch.fallback_counts == {}


def test_the_fallback_runs_on_the_cpu_comes_back_and_is_counted(poor: str, fallback: None) -> None:
    x = tp.tensor([3.0, 1.0], device=poor, requires_grad=True)
    for _ in range(2):
        total = x.cumsum(0)
    values, places = x.sort()
    assert {total.device, values.device, places.device} == {tp.device("poor:0")}
    assert (total.tolist(), values.tolist(), places.tolist()) == ([3, 4], [1, 3], [1, 0])
    assert dispatch.fallback_counts == {("cumsum", "poor"): 2, ("sort_dim", "poor"): 1}


def test_gradients_flow_through_a_fallback(poor: str, fallback: None) -> None:
    x = tp.tensor([3.0, 1.0], device=poor, requires_grad=True)
    (x.cumsum(0) * tp.tensor([1.0, 10.0], device=poor)).sum().backward()
    assert x.grad is not None
    assert (x.grad.device, x.grad.tolist()) == (tp.device("poor:0"), [11, 10])


def test_a_dtype_that_the_device_lacks_is_refused_by_name(toy: str) -> None:
    for make in (
        lambda: tp.zeros(2, dtype=tp.complex64, device=toy),
        lambda: tp.tensor([1j], device=toy),
        lambda: tp.zeros(2, device=toy).to(tp.bfloat16),
        lambda: tp.zeros(2, dtype=tp.bfloat16).to(toy),
    ):
        with pytest.raises(
            UnsupportedOpError, match=r"device 'toy:0' does not support tensorplug\.(complex64|bfloat16)"
        ):
            make()


# ---------------------------------------------------------------------------------------------------- interpreters


class Recorder:
    """An interpreter that notes ops and runs them on."""

    def __init__(self) -> None:
        self.ops: list[str] = []

    def __call__(self, op: Any, inputs: Any, params: Any, shape: Any, dtype: Any, device: Any) -> Any:
        self.ops.append(op.name)
        if op.kind == "view":
            return dispatch.make_view(op, inputs[0], params, shape, *dtype)
        return execute(op, inputs, params, shape, dtype, device)


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """An interpreter on the stack."""
    made = Recorder()
    push_interpreter(made)
    yield made
    pop_interpreter()


def test_an_interpreter_sees_every_op_before_it_runs(recorder: Recorder) -> None:
    x = tp.ones(2, 3)
    y = (x + 1).t() @ x.exp()
    y.sum()
    assert recorder.ops == ["filled", "add", "t", "exp", "matmul_batched", "sum"]


def test_an_interpreter_sees_the_backward_pass_too() -> None:
    x = tp.ones(2, requires_grad=True)
    y = x.exp().sum()
    seen = Recorder()
    push_interpreter(seen)
    y.backward()
    pop_interpreter()
    assert "mul" in seen.ops
    assert x.grad is not None


def test_the_newest_interpreter_goes_first_and_those_below_see_what_it_runs() -> None:
    order: list[tuple[str, str]] = []

    def make(name: str) -> Any:
        def interpret(op: Any, *plan: Any) -> Any:
            order.append((name, op.name))
            return dispatch.run(op, *plan)

        return interpret

    x = tp.ones(2)
    push_interpreter(make("below"))
    push_interpreter(make("above"))
    try:
        x + x
    finally:
        pop_interpreter()
        pop_interpreter()
    x + x
    assert order == [("above", "add"), ("below", "add")]


def test_an_interpreter_may_answer_in_its_own_way() -> None:
    x = tp.ones(2)
    push_interpreter(lambda op, *plan: x if op.name == "add" else execute(op, *plan))
    try:
        assert (x + 5) is x
    finally:
        pop_interpreter()
    assert (x + 5).tolist() == [6, 6]


def test_an_error_inside_an_interpreter_leaves_the_stack_as_it_was(recorder: Recorder) -> None:
    with pytest.raises(RuntimeError, match="division"):
        tp.tensor([1]) // 0
    tp.ones(1)
    assert recorder.ops[-1] == "filled"


def test_interpreters_belong_to_their_thread(recorder: Recorder) -> None:
    other = threading.Thread(target=lambda: tp.ones(3).exp())
    other.start()
    other.join()
    assert recorder.ops == []


def test_there_must_be_an_interpreter_to_take_away() -> None:
    with pytest.raises(RuntimeError, match="there is no interpreter"):
        pop_interpreter()


# ---------------------------------------------------------------------------------------------------- observers


def test_observers_stand_around_ops_and_leave_no_trace() -> None:
    seen: list[tuple[str, list[Any]]] = []

    def note(name: str, inputs: tuple[Any, ...], run: Callable[[], Any]) -> Any:
        result = run()
        seen.append((name, [tuple(x.shape) for x in inputs if isinstance(x, tp.Tensor)]))
        return result

    x = tp.ones(2, 3)
    stop = observe(note)
    (x * 2).sum()
    stop()
    x + 1
    assert seen == [("mul", [(2, 3)]), ("sum", [(2, 3)])]


def test_observers_work_in_all_threads() -> None:
    seen: list[str] = []
    stop = observe(lambda name, inputs, run: (seen.append(name), run())[1])
    other = threading.Thread(target=lambda: tp.ones(3).exp())
    other.start()
    other.join()
    stop()
    assert seen == ["filled", "exp"]


def test_the_newest_observer_stands_outside() -> None:
    order: list[str] = []

    def make(name: str) -> Any:
        def around(op: str, inputs: Any, run: Callable[[], Any]) -> Any:
            order.append(f"{name} before")
            found = run()
            order.append(f"{name} after")
            return found

        return around

    x = tp.ones(1)
    stops = [observe(make("older")), observe(make("newer"))]
    x + 1
    for stop in stops:
        stop()
    assert order == ["newer before", "older before", "older after", "newer after"]


def test_observers_see_the_parts_of_an_op_without_a_kernel(toy: str) -> None:
    x = tp.ones(2, device=toy)
    seen: list[str] = []
    stop = observe(lambda name, inputs, run: (seen.append(name), run())[1])
    x.square()
    stop()
    assert seen == ["square", "mul"]


# ---------------------------------------------------------------------------------------------------- recording


def test_an_op_with_its_own_gradient_is_one_node_whatever_computed_it(toy: str) -> None:
    for device in ("cpu", toy):
        x = tp.tensor([0.5], device=device, requires_grad=True)
        y = x.sigmoid()
        assert y.grad_fn.name() == "SigmoidBackward0"
        assert y.grad_fn.next_functions[0][0].name() == "AccumulateGrad"


def test_zero_dim_cpu_tensors_go_along_with_any_device(toy: str) -> None:
    x = tp.ones(2, device=toy)
    assert (x * tp.tensor(3.0)).device == (tp.tensor(3.0) * x).device == tp.device("toy:0")
    with pytest.raises(RuntimeError, match="cpu and toy:0"):
        x * tp.tensor([3.0, 3.0])


def test_a_decomposition_records_nothing_where_the_op_has_no_gradient(toy: str) -> None:
    x = tp.tensor([1.0], device=toy, requires_grad=True)
    assert not tp.nextafter(x, tp.tensor([2.0], device=toy)).requires_grad
