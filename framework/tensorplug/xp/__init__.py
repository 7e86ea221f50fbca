"""Kernels for NumPy-like libraries: every function takes the library as ``xp``.

A backend over NumPy, CuPy or a stranger's library in their manner binds them with ``kernels.bind(xp)`` and lists only
what its library does better or otherwise.
"""
