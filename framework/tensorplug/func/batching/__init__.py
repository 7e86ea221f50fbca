"""The table of batching rules, by name of op.

An op without a rule is decomposed where it has a default, and otherwise run example by example.
"""

from tensorplug.func.batching import (
    convolution,
    elementwise,
    indexing,
    linalg,
    loss,
    movement,
    normalization,
    reduction,
)
from tensorplug.func.batching.call import Rule

RULES: dict[str, Rule] = {
    **elementwise.RULES,
    **reduction.RULES,
    **movement.RULES,
    **indexing.RULES,
    **linalg.RULES,
    **convolution.RULES,
    **normalization.RULES,
    **loss.RULES,
}
