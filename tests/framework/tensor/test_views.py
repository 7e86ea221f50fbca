"""Views share memory with their base; other results do not."""

import math

import pytest

import tensorplug as tp


@pytest.fixture
def x():
    return tp.arange(12.0).reshape(3, 4)


VIEWS = {
    "select": (lambda x: x[1], (4,), (1,), 4),
    "negative index": (lambda x: x[-1], (4,), (1,), 8),
    "slice": (lambda x: x[1:], (2, 4), (4, 1), 4),
    "step": (lambda x: x[:, ::2], (3, 2), (4, 2), 0),
    "all": (lambda x: x[:], (3, 4), (4, 1), 0),
    "ellipsis": (lambda x: x[..., 1], (3,), (4,), 1),
    "None": (lambda x: x[:, None], (3, 1, 4), (4, 4, 1), 0),
    "t": (lambda x: x.t(), (4, 3), (1, 4), 0),
    "T": (lambda x: x.T, (4, 3), (1, 4), 0),
    "mT": (lambda x: x.mT, (4, 3), (1, 4), 0),
    "transpose": (lambda x: x.transpose(0, -1), (4, 3), (1, 4), 0),
    "permute": (lambda x: x.permute(1, 0), (4, 3), (1, 4), 0),
    "movedim": (lambda x: x.movedim(0, 1), (4, 3), (1, 4), 0),
    "view": (lambda x: x.view(2, 6), (2, 6), (6, 1), 0),
    "view with -1": (lambda x: x.view(-1, 2), (6, 2), (2, 1), 0),
    "view_as": (lambda x: x.view_as(tp.empty(4, 3)), (4, 3), (3, 1), 0),
    "reshape": (lambda x: x.reshape(4, 3), (4, 3), (3, 1), 0),
    "flatten": (lambda x: x.flatten(), (12,), (1,), 0),
    "ravel": (lambda x: x.ravel(), (12,), (1,), 0),
    "unflatten": (lambda x: x.unflatten(1, (2, 2)), (3, 2, 2), (4, 2, 1), 0),
    "unsqueeze": (lambda x: x.unsqueeze(0), (1, 3, 4), (12, 4, 1), 0),
    "squeeze": (lambda x: x[:1].squeeze(0), (4,), (1,), 0),
    "expand": (lambda x: x.expand(2, 3, 4), (2, 3, 4), (0, 4, 1), 0),
    "expand_as": (lambda x: x[0].expand_as(x), (3, 4), (0, 1), 0),
    "broadcast_to": (lambda x: x.broadcast_to((2, 3, 4)), (2, 3, 4), (0, 4, 1), 0),
    "narrow": (lambda x: x.narrow(1, 1, 2), (3, 2), (4, 1), 1),
    "narrow at a tensor": (lambda x: x.narrow(0, tp.tensor(1), 2), (2, 4), (4, 1), 4),
    "diagonal": (lambda x: x.diagonal(), (3,), (5,), 0),
    "diagonal above": (lambda x: x.diagonal(1), (3,), (5,), 1),
    "unfold": (lambda x: x.unfold(1, 2, 1), (3, 3, 2), (4, 1, 1), 0),
    "as_strided": (lambda x: x.as_strided((2, 2), (1, 2), 1), (2, 2), (1, 2), 1),
    "chunk": (lambda x: x.chunk(2)[1], (1, 4), (4, 1), 8),
    "split": (lambda x: x.split([1, 3], 1)[1], (3, 3), (4, 1), 1),
    "unbind": (lambda x: x.unbind(1)[2], (3,), (4,), 2),
    "detach": (lambda x: x.detach(), (3, 4), (4, 1), 0),
    "data": (lambda x: x.data, (3, 4), (4, 1), 0),
    "contiguous": (lambda x: x.contiguous(), (3, 4), (4, 1), 0),
}


@pytest.mark.parametrize(("make", "shape", "strides", "offset"), VIEWS.values(), ids=VIEWS.keys())
def test_a_view_has_its_geometry_and_shares_memory(x, make, shape, strides, offset):
    view = make(x)
    assert (view.shape, view.stride(), view.storage_offset()) == (shape, strides, offset)
    assert view.untyped_storage().data_ptr() == x.untyped_storage().data_ptr()
    assert view.numel() == math.prod(shape)
    x.add_(100)
    assert view.flatten()[0] == 100 + offset


COPIES = {
    "clone": lambda x: x.clone(),
    "index tensor": lambda x: x[tp.tensor([0, 1])],
    "mask": lambda x: x[x > 5],
    "reshape of strides that do not fit": lambda x: x.t().reshape(12),
    "contiguous of a transpose": lambda x: x.t().contiguous(),
    "flatten of a transpose": lambda x: x.t().flatten(),
    "another dtype": lambda x: x.double(),
    "repeat": lambda x: x.repeat(1, 1),
    "cat": lambda x: tp.cat([x]),
    "asked for": lambda x: x.to("cpu", copy=True),
}


@pytest.mark.parametrize("make", COPIES.values(), ids=COPIES.keys())
def test_a_copy_shares_no_memory(x, make):
    copied = make(x)
    before = copied.clone()
    x.add_(100)
    assert tp.equal(copied, before)


SAME = {
    "contiguous": lambda x: x.contiguous(),
    "to its dtype": lambda x: x.to(tp.float32),
    "float": lambda x: x.float(),
    "to its device": lambda x: x.to("cpu"),
    "cpu": lambda x: x.cpu(),
    "real": lambda x: x.real,
    "resolved": lambda x: tp.as_tensor(x),
}


@pytest.mark.parametrize("make", SAME.values(), ids=SAME.keys())
def test_where_nothing_changes_the_tensor_itself_comes_back(x, make):
    assert make(x) is x


# ---------------------------------------------------------------------------------------------------- versions


CHANGES = {
    "method": (lambda x: x.add_(1), 1),
    "through a view": (lambda x: x.t()[0].mul_(2), 1),
    "through a detached alias": (lambda x: x.detach().zero_(), 1),
    "assignment": (lambda x: x.__setitem__(0, 1.0), 1),
    "out": (lambda x: tp.add(x, 1, out=x), 1),
    "view op in place": (lambda x: x.t_(), 1),
    "nothing": (lambda x: x + 1, 0),
    "a copy": (lambda x: x.clone().zero_(), 0),
    "through data": (lambda x: x.data.zero_(), 0),
}


@pytest.mark.parametrize(("change", "count"), CHANGES.values(), ids=CHANGES.keys())
def test_a_tensor_counts_changes_of_its_memory(x, change, count):
    before = x._version
    change(x)
    assert x._version - before == count


# ---------------------------------------------------------------------------------------------------- refusals


REFUSED = {
    "view of strides that do not fit": (lambda x: x.t().view(-1), RuntimeError, "reshape"),
    "wrong size": (lambda x: x.view(5), RuntimeError, "invalid for input of size 12"),
    "-1 that does not divide": (lambda x: x.view(-1, 5), RuntimeError, "invalid for input of size 12"),
    "two -1": (lambda x: x.view(-1, -1), RuntimeError, "only one dimension can be inferred"),
    "expand of other sizes": (lambda x: x.expand(2, 2), RuntimeError, "non-singleton"),
    "dim out of range": (lambda x: x.transpose(0, 2), IndexError, "Dimension out of range"),
    "dims named twice": (lambda x: x.permute(0, 0), RuntimeError, "duplicate"),
    "narrow too far": (lambda x: x.narrow(0, 1, 3), RuntimeError, "exceeds dimension size"),
    "t of three dims": (lambda x: x[None].t(), RuntimeError, "2"),
    "negative strides": (lambda x: x.as_strided((2,), (-1,)), RuntimeError, "[Nn]egative"),
    "beyond the memory": (lambda x: x.as_strided((5, 5), (4, 1)), RuntimeError, "out of bounds"),
    "split that does not add up": (lambda x: x.split([1, 1]), RuntimeError, "sum exactly to 3"),
    "unfold too large": (lambda x: x.unfold(0, 4, 1), RuntimeError, "maximum size"),
    "flatten backwards": (lambda x: x.flatten(1, 0), RuntimeError, "start_dim"),
    "sizes that are no ints": (lambda x: x.view(2.0, 6), TypeError, "integers"),
}


@pytest.mark.parametrize(("call", "error", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(x, call, error, message):
    with pytest.raises(error, match=message):
        call(x)


# ---------------------------------------------------------------------------------------------------- data


def test_assigning_data_replaces_the_memory_and_keeps_the_tensor():
    x = tp.ones(2, requires_grad=True)
    x.data = tp.zeros(3)
    assert (x.tolist(), x.requires_grad, x.is_leaf) == ([0, 0, 0], True, True)


def test_data_is_outside_the_graph():
    x = tp.ones(2, requires_grad=True)
    x.data.mul_(3)
    assert (x.tolist(), x.data.requires_grad) == ([3, 3], False)


def test_only_a_tensor_can_be_data():
    with pytest.raises(TypeError, match="list"):
        tp.ones(2).data = [1.0, 2.0]


def test_set_shows_the_memory_of_another_tensor():
    x, y = tp.zeros(2), tp.ones(3)
    x.set_(y)
    assert x.is_set_to(y)


def test_resize_keeps_the_elements_there_is_room_for(x):
    assert x.clone().resize_(2, 2).tolist() == [[0, 1], [2, 3]]
    assert x.clone().resize_(4, 4).flatten()[:12].tolist() == list(range(12))
