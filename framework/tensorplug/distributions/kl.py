"""Kullback-Leibler divergences, by the families of both distributions."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from tensorplug.distributions.distribution import Distribution
from tensorplug.tensor import Tensor

__all__ = ["kl_divergence", "register_kl"]

Rule = Callable[[Any, Any], Tensor]
Pair = tuple[type, type]

_rules: dict[Pair, Rule] = {}
_found: dict[Pair, Rule | None] = {}
"""What dispatch has come to, by exact types."""


def register_kl(type_p: type, type_q: type) -> Callable[[Rule], Rule]:
    """Decorator: a function of ``p`` and ``q`` that gives their divergence, for two families and their subclasses.

    Where several functions fit, the one for the most derived families is taken.

    Args:
        type_p, type_q: classes of distributions.

    Raises:
        TypeError: another class.

    Example:
        >>> from tensorplug.distributions import Normal, register_kl
        >>> class Bell(Normal):
        ...     pass
        >>> @register_kl(Bell, Bell)
        ... def kl(p, q):
        ...     return p.loc - q.loc
    """
    for name, kind in (("type_p", type_p), ("type_q", type_q)):
        if not isinstance(kind, type) or not issubclass(kind, Distribution):
            raise TypeError(f"Expected {name} to be a Distribution subclass but got {kind}")

    def decorate(rule: Rule) -> Rule:
        _rules[type_p, type_q] = rule
        _found.clear()
        return rule

    return decorate


def kl_divergence(p: Distribution, q: Distribution) -> Tensor:
    """The divergence ``KL(p || q)``, the mean of ``log(p(x) / q(x))`` over draws of ``p``, for each of the batch.

    Raises:
        NotImplementedError: nothing is known of these two families.

    Example:
        >>> from tensorplug.distributions import Normal, kl_divergence
        >>> kl_divergence(Normal(0.0, 1.0), Normal(1.0, 1.0))
        tensor(0.5000)
    """
    pair = type(p), type(q)
    if pair not in _found:
        _found[pair] = _dispatch(*pair)
    rule = _found[pair]
    if rule is None:
        raise NotImplementedError(
            f"No KL(p || q) is implemented for p type {type(p).__name__} and q type {type(q).__name__}"
        )
    return rule(p, q)


def _dispatch(type_p: type, type_q: type) -> Rule | None:
    """The rule for the nearest pair of superclasses; nearer in the first class, or in the second, may differ."""
    fitting = [(p, q) for p, q in _rules if issubclass(type_p, p) and issubclass(type_q, q)]
    if not fitting:
        return None
    places_p, places_q = type_p.__mro__.index, type_q.__mro__.index
    left = min(fitting, key=lambda pair: (places_p(pair[0]), places_q(pair[1])))
    right = min(fitting, key=lambda pair: (places_q(pair[1]), places_p(pair[0])))
    if _rules[left] is not _rules[right]:
        (a, b), (c, d) = ((p.__name__, q.__name__) for p, q in (left, right))
        warnings.warn(
            f"Ambiguous kl_divergence({type_p.__name__}, {type_q.__name__}). Please register_kl({a}, {d}): both "
            f"({a}, {b}) and ({c}, {d}) fit, and the first is taken.",
            RuntimeWarning,
            stacklevel=3,
        )
    return _rules[left]
