"""Random programs of views and changes in place: values as NumPy's, gradients as finite differences.

Each program is drawn from a seed and can be run with NumPy or tensorplug, since both have the methods it uses. In
NumPy views and changes in place are what they are, which makes it the reference for values; the gradient is compared
with central differences of NumPy's result along a random direction.
"""

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tensorplug as tp

Step = Callable[[Any, Any], Any]
"""From a tensor and another one to a new tensor, or to None where the first was changed in place."""

VIEWS: list[Step] = [
    lambda t, _: t.T,
    lambda t, _: t[0],
    lambda t, _: t[-1:],
    lambda t, _: t[1:],
    lambda t, _: t[::2],
    lambda t, _: t[..., 1:],
    lambda t, _: t[None],
    lambda t, _: t.swapaxes(0, -1),
    lambda t, _: t.reshape(-1)[:3],
    lambda t, _: t.squeeze(),
]

# What saves its operands gets copies, since later steps may change them.
FUNCTIONS: list[Step] = [
    lambda t, _: (t * 1.0) ** 2,
    lambda t, _: t * 0.5 + 1,
    lambda t, other: (t * 1.0) * other.mean(),
]


def multiply(t, _):
    t *= 1.25


def add_mean_of_other(t, other):
    t += other.mean() * 0.5


def square(t, _):
    t **= 2


def multiply_by_itself(t, _):
    t *= t * 0.5 + 1


def zero(t, _):
    t[...] = 0


def copy_other(t, other):
    t[...] = other.sum() * 0.25


def assign_first(t, other):
    t[0] = other.mean()


def assign_strided(t, other):
    t[::2] = other.mean() * 0.5


CHANGES: list[Step] = [
    multiply, add_mean_of_other, square, multiply_by_itself, zero, copy_other, assign_first, assign_strided,
]  # fmt: skip


class Program:
    """Steps drawn from a seed. ``run`` gives the result, a number, and all tensors made on the way."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.steps: list[tuple[Step, int, int]] = []
        shapes = [(3, 4), (2, 3, 2)]
        made = [np.ones(shape) for shape in shapes]
        for _ in range(self.draw.randint(3, 8)):
            step = self.draw.choice(self.draw.choice([VIEWS, VIEWS, CHANGES, CHANGES, FUNCTIONS]))
            at, other = self.draw.randrange(len(made)), self.draw.randrange(len(made))
            # A scalar made by indexing is no view in NumPy, and there is no first element to take from it.
            if made[at].ndim < 2 and step in VIEWS:
                continue
            if made[at].ndim == 0 or 0 in made[at].shape or 0 in made[other].shape:
                continue
            self.steps.append((step, at, other))
            found = step(made[at], made[other])
            if found is not None:
                made.append(found)

    def run(self, *leaves: Any) -> tuple[Any, list[Any]]:
        made = [leaf * 1.0 for leaf in leaves]
        for step, at, other in self.steps:
            found = step(made[at], made[other])
            if found is not None:
                made.append(found)
        return sum((t * t).sum() * 0.1 for t in made), made


@pytest.mark.parametrize("seed", range(150))
def test_values_are_numpys_and_gradients_finite_differences(seed: int) -> None:
    program = Program(seed)
    generator = np.random.default_rng(seed)
    arrays = [generator.uniform(0.5, 1.0, shape) for shape in ((3, 4), (2, 3, 2))]
    leaves = [tp.tensor(a, requires_grad=True) for a in arrays]
    result, made = program.run(*leaves)
    expected, expected_made = program.run(*arrays)
    for ours, theirs in zip(made, expected_made, strict=True):
        np.testing.assert_allclose(ours.detach().numpy(), theirs, rtol=1e-12)
    result.backward()

    direction = [generator.standard_normal(a.shape) for a in arrays]
    step = 1e-6
    above, below = (program.run(*[a + sign * step * d for a, d in zip(arrays, direction)])[0] for sign in (1, -1))
    slope = sum((leaf.grad.numpy() * d).sum() for leaf, d in zip(leaves, direction))
    assert slope == pytest.approx((above - below) / (2 * step), rel=1e-6, abs=1e-6 * abs(expected))


def test_the_programs_are_worth_running() -> None:
    """Most change something in place, and through a view."""
    programs = [Program(seed) for seed in range(150)]
    changing = [p for p in programs if any(s in CHANGES for s, _, _ in p.steps)]
    viewing = [p for p in changing if any(s in VIEWS for s, _, _ in p.steps)]
    assert len(viewing) > 75
