"""Discrete Fourier transforms, and the frequencies that belong to them.

``fft.pyi``, generated, shows editors what is here.
"""

from tensorplug.functional import fft_functions
from tensorplug.spectral import fftfreq, rfftfreq

__all__ = ["fftfreq", "rfftfreq"]

globals().update(fft_functions)
__all__ += fft_functions
