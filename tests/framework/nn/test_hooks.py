"""Forward and backward hooks of modules."""

import pytest

import tensorplug as tp
from tensorplug import nn
from tensorplug.nn.module import register_module_forward_hook


class Double(nn.Module):
    def forward(self, x, *, times=2):
        return x * times


def test_forward_hook_sees_and_may_replace_the_output():
    module, seen = Double(), []

    def watch(module, args, output):
        seen.append((args[0].item(), output.item()))

    module.register_forward_hook(watch)
    module.register_forward_hook(lambda module, args, output: output + 1)
    assert module(tp.tensor(3.0)).item() == 7.0
    assert seen == [(3.0, 6.0)]


def test_forward_pre_hook_may_replace_the_arguments():
    module = Double()
    module.register_forward_pre_hook(lambda module, args: args[0] + 1)
    assert module(tp.tensor(3.0)).item() == 8.0


def test_hooks_with_keyword_arguments():
    module = Double()
    module.register_forward_pre_hook(lambda m, args, kwargs: (args, {"times": 5}), with_kwargs=True)
    seen = []
    module.register_forward_hook(lambda m, args, kwargs, output: seen.append(kwargs), with_kwargs=True)
    assert module(tp.tensor(3.0), times=3).item() == 15.0
    assert seen == [{"times": 5}]


def test_pre_hook_with_wrong_result_is_refused():
    module = Double()
    module.register_forward_pre_hook(lambda m, args, kwargs: args, with_kwargs=True)
    with pytest.raises(RuntimeError, match="new_args, new_kwargs"):
        module(tp.tensor(1.0))


def test_order_prepend_and_removal():
    module, order = Double(), []
    module.register_forward_hook(lambda *_: order.append("a"))
    handle = module.register_forward_hook(lambda *_: order.append("b"), prepend=True)
    module(tp.tensor(1.0))
    handle.remove()
    handle.remove()
    module(tp.tensor(1.0))
    assert order == ["b", "a", "a"]


def test_handle_works_as_context_manager():
    module, calls = Double(), []
    with module.register_forward_hook(lambda *_: calls.append(1)):
        module(tp.tensor(1.0))
    module(tp.tensor(1.0))
    assert calls == [1]


def test_always_call_runs_after_an_exception():
    class Broken(nn.Module):
        def forward(self, x):
            raise ArithmeticError

    module, calls = Broken(), []
    module.register_forward_hook(lambda *_: calls.append("always"), always_call=True)
    module.register_forward_hook(lambda *_: calls.append("never"))
    with pytest.raises(ArithmeticError):
        module(1)
    assert calls == ["always"]


def test_global_hook_runs_for_every_module():
    names = []
    with register_module_forward_hook(lambda module, args, output: names.append(type(module).__name__)):
        nn.Sequential(nn.ReLU(), nn.Tanh())(tp.ones(1))
    nn.ReLU()(tp.ones(1))
    assert names == ["ReLU", "Tanh", "Sequential"]


def test_full_backward_hook_gets_both_gradients():
    layer = nn.Linear(2, 1, bias=False)
    nn.init.ones_(layer.weight)
    seen = []
    layer.register_full_backward_hook(lambda m, grad_in, grad_out: seen.append((grad_in, grad_out)))
    x = tp.ones(1, 2, requires_grad=True)
    (layer(x) * 3).sum().backward()
    ((grad_in,), (grad_out,)) = seen[0]
    assert grad_out.tolist() == [[3.0]]
    assert grad_in.tolist() == [[3.0, 3.0]]
    assert x.grad.tolist() == [[3.0, 3.0]]


def test_full_backward_hook_may_replace_the_input_gradient():
    module = Double()
    module.register_full_backward_hook(lambda m, grad_in, grad_out: (grad_in[0] * 10,))
    x = tp.tensor(1.0, requires_grad=True)
    module(x).backward()
    assert x.grad.item() == 20.0


def test_full_backward_pre_hook_may_replace_the_output_gradient():
    module = Double()
    module.register_full_backward_pre_hook(lambda m, grad_out: (grad_out[0] * 10,))
    x = tp.tensor(1.0, requires_grad=True)
    module(x).backward()
    assert x.grad.item() == 20.0


def test_full_backward_hook_without_input_gradients():
    layer, seen = nn.Linear(2, 1), []
    layer.register_full_backward_hook(lambda m, grad_in, grad_out: seen.append(grad_in))
    layer(tp.ones(1, 2)).sum().backward()
    assert seen == [(None,)]


def test_full_backward_hook_with_wrong_number_of_gradients():
    module = Double()
    module.register_full_backward_hook(lambda m, grad_in, grad_out: (None, None))
    with pytest.raises(RuntimeError, match="invalid number"):
        module(tp.tensor(1.0, requires_grad=True)).backward()


def test_backward_hook_of_several_inputs_and_outputs():
    class Two(nn.Module):
        def forward(self, a, label, b):
            return a * 2, b * 3

    module, seen = Two(), []
    module.register_full_backward_hook(lambda m, grad_in, grad_out: seen.append((grad_in, grad_out)))
    a, b = tp.tensor(1.0, requires_grad=True), tp.tensor(1.0, requires_grad=True)
    x, y = module(a, "label", b)
    (x + y).backward()
    (grad_in, grad_out) = seen[0]
    assert [g if g is None else g.item() for g in grad_in] == [2.0, None, 3.0]
    assert [g.item() for g in grad_out] == [1.0, 1.0]
