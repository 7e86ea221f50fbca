"""The Python array API standard, version 2024.12: what ``Tensor.__array_namespace__()`` returns.

Programs written for the standard run on every device: https://data-apis.org/array-api/2024.12. Arrays are ``Tensor``,
which as in PyTorch differs in one attribute: ``size`` is a method, not the number of elements.
"""

from math import e, inf, nan, pi

from tensorplug.array_api import (
    creation,
    dtypes,
    elementwise,
    fft,
    linalg,
    manipulation,
    products,
    reductions,
    searching,
)
from tensorplug.array_api.info import __array_namespace_info__

__array_api_version__ = "2024.12"
newaxis = None

_MODULES = (creation, dtypes, elementwise, manipulation, products, reductions, searching)
__all__ = ["__array_api_version__", "__array_namespace_info__", "e", "fft", "inf", "linalg", "nan", "newaxis", "pi"]
for _module in _MODULES:
    globals().update({_name: getattr(_module, _name) for _name in _module.__all__})
    __all__ += _module.__all__
