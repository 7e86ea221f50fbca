"""Programs of transforms, written once and run by both frameworks: values, and kinds of errors."""

import warnings

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed; the extra 'compare' brings it")

import tensorplug as tp
from tensorplug.pytree import leaves_of

# PyTorch's own, from the machinery that its forward mode loads.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Attempted to insert:UserWarning"),
]

PROGRAMS = {}


def program(function):
    PROGRAMS[function.__name__] = function
    return function


class Side:
    """One of the frameworks, with numbers that both make alike."""

    def __init__(self, lib):
        self.lib, self.func, self.vmap, self.F = lib, lib.func, lib.vmap, lib.nn.functional
        self.rng = np.random.default_rng(0)

    def numbers(self, *shape, dtype="float64"):
        return self.given(self.rng.standard_normal(shape).astype(dtype))

    def given(self, values):
        array = np.asarray(values)
        return self.lib.tensor(array.tolist(), dtype=getattr(self.lib, str(array.dtype)))


def _network(s):
    params = {"a": s.numbers(5, 3), "b": s.numbers(2, 5)}
    return params, lambda p, x: s.F.linear(s.lib.tanh(s.F.linear(x, p["a"])), p["b"])


@program
def per_sample_gradients(s):
    params, net = _network(s)
    x, y = s.numbers(4, 3), s.given([0, 1, 1, 0])

    def loss(p, x, y):
        return s.F.cross_entropy(net(p, x.unsqueeze(0)), y.unsqueeze(0))

    return s.vmap(s.func.grad_and_value(loss), in_dims=(None, 0, 0))(params, x, y)


@program
def per_sample_gradients_of_convolutions(s):
    params = (s.numbers(4, 2, 3, 3), s.numbers(4), s.numbers(4), s.numbers(4), s.numbers(3, 16))
    mean, var, x, y = s.numbers(4), s.numbers(4).exp(), s.numbers(3, 2, 6, 6), s.given([0, 2, 1])

    def loss(p, x, y):
        weight, bias, scale, shift, last = p
        h = s.F.conv2d(x.unsqueeze(0), weight, bias)
        h = s.F.max_pool2d(s.F.batch_norm(h, mean, var, scale, shift, False).relu(), 2)
        return s.F.cross_entropy(s.F.linear(h.flatten(1), last), y.unsqueeze(0))

    return s.vmap(s.func.grad(loss), in_dims=(None, 0, 0))(params, x, y)


@program
def hessian_of_a_network(s):
    params, net = _network(s)
    x, y = s.numbers(4, 3), s.given([0, 1, 1, 0])
    return s.func.hessian(lambda p: s.F.cross_entropy(net(p, x), y))(params)


@program
def jacobians_of_jacobians(s):
    params, net = _network(s)
    x = s.numbers(4, 3)
    modes = (s.func.jacfwd, s.func.jacrev)
    first = [s.vmap(mode(lambda v: net(params, v)))(x) for mode in modes]
    return first + [s.vmap(a(b(lambda v: net(params, v))))(x) for a in modes for b in modes]


@program
def perturbations(s):
    x, g = s.given(1.5), s.func.grad

    def d(f):
        return lambda x: s.func.jvp(f, (x,), (s.lib.ones_like(x),))[1]

    mixed = [a(lambda x, b=b: x * b(lambda y: x * y)(x))(x) for a in (d, g) for b in (d, g)]
    return [*mixed, d(g(d(lambda x: x**4)))(x), g(d(g(lambda x: x**4)))(x)]


@program
def maps_of_maps(s):
    a, b = s.numbers(3, 4), s.numbers(5, 4)
    slope = s.func.grad(lambda y, x: (x * y).sin().sum())
    return (
        s.vmap(s.vmap(s.lib.dot, (None, 0)), (0, None))(a, b),
        s.vmap(lambda x: s.vmap(slope, (0, None))(b, x), out_dims=1)(a),
        s.vmap(lambda d: (d["x"], [d["y"][0].sum()]), ({"x": 1, "y": [0]},), (1, [0]))(
            {"x": a, "y": [s.numbers(4, 2)]}
        ),
    )


@program
def changes_in_place(s):
    def f(x):
        y = s.lib.zeros_like(x)
        y[0] = x[1] * x[2]
        y[1:] = x[:2]
        y.add_(x)
        y[0].add_(x[0])
        y = y.sin()
        y[-1] *= x[0]
        z = y.clone()
        z.add_(y * 2)
        z.masked_fill_(y > 0.2, 1.0)
        z[1:].sub_(z[:-1].clone())
        return z.unsqueeze_(0).squeeze(0) * x

    x = s.numbers(2, 3)
    modes = [s.func.jacfwd(f), s.func.jacrev(f), s.func.hessian(lambda x: f(x).sum())]
    return [mode(x[0]) for mode in modes] + [s.vmap(mode)(x) for mode in (f, *modes[:2])]


@program
def ensembles(s):
    models = []
    for _ in range(3):
        model = s.lib.nn.Sequential(
            s.lib.nn.Linear(3, 4), s.lib.nn.ReLU(), s.lib.nn.BatchNorm1d(4), s.lib.nn.Linear(4, 2)
        )
        with s.lib.no_grad():
            for p in model.parameters():
                p.copy_(s.numbers(*p.shape, dtype="float32"))
        models.append(model.eval())
    params, buffers = s.func.stack_module_state(models)
    x = s.numbers(5, 3, dtype="float32")

    def call(p, b):
        return s.func.functional_call(models[0], (p, b), (x,))

    return s.vmap(call)(params, buffers), s.vmap(s.func.grad(lambda p, b: call(p, b).sum()))(params, buffers)


@program
def normalizations(s):
    x, w, b, last = s.numbers(3, 2, 4, 5), s.numbers(3, 4), s.numbers(3, 4), s.numbers(3, 5)
    groups = s.func.grad(lambda x, w, b: s.F.group_norm(x, 2, w, b).sin().sum(), (0, 1, 2))
    batch = s.func.grad(lambda w, x: s.F.batch_norm(x, None, None, w, None, True).sin().sum(), (0, 1))
    return (
        s.vmap(lambda x, w, b: s.F.batch_norm(x, None, None, w, b, True))(x, w, b),
        s.vmap(lambda x, w: s.F.layer_norm(x, (5,), w))(x, last),
        s.vmap(groups)(x, w, b),
        s.vmap(batch, (0, None))(w, x[0]),
    )


@program
def convolutions(s):
    x, w, b, t = s.numbers(3, 2, 4, 7), s.numbers(3, 6, 2, 3), s.numbers(3, 6), s.numbers(3, 4, 3, 3)
    found = []

    def both(f, dims, args):
        given = [a if d == 0 else a[0] for a, d in zip(args, dims)]
        places = tuple(range(len(args)))
        found.append(s.vmap(f, dims)(*given))
        found.append(s.vmap(s.func.grad(lambda *z: f(*z).sin().sum(), places), dims)(*given))

    for dims in ((0, 0, 0), (0, None, None), (None, 0, None), (0, None, 0), (None, 0, 0)):
        both(lambda x, w, b: s.F.conv1d(x, w, b, stride=2, padding=1, groups=2), dims, (x, w, b))
    for dims in ((0, 0), (0, None), (None, 0)):
        both(lambda x, w: s.F.conv_transpose1d(x, w, None, stride=2, padding=1, groups=2), dims, (x, t))
    return found


@program
def indices(s):
    x, i = s.numbers(3, 4, 5), s.given([[0, 3, 1], [2, 2, 0], [1, 1, 3]])
    lookup = s.func.grad(lambda x, i: s.F.embedding(i, x, padding_idx=1).sin().sum())
    return (
        s.vmap(lambda x, i: x[i])(x, i),
        s.vmap(lambda i: x[0].index_select(0, i))(i),
        s.vmap(lookup)(x, i),
        s.vmap(lambda x, i: x.index_add(0, i, x[i]))(x, i),
        s.vmap(lambda x, i: x.scatter_add(0, i[:, None].expand(3, 5), x))(x, i),
        s.vmap(lambda x: x.as_strided((2, 2), (1, 5)))(x),
        s.vmap(lambda x: (x.sort(-1)[0], x.topk(2)[1], x.max()))(x),
    )


@program
def matrices(s):
    a, b = s.numbers(3, 4, 4), s.numbers(3, 4)
    spd = a @ a.transpose(1, 2) + 4 * s.lib.eye(4, dtype=s.lib.float64)
    return (
        s.vmap(s.lib.linalg.solve)(a, b),
        s.vmap(s.lib.linalg.solve, (None, 0))(a[0], b),
        s.vmap(s.func.jacrev(s.lib.linalg.inv))(a),
        s.vmap(s.func.grad(lambda m: s.lib.linalg.cholesky(m).sum()))(spd),
        s.func.jvp(s.lib.linalg.det, (a,), (spd,)),
    )


@program
def linearized(s):
    value, push = s.func.linearize(lambda x: (x.sin(), x.prod()), s.numbers(3))
    return value, push(s.numbers(3))


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_compute_the_same(name):
    found, expected = [leaves_of(PROGRAMS[name](Side(lib))) for lib in (tp, torch)]
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected):
        ours, theirs = ours.detach().numpy(), theirs.detach().numpy()
        assert ours.dtype == theirs.dtype
        tolerance = 1e-5 if ours.dtype == np.float32 else 1e-9
        np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)


MISUSES = {
    "item": lambda s, x: s.vmap(lambda v: v.sum().item())(x),
    "branch": lambda s, x: s.vmap(lambda v: v if v.sum() > 0 else -v)(x),
    "random": lambda s, x: s.vmap(lambda v: v + s.lib.rand(3))(x),
    "sizes": lambda s, x: s.vmap(lambda a, b: a)(x, s.lib.ones(3)),
    "in_dims of another kind": lambda s, x: s.vmap(lambda a: a, in_dims="x")(x),
    "in_dims out of range": lambda s, x: s.vmap(lambda a: a, in_dims=3)(x),
    "no batch dim": lambda s, x: s.vmap(lambda a: a, in_dims=None)(x),
    "no tensor": lambda s, x: s.vmap(lambda a: a)(2),
    "a number comes back": lambda s, x: s.vmap(lambda a: 1)(x),
    "out_dims none": lambda s, x: s.vmap(lambda a: a, out_dims=None)(x),
    "too many out_dims": lambda s, x: s.vmap(lambda a: (a, a), out_dims=(0, 0, 0))(x),
    "nonzero": lambda s, x: s.vmap(lambda a: a.nonzero())(x),
    "mask": lambda s, x: s.vmap(lambda a: a[a > 0])(x),
    "write into shared": lambda s, x: s.vmap(lambda a: s.lib.zeros(3).add_(a))(x),
    "randomness": lambda s, x: s.vmap(lambda a: a, randomness="some")(x),
    "chunk_size": lambda s, x: s.vmap(lambda a: a, chunk_size=0)(x),
    "no inputs": lambda s, x: s.vmap(lambda: 1)(),
    "requires_grad": lambda s, x: s.vmap(lambda a: a.requires_grad_())(x),
    "numpy": lambda s, x: s.vmap(lambda a: a.numpy())(x),
    "gradient of a vector": lambda s, x: s.func.grad(lambda a: a)(x),
    "gradient of a number": lambda s, x: s.func.grad(lambda a: 1)(x),
    "gradient by a number": lambda s, x: s.func.grad(lambda a: a)(2),
    "argnums out of range": lambda s, x: s.func.grad(lambda a: a.sum(), 3)(x),
    "argnums twice": lambda s, x: s.func.grad(lambda a: a.sum(), (0, 0))(x),
    "gradient by integers": lambda s, x: s.func.grad(lambda a: a.sum())(x.long()),
    "aux missing": lambda s, x: s.func.grad(lambda a: a.sum(), has_aux=True)(x),
    "tangent of another shape": lambda s, x: s.func.jvp(lambda a: a, (x,), (s.lib.ones(2),)),
    "primals no tuple": lambda s, x: s.func.jvp(lambda a: a, x, x),
    "no primals": lambda s, x: s.func.jvp(lambda: x, (), ()),
    "too many tangents": lambda s, x: s.func.jvp(lambda a: a, (x,), (x, x)),
    "too many cotangents": lambda s, x: s.func.vjp(lambda a: a, x)[1]((x, x)),
    "cotangent of another shape": lambda s, x: s.func.vjp(lambda a: a, x)[1](s.lib.ones(2)),
    "jacobian of integers": lambda s, x: s.func.jacrev(lambda a: a.argmax())(x),
    "no models": lambda s, x: s.func.stack_module_state([]),
    "functionalize": lambda s, x: s.func.functionalize(lambda a: a, remove="x")(x),
    "dual without level": lambda s, x: s.lib.autograd.forward_ad.make_dual(x, x),
    "level left twice": lambda s, x: s.lib.autograd.forward_ad.exit_dual_level(),
}


def error_of(lib, name):
    """The kind of error that a misuse raises, None where there is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            MISUSES[name](Side(lib), lib.ones(2, 3))
        except Exception as error:
            return type(error)
    return None


@pytest.mark.parametrize("name", MISUSES)
def test_misuse_is_refused_with_errors_of_one_kind(name):
    assert issubclass(error_of(tp, name), error_of(torch, name))
