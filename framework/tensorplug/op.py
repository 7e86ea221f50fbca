"""The op table: what an op is, in one record.

There are four kinds of ops. A *primitive* is a plan without a default: every backend must bring its kernel. A *fused*
op is a plan with a default written in other ops; a backend may bring a kernel. A *view* is geometry over memory, with
no kernel at all. A *composite* is a plain function of other ops.

Gradient rules are functions whose argument names say what they need, so that only that is kept for the backward
pass. The first argument is the gradient of the result (or a tuple of them); then come, by name:

- an input of the op (``input``, ``other``), or its shape or dtype alone (``input_shape``, ``input_dtype``);
- a parameter of the op (``dim``, ``keepdim``);
- ``result`` (or an output's name where there are several);
- ``needs``: for each input, whether its gradient is wanted (for rules that serve all inputs at once).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

PRIMITIVE, FUSED, VIEW, COMPOSITE = "primitive", "fused", "view", "composite"


INPUT, PARAM, RESULT, SHAPE, DTYPE, NEEDS = range(6)
"""Where an argument of a gradient rule is found; the first five come with an index."""


class Rule(NamedTuple):
    """A gradient rule, and where each of its arguments is found."""

    function: Callable[..., Any]
    sources: tuple[tuple[int, int], ...]

    def uses(self, source: int) -> frozenset[int]:
        """The indices it asks for of one source."""
        return frozenset(index for kind, index in self.sources if kind == source)


class Kept(NamedTuple):
    """What a node keeps for its rules: flags for each input and result, and summaries of them."""

    inputs: tuple[bool, ...]
    results: tuple[bool, ...]
    any_input: bool
    any_result: bool
    metas: bool
    anything: bool


class Op:
    """One op: its names, contract, meaning and gradient.

    Attributes:
        name: the name in the table; also the name of its kernel.
        inputs, params, outputs: names in the kernel's contract; the last input may be variadic (``*tensors``).
        single: whether there is one output.
        byproducts: how many of the last outputs serve the gradient rule alone; no gradient flows through them.
        kind: ``"primitive"``, ``"fused"``, ``"view"`` or ``"composite"``.
        call: the function behind the method.
        operator: the function behind the Python operator, the same but for arguments that operators cannot have.
        function: the public function (with ``out=`` where the op has it).
        overwrite: the function in place, once asked for where there is one.
        spaces: where the op is public: ``"torch"``, ``"Tensor"``, ``"F"`` (nn.functional),
            ``"special"``, ``"fft"``.
        inplace, out: whether ``name_`` and ``out=`` exist.
        aliases: other public names.
        broadcasts: gradients may have to be summed back to an input's shape.
        rules: per input, its gradient rule or None.
        joint: one rule for all inputs, instead of ``rules``.
        differentiable: whether it has rules, so that results are recorded.
    """

    __slots__ = (
        "aliases", "backward_name", "body", "broadcasts", "byproducts", "call", "default_body", "differentiable",
        "function", "inplace", "inputs", "joint", "kind", "name", "operator", "out", "outputs", "overwrite", "params",
        "promotion",
        "rules", "saves", "single", "spaces", "star",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        kind: str,
        body: Callable[..., Any],
        contract: str,
        *,
        outputs: Sequence[str] = ("result",),
        byproducts: int = 0,
        spaces: Sequence[str] = ("torch", "Tensor"),
        inplace: bool = False,
        out: bool = True,
        aliases: Sequence[str] = (),
        broadcasts: bool = False,
        promotion: Any = None,
    ) -> None:
        self.name = name
        self.kind = kind
        self.body = body
        self.inputs, self.params = _parse_contract(contract)
        self.star = len(self.inputs) - 1 if self.inputs and self.inputs[-1].startswith("*") else -1
        self.inputs = tuple(n.lstrip("*") for n in self.inputs)
        self.outputs = tuple(outputs)
        self.single = len(self.outputs) == 1
        self.byproducts = byproducts
        self.spaces = tuple(spaces)
        self.inplace = inplace
        self.out = out
        self.aliases = tuple(aliases)
        self.broadcasts = broadcasts
        self.promotion = promotion
        self.default_body: Callable[..., Any] | None = None
        self.rules: tuple[Rule | None, ...] = ()
        self.joint: Rule | None = None
        self.differentiable = False
        self.saves: dict[int, Kept] = {}
        self.backward_name = "".join(part.capitalize() for part in name.split("_")) + "Backward0"
        self.call: Callable[..., Any] = body
        self.operator: Callable[..., Any] = body
        self.function: Callable[..., Any] = body
        self.overwrite: Callable[..., Any] | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.call(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<{self.kind} op {self.name}({', '.join(self.inputs)}; {', '.join(self.params)})>"

    # Read by people and tools only, so not computed when the table is filled.

    @property
    def doc(self) -> str:
        """The docstring."""
        return inspect.getdoc(self.body) or ""

    @property
    def signature(self) -> inspect.Signature:
        """The signature of the method."""
        return inspect.signature(self.body)

    @property
    def function_signature(self) -> inspect.Signature:
        """The signature of the function: that of the method, with ``out=`` where the op has it."""
        signature = self.signature
        if not self.out:
            return signature
        parameters = list(signature.parameters.values())
        position = next((i for i, p in enumerate(parameters) if p.kind is p.VAR_KEYWORD), len(parameters))
        out = inspect.Parameter("out", inspect.Parameter.KEYWORD_ONLY, default=None, annotation="Tensor | None")
        return signature.replace(parameters=[*parameters[:position], out, *parameters[position:]])

    def grads(self, **rules: Callable[..., Any]) -> None:
        """Give each input its gradient rule, ``input=lambda g, ...: ...``. Inputs left out get none."""
        unknown = set(rules) - set(self.inputs)
        if unknown:
            raise ValueError(f"{self.name}: no such inputs: {sorted(unknown)}")
        self.rules = tuple(self._rule(rules[n]) if n in rules else None for n in self.inputs)
        self.differentiable = True

    def vjp(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Decorator: one gradient rule for all inputs; it returns one gradient (or None) for each."""
        self.joint = self._rule(function)
        self.differentiable = True
        return function

    def default(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Decorator: the decomposition, called as a kernel would be but with tensors."""
        self.default_body = function
        self.kind = FUSED
        return function

    def _rule(self, function: Callable[..., Any]) -> Rule:
        places: dict[str, tuple[int, int]] = {"needs": (NEEDS, 0)}
        for index, name in enumerate(self.inputs):
            places[name] = (INPUT, index)
            places[f"{name}_shape"] = (SHAPE, index)
            places[f"{name}_dtype"] = (DTYPE, index)
        places.update({name: (PARAM, index) for index, name in enumerate(self.params)})
        places.update({name: (RESULT, index) for index, name in enumerate(self.outputs)})
        names = _parameter_names(function)[1:]
        missing = [n for n in names if n not in places]
        if missing:
            raise ValueError(f"gradient rule of {self.name}: unknown argument(s) {missing}; there are {list(places)}")
        return Rule(function, tuple(places[n] for n in names))

    def saved(self, mask: int) -> Kept:
        """What to keep when the inputs in ``mask`` (a bit per input slot) need gradients."""
        found = self.saves.get(mask)
        if found is None:
            rules = [r for i, r in enumerate(self.rules) if r is not None and mask >> i & 1]
            if self.joint is not None:
                rules.append(self.joint)
            inputs = tuple(any(i in r.uses(INPUT) for r in rules) for i in range(len(self.inputs)))
            results = tuple(any(i in r.uses(RESULT) for r in rules) for i in range(len(self.outputs)))
            metas = any(r.uses(SHAPE) or r.uses(DTYPE) for r in rules)
            anything = metas or any(inputs) or any(results)
            found = self.saves[mask] = Kept(inputs, results, any(inputs), any(results), metas, anything)
        return found


def _parameter_names(function: Callable[..., Any]) -> list[str]:
    code = getattr(function, "__code__", None)
    if code is None or hasattr(function, "__signature__"):
        return list(inspect.signature(function).parameters)
    return list(code.co_varnames[: code.co_argcount])


def _parse_contract(contract: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    inputs, _, params = contract.partition(";")
    return _split(inputs), _split(params)


def _split(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip())


table: dict[str, Op] = {}
"""Every op by name."""


def add_to_table(op: Op) -> Op:
    """Enter an op.

    Raises:
        ValueError: the name is taken.
    """
    if op.name in table:
        raise ValueError(f"op '{op.name}' is defined twice")
    table[op.name] = op
    return op
