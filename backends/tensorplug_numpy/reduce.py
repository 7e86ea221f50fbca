"""``reduce`` of the ufuncs that kernels use, called with positional arguments: ``(array, axis, dtype, out, keepdims)``.

That is the quickest way to call them, and one that NumPy's type stubs do not describe.
"""

from typing import Any

import numpy as np

add: Any = np.add.reduce
maximum: Any = np.maximum.reduce
minimum: Any = np.minimum.reduce
multiply: Any = np.multiply.reduce
