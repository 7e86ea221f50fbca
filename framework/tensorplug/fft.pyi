"""Discrete Fourier transforms. Generated from the op table by `python -m tools.generate`."""

from tensorplug.spectral import fftfreq as fftfreq
from tensorplug.spectral import rfftfreq as rfftfreq
from tensorplug.functional import fft as fft
from tensorplug.functional import ifft as ifft
from tensorplug.functional import rfft as rfft
from tensorplug.functional import irfft as irfft
from tensorplug.functional import hfft as hfft
from tensorplug.functional import ihfft as ihfft
from tensorplug.functional import fft2 as fft2
from tensorplug.functional import ifft2 as ifft2
from tensorplug.functional import rfft2 as rfft2
from tensorplug.functional import irfft2 as irfft2
from tensorplug.functional import hfft2 as hfft2
from tensorplug.functional import ihfft2 as ihfft2
from tensorplug.functional import fftn as fftn
from tensorplug.functional import ifftn as ifftn
from tensorplug.functional import rfftn as rfftn
from tensorplug.functional import irfftn as irfftn
from tensorplug.functional import hfftn as hfftn
from tensorplug.functional import ihfftn as ihfftn
from tensorplug.functional import fftshift as fftshift
from tensorplug.functional import ifftshift as ifftshift
