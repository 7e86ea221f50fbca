"""Bad input is refused with PyTorch's kind of exception, in words that name what was wrong, before a kernel sees it.

The kinds were compared with PyTorch 2.13 case by case.
"""

from __future__ import annotations

import contextlib
import copy
import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest

import tensorplug as tp
from tensorplug import nn
from tensorplug.nn import functional as F

Case = tuple[Callable[[], Any], type[BaseException], str]


def check(case: Case) -> None:
    act, kind, words = case
    with pytest.raises(kind, match=f"(?s){words}"):
        act()


def ones(*shape: int, **options: Any) -> tp.Tensor:
    return tp.ones(shape, **options)


def leaf(*shape: int) -> tp.Tensor:
    return tp.ones(shape, requires_grad=True)


BOOL = {"dtype": tp.bool}
LONG = {"dtype": tp.int64}
SEVERAL = r"must match|broadcast"

# ---------------------------------------------------------------------------------------------------- shapes

SHAPES: dict[str, Case] = {
    "add": (lambda: ones(2, 3) + ones(2, 4), RuntimeError, r"tensor a \(3\).*tensor b \(4\).*dimension 1.*\[2, 3\]"),
    "where": (lambda: tp.where(ones(2, **BOOL), ones(3), ones(3)), RuntimeError, SEVERAL),
    "masked_fill": (lambda: ones(2, 3).masked_fill(ones(4, **BOOL), 0), RuntimeError, SEVERAL),
    "in place to a larger shape": (
        lambda: ones(3).add_(ones(2, 3)),
        RuntimeError,
        r"add_: output with shape \[3\] .* \[2, 3\]",
    ),
    "copy_": (lambda: ones(3).copy_(ones(2)), RuntimeError, r"copy_.*\[2\].*\[3\]"),
    "item assignment": (lambda: ones(3).__setitem__(slice(None), ones(2)), RuntimeError, r"\[2\].*\[3\]"),
    "expand": (lambda: ones(2, 3).expand(2, 4), RuntimeError, r"expanded size .*\(4\).*existing size \(3\)"),
    "expand to fewer dims": (lambda: ones(2, 3).expand(3), RuntimeError, r"number of sizes provided \(1\)"),
    "view of another count": (lambda: ones(6).view(4), RuntimeError, r"shape '\[4\]' is invalid for input of size 6"),
    "view with two unknowns": (lambda: ones(6).view(-1, -1), RuntimeError, "only one dimension can be inferred"),
    "view that does not divide": (lambda: ones(6).view(4, -1), RuntimeError, "invalid for input of size 6"),
    "view that strides cannot express": (
        lambda: ones(2, 3).t().view(6),
        RuntimeError,
        r"strides \[1, 3\], wanted \[6\]. Use .reshape",
    ),
    "reshape": (lambda: ones(6).reshape(4, 2), RuntimeError, r"shape '\[4, 2\]' is invalid for input of size 6"),
    "reshape to a negative size": (lambda: ones(6).reshape(-2, 3), RuntimeError, "invalid shape dimension -2"),
    "reshape to words": (lambda: ones(6).reshape("a"), TypeError, "sizes must be integers, got .*'a'"),
    "permute fewer": (lambda: ones(2, 3).permute(0), RuntimeError, r"permute\(\).*\[0\].*\[2, 3\]"),
    "permute twice": (lambda: ones(2, 3).permute(0, 0), RuntimeError, r"permute\(\).*duplicate.*\[0, 0\]"),
    "transpose": (lambda: ones(2, 3).transpose(0, 2), IndexError, r"range of \[-2, 1\], but got 2"),
    "squeeze": (lambda: ones(2, 3).squeeze(2), IndexError, r"range of \[-2, 1\], but got 2"),
    "unsqueeze": (lambda: ones(2, 3).unsqueeze(4), IndexError, r"range of \[-3, 2\], but got 4"),
    "t": (lambda: ones(2, 3, 4).t(), RuntimeError, "t.. expects a tensor with <= 2 dim.*3D"),
    "sum over a dim that is not there": (lambda: ones(2, 3).sum(2), IndexError, r"range of \[-2, 1\], but got 2"),
    "sum over a dim twice": (lambda: ones(2, 3).sum((0, 0)), RuntimeError, "dim 0 appears multiple times"),
    "sum over words": (
        lambda: ones(2, 3).sum("rows"),
        TypeError,
        r"argument 'dim' must be int or tuple of ints, not str",
    ),
    "max of nothing": (lambda: ones(0).max(), RuntimeError, r"max\(\).*shape \[0\] has no elements"),
    "argmax of nothing": (lambda: ones(0).argmax(), IndexError, r"argmax\(\).*numel\(\) == 0"),
    "amax along nothing": (lambda: ones(2, 0).amax(1), IndexError, r"amax\(\).*\[2, 0\]"),
    "cat": (
        lambda: tp.cat([ones(2, 3), ones(2, 4)]),
        RuntimeError,
        "except in dimension 0.*size 3 but got size 4.*1 in",
    ),
    "cat of different dims": (
        lambda: tp.cat([ones(2, 3), ones(2)]),
        RuntimeError,
        "same number of dimensions.*2 and 1",
    ),
    "cat of nothing": (lambda: tp.cat([]), ValueError, r"cat\(\).*non-empty list"),
    "cat of a tensor": (lambda: tp.cat(ones(2)), TypeError, r"cat\(\).*list or tuple of Tensors, not Tensor"),
    "cat of numbers": (lambda: tp.cat([1, 2]), TypeError, r"cat\(\): expected Tensor as element 0, but got int"),
    "stack": (lambda: tp.stack([ones(2), ones(3)]), RuntimeError, r"equal size, but got \[2\].*\[3\] at entry 1"),
    "split": (lambda: ones(5).split([2, 2]), RuntimeError, r"sum exactly to 5.*\[2, 2\]"),
    "chunk": (lambda: ones(5).chunk(0), RuntimeError, "greater than 0, got: 0"),
    "narrow": (lambda: ones(5).narrow(0, 3, 3), RuntimeError, r"start \(3\) \+ length \(3\).*\(5\)"),
    "select": (lambda: ones(5).select(0, 5), IndexError, "index 5 is out of .* dimension 0 with size 5"),
    "unfold": (lambda: ones(5).unfold(0, 6, 1), RuntimeError, "dimension 0 is 5 but size is 6"),
    "as_strided": (lambda: ones(5).as_strided((3,), (3,)), RuntimeError, r"strides \[3\].*storage of 5 elements"),
    "flip": (lambda: ones(5).flip(1), IndexError, "but got 1"),
    "roll": (lambda: ones(5, 5).roll((1, 2), (0,)), RuntimeError, "shifts: 2, dims:1"),
    "repeat": (lambda: ones(2, 3).repeat(2), RuntimeError, "repeat dims can not be smaller"),
    "flatten": (lambda: ones(2, 3).flatten(1, 0), RuntimeError, "start_dim cannot come after end_dim"),
    "matmul": (lambda: ones(2, 3) @ ones(2, 3), RuntimeError, r"matmul.*2x3 and 2x3.*inner sizes 3 and 2"),
    "matmul of a number without dims": (lambda: ones(2) @ tp.tensor(1.0), RuntimeError, "at least 1D, .*1D and 0D"),
    "matmul of batches": (lambda: ones(2, 3, 4) @ ones(3, 4, 5), RuntimeError, SEVERAL),
    "mm": (lambda: tp.mm(ones(2), ones(2, 2)), RuntimeError, r"mm.*2-D, but got shape \[2\]"),
    "bmm": (lambda: tp.bmm(ones(2, 2, 2), ones(3, 2, 2)), RuntimeError, r"\[2, 2\] but got: \[3, 2\]"),
    "dot": (lambda: tp.dot(ones(2), ones(3)), RuntimeError, r"\[2\] and src \[3\]"),
    "linear": (lambda: nn.Linear(3, 2)(ones(2, 4)), RuntimeError, "linear.*2x4 and 3x2"),
    "conv2d": (lambda: nn.Conv2d(3, 2, 3)(ones(1, 2, 8, 8)), RuntimeError, "3 channels, but got 2 channels"),
    "cross_entropy": (lambda: F.cross_entropy(ones(2, 3), tp.tensor([0, 1, 2])), ValueError, r"\(2\).*\(3\)"),
    "softmax": (lambda: F.softmax(ones(2, 3), 2), IndexError, r"range of \[-2, 1\], but got 2"),
    "negative size": (lambda: tp.zeros(-1), RuntimeError, "negative dimension -1"),
    "topk": (lambda: ones(3).topk(4), RuntimeError, "k is 4, but dimension 0 has size 3"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_that_do_not_fit(name: str) -> None:
    check(SHAPES[name])


# ---------------------------------------------------------------------------------------------------- dtypes

DTYPES: dict[str, Case] = {
    "bool minus bool": (lambda: ones(2, **BOOL) - ones(2, **BOOL), RuntimeError, "sub: bool tensors .* logical op"),
    "minus bool": (lambda: -ones(2, **BOOL), RuntimeError, "neg: bool"),
    "mean of ints": (lambda: ones(2, **LONG).mean(), RuntimeError, r"mean\(\).*floating point or complex.*Long"),
    "var of ints": (lambda: ones(2, **LONG).var(), RuntimeError, "var.*int64"),
    "bits of floats": (lambda: ones(2) & ones(2), RuntimeError, "bitwise_and.*float32.*integers or bools"),
    "inverted floats": (lambda: ~ones(2), TypeError, "integers or bools, got tensorplug.float32"),
    "shifted floats": (lambda: ones(2) << 1, RuntimeError, "bitwise_left_shift.*float32.*integers"),
    "order of complex numbers": (lambda: tp.tensor([1j]) < 2, RuntimeError, "lt.*complex64.*no order"),
    "floor of complex numbers": (lambda: tp.tensor([1j]).floor(), RuntimeError, "floor.*complex64"),
    "sorted complex numbers": (lambda: tp.tensor([1j]).sort(), RuntimeError, "sort.*complex64"),
    "matmul": (lambda: ones(2, 2) @ ones(2, 2, dtype=tp.float64), RuntimeError, "matmul.*same dtype.*float32.*float64"),
    "float into ints in place": (lambda: ones(2, **LONG).add_(1.5), RuntimeError, "add_: .*Float.*Long"),
    "division of ints in place": (lambda: ones(2, **LONG).div_(2), RuntimeError, "div_: .*Float.*Long"),
    "int into bools in place": (lambda: ones(2, **BOOL).add_(1), RuntimeError, "add_: .*Long.*Bool"),
    "out of another category": (lambda: tp.add(ones(2), 1, out=ones(2, **LONG)), RuntimeError, "add.*Float.*Long"),
    "wide unsigned ints": (lambda: ones(2, dtype=tp.uint16) + ones(2, dtype=tp.int32), RuntimeError, "UInt16 and Int"),
    "scatter": (lambda: tp.zeros(3).scatter(0, tp.tensor([0]), tp.tensor([1])), RuntimeError, "float32 and .*int64"),
    "index_put": (lambda: tp.zeros(3).index_put((tp.tensor([0]),), tp.tensor([1])), RuntimeError, "float32.*int64"),
    "index_add": (lambda: tp.zeros(3).index_add(0, tp.tensor([0]), tp.tensor([1])), RuntimeError, "float32.*int64"),
    "mask of ints": (lambda: tp.zeros(3).masked_fill(tp.tensor([1, 0, 1]), 1), RuntimeError, "boolean masks.*int64"),
    "selection by ints": (lambda: tp.zeros(3).masked_select(tp.tensor([1, 0, 1])), RuntimeError, "BoolTensor.*int64"),
    "condition of floats": (lambda: tp.where(ones(2), ones(2), ones(2)), RuntimeError, "where.*bool.*float32"),
    "gather by floats": (lambda: ones(3).gather(0, tp.tensor([0.0])), RuntimeError, r"gather.*int32/int64.*float32"),
    "ints that require grad": (lambda: ones(2, **LONG).requires_grad_(), RuntimeError, "floating point.*int64"),
    "parameter of ints": (lambda: nn.Parameter(ones(2, **LONG)), RuntimeError, "floating point.*int64"),
    "default dtype": (lambda: tp.set_default_dtype(tp.int64), TypeError, "floating-point.*int64"),
    "isclose": (lambda: tp.isclose(ones(2), ones(2, dtype=tp.float64)), RuntimeError, "float32 .*float64"),
    "classes of floats": (lambda: F.cross_entropy(ones(2, 3), ones(2)), RuntimeError, "Long but found Float"),
}


@pytest.mark.parametrize("name", DTYPES)
def test_dtypes_that_do_not_fit(name: str) -> None:
    check(DTYPES[name])


NUMBERS: dict[str, Case] = {
    "division by zero": (lambda: tp.tensor([1]) // 0, RuntimeError, "ZeroDivision"),
    "remainder by zero": (lambda: tp.tensor([1]) % tp.tensor([0]), RuntimeError, "ZeroDivision"),
    "negative power of ints": (lambda: tp.tensor([2]) ** -1, RuntimeError, "negative integer powers"),
    "int beyond the dtype": (lambda: tp.tensor([300], dtype=tp.int8), RuntimeError, "int8 without overflow: 300"),
    "int beyond 64 bits": (lambda: tp.tensor([2**70]), ValueError, f"integer {2**70} does not fit into int64"),
    "int beyond int64": (lambda: tp.tensor([2**63]), ValueError, f"integer {2**63} does not fit into int64"),
    "complex number as an int": (lambda: tp.tensor([1j], dtype=tp.int64), TypeError, "complex numbers .*int64"),
    "step of zero": (lambda: tp.arange(0, 3, 0), RuntimeError, "step must be nonzero"),
    "step the wrong way": (lambda: tp.arange(3, 0, 1), RuntimeError, "inconsistent with step sign"),
    "empty range of draws": (lambda: tp.randint(3, 3, (2,)), RuntimeError, "from=3 >= to=3"),
    "negative spread": (lambda: tp.empty(2).normal_(0, -1), RuntimeError, "std -1"),
    "probability of 2": (lambda: tp.bernoulli(tp.tensor([2.0])), RuntimeError, "p_in <= 1"),
    "rounding mode": (lambda: ones(2).div(2, rounding_mode="up"), RuntimeError, "'trunc', or 'floor' but found 'up'"),
    "no limits": (lambda: ones(2).clamp(), RuntimeError, "clamp.*'min' or 'max'"),
    "dropout": (lambda: nn.Dropout(1.5), ValueError, "between 0 and 1, but got 1.5"),
    "learning rate": (lambda: tp.optim.SGD([leaf(2)], lr=-1), ValueError, "learning rate: -1"),
    "class beyond the last": (lambda: F.nll_loss(ones(2, 3), tp.tensor([0, 3])), IndexError, "3 is out of bounds"),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_that_make_no_sense(name: str) -> None:
    check(NUMBERS[name])


# ---------------------------------------------------------------------------------------------------- indices

BEYOND = "index 3 is out of bounds for dimension 0 with size 3"

INDICES: dict[str, Case] = {
    "too large": (lambda: ones(3)[3], IndexError, BEYOND),
    "too small": (lambda: ones(3)[-4], IndexError, "index -4 is out of bounds for dimension 0 with size 3"),
    "too many": (lambda: ones(3)[0, 0], IndexError, "too many indices for tensor of dimension 1"),
    "of a tensor without dims": (lambda: tp.tensor(1.0)[0], IndexError, "0-dim tensor"),
    "a float": (lambda: ones(3)[1.5], IndexError, "valid indices.*float"),
    "a tensor of floats": (lambda: ones(3)[tp.tensor([0.0])], IndexError, "long, int, byte or bool.*float32"),
    "a tensor, too large": (lambda: ones(3)[tp.tensor([3])], IndexError, BEYOND),
    "tensors that do not broadcast": (
        lambda: ones(3, 3)[tp.tensor([0, 1]), tp.tensor([0, 1, 2])],
        IndexError,
        r"\[2\], \[3\]",
    ),
    "a mask of another shape": (lambda: ones(3)[ones(2, **BOOL)], IndexError, r"mask \[2\].*tensor \[3\]"),
    "a step backwards": (lambda: ones(3)[::-1], ValueError, "step must be greater than zero"),
    "assignment": (lambda: ones(3).__setitem__(3, 1.0), IndexError, BEYOND),
    "assignment of words": (lambda: ones(3).__setitem__(0, "a"), TypeError, "invalid data type.*str"),
    "gather": (lambda: ones(3).gather(0, tp.tensor([3])), RuntimeError, BEYOND),
    "gather of other dims": (lambda: ones(3, 3).gather(0, tp.tensor([0])), RuntimeError, "same number of dimensions"),
    "gather of a larger index": (
        lambda: ones(3, 3).gather(0, tp.zeros(1, 4, **LONG)),
        RuntimeError,
        r"\[1, 4\].*\[3, 3\]",
    ),
    "scatter": (lambda: tp.zeros(3).scatter(0, tp.tensor([3]), 1.0), RuntimeError, BEYOND),
    "scatter of a smaller source": (
        lambda: tp.zeros(3).scatter(0, tp.tensor([0, 1]), ones(1)),
        RuntimeError,
        r"src \[1\]",
    ),
    "index_select": (lambda: ones(3).index_select(0, tp.tensor([3])), IndexError, BEYOND),
    "index_select by a matrix": (lambda: ones(3).index_select(0, tp.tensor([[0]])), IndexError, r"vector.*\[1, 1\]"),
    "embedding": (lambda: F.embedding(tp.tensor([3]), ones(3, 2)), IndexError, "index 3 is out of"),
}


@pytest.mark.parametrize("name", INDICES)
def test_indices_out_of_range_or_of_the_wrong_kind(name: str) -> None:
    check(INDICES[name])


# ---------------------------------------------------------------------------------------------------- types

TYPES: dict[str, Case] = {
    "a word": (lambda: tp.add(ones(2), "a"), TypeError, r"add\(\): argument 'other' must be Tensor or Number, not str"),
    "a word as operand": (lambda: ones(2) + "a", TypeError, "'Tensor' and 'str'"),
    "None as operand": (lambda: ones(2) + None, TypeError, "'Tensor' and 'NoneType'"),
    "a list as operand": (lambda: ones(2) + [1, 2], TypeError, "'Tensor' and 'list'"),  # noqa: RUF005
    "a number for a tensor": (lambda: tp.exp(1.0), TypeError, r"exp\(\): expected a Tensor, got float"),
    "a number for a matrix": (lambda: ones(2, 2) @ 3, TypeError, r"matmul\(\).*'other' must be Tensor, not int"),
    "a list for an index": (lambda: ones(3).gather(0, [0]), TypeError, r"gather\(\).*'index' must be Tensor, not list"),
    "a number for a weight": (lambda: F.linear(ones(2), 3), TypeError, r"linear\(\).*'weight' must be Tensor, not int"),
    "a number for a vector": (lambda: tp.dot(ones(2), 3), TypeError, r"dot\(\).*'tensor' must be Tensor, not int"),
    "a number to compare with": (lambda: tp.allclose(ones(2), 1.0), TypeError, "'other' must be Tensor, not float"),
    "nothing": (lambda: tp.exp(), TypeError, "exp.*input"),
    "an unknown keyword": (lambda: tp.exp(ones(2), base=2), TypeError, "exp.*base"),
    "many elements as one": (lambda: ones(2).item(), RuntimeError, "2 elements"),
    "many elements as a truth value": (lambda: bool(ones(2)), RuntimeError, "more than one value is ambiguous"),
    "no elements as a truth value": (lambda: bool(ones(0)), RuntimeError, "no values is ambiguous"),
    "many elements as an int": (lambda: int(ones(2)), ValueError, r"one element.*\[2\]"),
    "many elements as a float": (lambda: float(ones(2)), ValueError, r"one element.*\[2\]"),
    "a float as an index": (lambda: [1, 2][tp.tensor(1.0)], TypeError, "only integer tensors"),
    "the length of no dims": (lambda: len(tp.tensor(1.0)), TypeError, "0-d tensor"),
    "iteration over no dims": (lambda: list(tp.tensor(1.0)), TypeError, "0-d tensor"),
    "None as data": (lambda: tp.tensor([1, None]), RuntimeError, "infer the dtype of NoneType"),
    "words as data": (lambda: tp.tensor("a"), TypeError, "invalid data type"),
    "ragged data": (lambda: tp.tensor([[1, 2], [3]]), ValueError, "equal length at every depth"),
    "a size that is a float": (lambda: tp.zeros(1.5), TypeError, r"integers, got \(1.5,\)"),
    "a size that is a word": (lambda: tp.zeros("a"), TypeError, "integers, got"),
    "a place that is none": (lambda: ones(2).to([1]), TypeError, r"to\(\).*list.*device, a dtype or a tensor"),
    "a list as the source": (lambda: ones(2).copy_([1, 2]), TypeError, r"copy_\(\).*must be Tensor, not list"),
    "a list as the result": (lambda: tp.add(ones(2), 1, out=[1]), TypeError, r"add\(\): argument 'out' must be Tensor"),
    "a vector as the filling": (lambda: ones(2).fill_(ones(2)), RuntimeError, "0-dimension value tensor.*1 dim"),
    "a list as an array": (lambda: tp.from_numpy([1, 2]), TypeError, r"np.ndarray \(got list\)"),
    "a number to be equal to": (lambda: tp.equal(ones(2), 1.0), TypeError, r"equal\(\).*must be Tensor, not float"),
    "a number as data": (lambda: setattr(ones(2), "data", 3), TypeError, "tensor, but got int"),
}


@pytest.mark.parametrize("name", TYPES)
def test_arguments_of_the_wrong_type(name: str) -> None:
    check(TYPES[name])


# ---------------------------------------------------------------------------------------------------- devices

DEVICES: dict[str, Case] = {
    "unknown": (lambda: ones(2, device="abacus"), RuntimeError, "no device of type 'abacus'.*'cpu'.*plugin"),
    "malformed": (lambda: tp.device("cpu:x"), RuntimeError, "Invalid device string: 'cpu:x'"),
    "not a name": (lambda: tp.device(1.5), TypeError, "must be str, not float"),
    "negative": (lambda: tp.device("cpu", -1), RuntimeError, "non-negative integer, got -1"),
    "numbered twice": (lambda: tp.device("cuda:1", 1), RuntimeError, "must not include an index"),
    "beyond the last": (lambda: ones(2, device="toy:7"), RuntimeError, r"'toy:7' does not exist: 'toy' has 2 device"),
    "two in one op": (lambda: ones(2) + ones(2, device="toy"), RuntimeError, "add: .*cpu and toy:0.*Move one.*to"),
    "two of one type": (lambda: ones(2, device="toy:0") + ones(2, device="toy:1"), RuntimeError, "toy:0 and toy:1"),
    "two in a product": (lambda: ones(2, 2) @ ones(2, 2, device="toy"), RuntimeError, "matmul: .*cpu and toy:0"),
    "two in a list": (lambda: tp.cat([ones(2), ones(2, device="toy")]), RuntimeError, "cat: .*cpu and toy:0"),
    "two in a module": (lambda: nn.Linear(2, 2)(ones(2, 2, device="toy")), RuntimeError, "linear: .*cpu and toy:0"),
    "index elsewhere": (lambda: ones(2).gather(0, tp.zeros(1, device="toy", **LONG)), RuntimeError, "gather: .*toy:0"),
    "mask elsewhere": (lambda: ones(2).masked_fill(ones(2, device="toy", **BOOL), 0), RuntimeError, "toy:0"),
    "out elsewhere": (lambda: tp.add(ones(2), 1, out=ones(2, device="toy")), RuntimeError, "add: .*cpu and toy:0"),
    "as NumPy array": (lambda: ones(2, device="toy").numpy(), TypeError, "toy:0 device.*Tensor.cpu"),
    "gradient elsewhere": (
        lambda: setattr(ones(2), "grad", ones(2, device="toy")),
        RuntimeError,
        "on cpu, got .*toy:0",
    ),
    "dtype that is not there": (
        lambda: ones(2, device="toy", dtype=tp.complex64),
        NotImplementedError,
        "device 'toy:0' does not support tensorplug.complex64",
    ),
}


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize("name", DEVICES)
def test_devices_that_are_not_there_or_differ(name: str) -> None:
    check(DEVICES[name])


# ---------------------------------------------------------------------------------------------------- autograd


def backward_twice() -> None:
    y = leaf(2).exp().sum()
    y.backward()
    y.backward()


def saved_input_changed() -> None:
    y = leaf(2) * 1
    z = y * y
    y.add_(1)
    z.sum().backward()


def saved_result_changed() -> None:
    y = leaf(2).exp()
    y.add_(1)
    y.sum().backward()


def made_in_inference_mode() -> tp.Tensor:
    with tp.inference_mode():
        return ones(2)


AUTOGRAD: dict[str, Case] = {
    "backward of several elements": (
        lambda: leaf(2).exp().backward(),
        RuntimeError,
        r"scalar outputs.*\[2\].*gradient=",
    ),
    "backward without a graph": (lambda: ones(2).sum().backward(), RuntimeError, "does not require grad"),
    "backward twice": (backward_twice, RuntimeError, "second time.*retain_graph=True"),
    "gradient of another shape": (lambda: leaf(2).exp().backward(ones(3)), RuntimeError, r"\[3\].*\[2\]"),
    "gradient of another type": (lambda: leaf(2).exp().backward([1.0]), TypeError, "Tensors or None, but got float"),
    "leaf in place": (lambda: leaf(2).add_(1), RuntimeError, "add_: a leaf Variable that requires grad"),
    "view of a leaf in place": (lambda: leaf(2)[0].add_(1), RuntimeError, "add_: a view of a leaf"),
    "assignment to a leaf": (lambda: leaf(2).__setitem__(0, 1.0), RuntimeError, "__setitem__: a leaf|a view of a leaf"),
    "saved input changed": (
        saved_input_changed,
        RuntimeError,
        "modified by an inplace.*by mul as .*version 1.*version 0",
    ),
    "saved result changed": (saved_result_changed, RuntimeError, "modified by an inplace.*by exp as 'result'"),
    "expanded in place": (
        lambda: ones(1).expand(3).add_(1),
        RuntimeError,
        r"add_: .*single memory location.*clone\(\)",
    ),
    "result that shall not require grad": (
        lambda: setattr(leaf(2).exp(), "requires_grad", False),
        RuntimeError,
        r"leaf variables.*detach\(\)",
    ),
    "grad of another shape": (lambda: setattr(ones(2), "grad", ones(3)), RuntimeError, r"expected \[2\], got \[3\]"),
    "grad of another type": (lambda: setattr(ones(2), "grad", 1), TypeError, "Tensor or None.*int"),
    "unused input": (lambda: tp.autograd.grad(leaf(2).sum(), leaf(2)), RuntimeError, "allow_unused=True"),
    "input without grad": (lambda: tp.autograd.grad(leaf(2).sum(), ones(2)), RuntimeError, "does not require grad"),
    "retain_grad": (lambda: ones(2).retain_grad(), RuntimeError, "requires_grad=False"),
    "hook": (lambda: ones(2).register_hook(print), RuntimeError, "doesn't require gradient"),
    "view detached in place": (lambda: leaf(2).exp()[0].detach_(), RuntimeError, "views in-place"),
    "copy of a result": (lambda: copy.deepcopy(leaf(2).exp()), RuntimeError, "graph leaves"),
    "NumPy array of a leaf": (lambda: leaf(2).numpy(), RuntimeError, r"requires grad.*detach\(\)"),
    "out of a leaf": (lambda: tp.add(leaf(2), 1, out=ones(2)), RuntimeError, "out=.*requires grad"),
    "inference tensor in place": (lambda: made_in_inference_mode().add_(1), RuntimeError, "outside InferenceMode"),
    "optimizer of a result": (lambda: tp.optim.SGD([leaf(2).exp()], lr=0.1), ValueError, "non-leaf"),
    "optimizer of nothing": (lambda: tp.optim.SGD([], lr=0.1), ValueError, "empty parameter list"),
}


@pytest.mark.parametrize("name", AUTOGRAD)
def test_misuse_of_autograd(name: str) -> None:
    check(AUTOGRAD[name])


def test_a_refused_change_in_place_changes_nothing() -> None:
    x, y = leaf(2), ones(3)
    for act in (lambda: x.add_(1), lambda: y.add_(ones(2, 3)), lambda: y.mul_(1j)):
        with pytest.raises(RuntimeError):
            act()
    assert (x.tolist(), y.tolist()) == ([1, 1], [1, 1, 1])
    assert (x._version, y._version) == (0, 0)


def test_kernels_are_not_reached_by_what_is_refused(toy: str) -> None:
    calls: list[str] = []
    stop = tp.extend.observe(lambda name, inputs, run: (calls.append(name), run())[1])
    x = tp.zeros(2, 3, device=toy)
    calls.clear()
    for act in (lambda: x + tp.Size, lambda: x @ x, lambda: x.sum(5), lambda: x.reshape(4), lambda: x.to("abacus")):
        with pytest.raises((RuntimeError, TypeError, IndexError)):
            act()
    stop()
    assert calls == []


@pytest.mark.parametrize(
    "call",
    [
        lambda x: tp.softmax(x, 5),
        lambda x: tp.sum(x, axis=9),
        lambda x: x.view(7),
        lambda x: tp.nn.functional.cross_entropy(x, 3),
        lambda x: x.add_(ones(4)),
        lambda x: tp.matmul(x, 3),
    ],
    ids=["planned op", "NumPy's name", "view", "composite", "in place", "wrong type"],
)
def test_failed_calls_keep_no_tensor_alive(call: Callable[[tp.Tensor], Any]) -> None:
    x = ones(3)
    watch = weakref.ref(x)
    gc.disable()
    try:
        with contextlib.suppress(RuntimeError, TypeError, IndexError):
            call(x)
        del x
        assert watch() is None
    finally:
        gc.enable()
