"""The batching rules of ops, in tables by name of op.

An op without a rule is decomposed where it has a default, and otherwise run example by example.
"""

from tensorplug.func.batching import (
    convolution,
    factorization,
    indexing,
    linalg,
    loss,
    movement,
    normalization,
    reduction,
)
from tensorplug.func.batching.call import Rule
from tensorplug.func.batching.elementwise import is_pointwise, pointwise
from tensorplug.op import Op

RULES: dict[str, Rule] = {
    **reduction.RULES,
    **movement.RULES,
    **indexing.RULES,
    **linalg.RULES,
    **factorization.RULES,
    **convolution.RULES,
    **normalization.RULES,
    **loss.RULES,
}


def rule_of(op: Op) -> Rule | None:
    """The batching rule of an op, None where it has none; element-wise ops have one in common."""
    return pointwise if is_pointwise(op) else RULES.get(op.name)
