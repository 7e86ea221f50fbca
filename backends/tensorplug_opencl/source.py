"""OpenCL C from its parts: the types a program computes with, and those helper functions that its text mentions."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from tensorplug.dtypes import DType
from tensorplug_opencl.codes import CODES

_SECTION = "////"
_WORD = re.compile(r"\w+")

_ALWAYS = "#pragma OPENCL FP_CONTRACT OFF\n"
_DOUBLE = "#ifdef cl_khr_fp64\n#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n#endif\n"

_WIDEST = {
    True: ("double", "3.14159265358979323846", "1.77245385090551602730"),
    False: ("float", "3.14159265358979323846f", "1.77245385090551602730f"),
}


@cache
def _helpers() -> dict[str, str]:
    """Function name -> the section of the ``.cl`` files that defines it, in the order of the files."""
    found: dict[str, str] = {}
    for file in ("convert.cl", "arithmetic.cl", "complex.cl", "philox.cl"):
        text = (resources.files(__package__) / "cl" / file).read_text()
        for section in text.split(_SECTION):
            body = section if section.startswith("//") or "\n" not in section else section.split("\n", 1)[1]
            for name in re.findall(r"^inline \w+ (\w+)\(", body, re.MULTILINE):
                found[name] = body
    return found


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))


def needed(text: str) -> str:
    """The helper functions that ``text`` mentions, and those that they mention, each once."""
    helpers = _helpers()
    chosen: set[str] = set()
    todo = [text]
    while todo:
        for name in _words(todo.pop()):
            section = helpers.get(name)
            if section is not None and section not in chosen:
                chosen.add(section)
                todo.append(section)
    return "".join(section for section in dict.fromkeys(helpers.values()) if section in chosen)


def program(dtype: DType, has_double: bool, text: str) -> str:
    """A whole program that computes in ``dtype``.

    Args:
        dtype: ``T`` is its type, ``R`` that of its parts, ``C`` a pair of those, ``K(x)`` a literal of them;
            ``LOWEST`` and ``HIGHEST`` are the ends of its range, ``SIGNED`` tells whether it is signed.
        has_double: whether ``W``, the widest float, is double.
        text: the kernels.
    """
    code = CODES[dtype]
    real = CODES[dtype.to_real()].value
    wide, pi, root_pi = _WIDEST[has_double]
    return "".join((
        _DOUBLE if has_double else "", _ALWAYS,
        f"#define T {code.value}\n#define R {real}\n#define C {real}2\n",
        f"#define K(x) x{'' if real == 'double' else '##f'}\n",
        f"#define LOWEST {code.lowest}\n#define HIGHEST {code.highest}\n#define SIGNED {int(dtype.is_signed)}\n",
        f"#define W {wide}\n#define W_PI {pi}\n#define W_ROOT_PI {root_pi}\n",
        needed(text), text,
    ))  # fmt: skip
