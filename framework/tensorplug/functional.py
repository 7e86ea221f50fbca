"""Every op as a free function, taken from the op table. ``functional.pyi``, generated, shows editors what is here."""

from __future__ import annotations

from tensorplug.ops.namespaces import functions_in

torch_functions = functions_in("torch")
nn_functions = functions_in("F")
fft_functions = functions_in("fft")
special_functions = functions_in("special")
_all = {**fft_functions, **special_functions, **nn_functions, **torch_functions}
globals().update(_all)

__all__ = ["fft_functions", "nn_functions", "special_functions", "torch_functions", *_all]
