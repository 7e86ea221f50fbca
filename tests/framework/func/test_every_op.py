"""Every op that has conformance samples: under ``vmap`` against a loop, in forward mode against reverse mode."""

import pytest

import tensorplug as tp
from tensorplug_conformance.calls import arguments, op_arguments, results_of
from tensorplug_conformance.cases import rows
from tensorplug_conformance.checks import operation
from tensorplug_conformance.sample import Case

# A loss that has something to say of its default reduction.
pytestmark = pytest.mark.filterwarnings("ignore:reduction:UserWarning")

ROWS = [row for row in rows() if "float64" in row.dtypes]

DRAWS = {"alpha_dropout", "dropout", "dropout1d", "dropout2d", "dropout3d", "feature_alpha_dropout", "feature_dropout"}
"""Ops that draw from the default stream: what they compute is not to be repeated."""

REFUSED = ("one value for each example", "depends on the data", "pass randomness=", "all examples share")
"""What ``vmap`` says of ops that look at values, draw, or write into what examples share."""


def calls(row, samples=1):
    """For the first samples of a row, inputs with three sets of values and the call as a function of the inputs."""
    for number, sample in enumerate(row.samples[:samples]):
        if sample.dtypes is not None and "float64" not in sample.dtypes:
            continue
        case = Case(row, "value", number, "float64", "contiguous")
        given = [arguments(case, sample, "cpu", seed) for seed in (1, 2, 3)]
        if not given[0].tensors:
            continue

        def call(*tensors, sample=sample):
            args, kwargs = op_arguments(sample, [t.clone() for t in tensors], "float64", "cpu")
            return tuple(r for r in results_of(operation(row)(*args, **kwargs)) if isinstance(r, tp.Tensor))

        yield sample, given, call


def differentiable(row, sample, given):
    """The places of the inputs that have gradients."""
    if not row.gradient or sample.gradient is False or row.op in DRAWS:
        return []
    return [
        i
        for i, (t, described) in enumerate(zip(given.tensors, given.inputs))
        if described.grad and t.dtype == tp.float64
    ]


def of_places(call, tensors, places):
    """The call as a function of some of its inputs; its results that have gradients."""

    def function(*chosen):
        full = list(tensors)
        for place, value in zip(places, chosen):
            full[place] = value
        return tuple(r for r in call(*full) if r.is_floating_point() or r.is_complex())

    return function


def unless_refused(mapped, batch):
    """What a mapped function returns; nothing where ``vmap`` cannot run it and says so."""
    try:
        return mapped(*batch)
    except RuntimeError as error:
        if any(text in str(error) for text in REFUSED):
            return ()
        raise


def noise(tensors, seed):
    tp.manual_seed(seed)
    return tuple(tp.randn(t.shape, dtype=t.dtype) for t in tensors)


def inner(first, second):
    return sum(
        float((a.conj() * b).sum().real) if a.is_complex() else float((a * b).sum()) for a, b in zip(first, second)
    )


def close(found, expected):
    tp.testing.assert_close(found, expected, rtol=1e-6, atol=1e-8, equal_nan=True)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_vmap_is_a_loop(row):
    if row.op in {"empty_like", "new_empty", "empty_strided", "empty_permuted", "new_empty_strided"}:
        pytest.skip("its values may be anything")
    for _, given, call in calls(row, samples=2):
        examples = [g.tensors for g in given]
        mixes = {(True,) * len(examples[0]), (True,) + (False,) * (len(examples[0]) - 1)}
        for mix in sorted(mixes):
            pick = [[row_[i] if f else examples[0][i] for i, f in enumerate(mix)] for row_ in examples]
            expected = [call(*tensors) for tensors in pick]
            batch = [tp.stack([t[i] for t in examples]) if f else examples[0][i] for i, f in enumerate(mix)]
            found = unless_refused(tp.vmap(call, in_dims=tuple(0 if f else None for f in mix)), batch)
            for number, result in enumerate(found):
                close(result, tp.stack([e[number] for e in expected]))


@pytest.mark.parametrize("row", [r for r in ROWS if r.gradient], ids=lambda row: row.name)
def test_forward_and_reverse_mode_are_transposes(row):
    for sample, given, call in calls(row):
        places = differentiable(row, sample, given[0])
        function = of_places(call, given[0].tensors, places)
        inputs = tuple(given[0].tensors[i] for i in places)
        if not places or not function(*inputs):
            continue
        directions = noise(inputs, 1)
        value, pull = tp.func.vjp(function, *inputs)
        cotangents = noise(value, 2)
        _, tangents = tp.func.jvp(function, inputs, directions)
        assert inner(cotangents, tangents) == pytest.approx(
            inner(pull(cotangents), directions), rel=1e-7, abs=1e-7, nan_ok=True
        )


@pytest.mark.parametrize("row", [r for r in ROWS if r.gradient], ids=lambda row: row.name)
def test_gradients_under_vmap_are_those_of_each_example(row):
    for sample, given, call in calls(row):
        places = differentiable(row, sample, given[0])
        function = of_places(call, given[0].tensors, places)
        examples = [tuple(g.tensors[i] for i in places) for g in given[:2]]
        if not places or not function(*examples[0]):
            continue
        cotangents = noise(function(*examples[0]), 2)

        def gradients(*inputs, function=function, cotangents=cotangents):
            return tp.func.vjp(function, *inputs)[1](cotangents)

        found = unless_refused(tp.vmap(gradients), [tp.stack(column) for column in zip(*examples)])
        for number, inputs in enumerate(examples if found else ()):
            close(tuple(g[number] for g in found), gradients(*inputs))


@pytest.mark.parametrize("row", [r for r in ROWS if r.gradient], ids=lambda row: row.name)
def test_forward_over_reverse_is_reverse_over_reverse(row):
    for sample, given, call in calls(row):
        places = differentiable(row, sample, given[0])
        function = of_places(call, given[0].tensors, places)
        inputs = tuple(given[0].tensors[i] for i in places)
        if not places or not function(*inputs):
            continue
        cotangents, directions = noise(function(*inputs), 2), noise(inputs, 1)

        def gradients(*inputs, function=function, cotangents=cotangents):
            return tp.func.vjp(function, *inputs)[1](cotangents)

        def slope(*inputs, gradients=gradients, directions=directions):
            return sum((g * d).sum() for g, d in zip(gradients(*inputs), directions))

        _, found = tp.func.jvp(gradients, inputs, directions)
        close(found, tp.func.grad(slope, argnums=tuple(range(len(inputs))))(*inputs))
