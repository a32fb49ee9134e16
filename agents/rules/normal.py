"""The quantile of the standard normal law, which the standard library has for compiled code nowhere."""

import math

from agents.rules.compiling import rule
from agents.rules.units import HALF

_CENTRE, _MIDDLE = 0.425, 0.180625
_A = 3.3871327179, 50.434271938, 159.29113202, 59.109374720
_B = 17.895169469, 78.757757664, 67.187563600
_BRANCH, _NEAR = 5.0, 1.6
_C = 1.4234372777, 2.7568153900, 1.3067284816, 0.17023821103
_D = 0.73700164250, 0.12021132975
_E = 6.6579051150, 3.0812263860, 0.42868294337, 0.017337203997
_F = 0.24197894225, 0.012258202635
"""Coefficients of PPND7 (Wichura 1988, Applied Statistics 37:477, algorithm AS 241)."""


@rule
def normal_quantile(u: float) -> float:
    """Return the standard normal quantile of u in (0, 1) (Wichura 1988, algorithm AS 241, PPND7 refined once).

    The rational approximation is followed by one Newton step on the error function, so that the result is
    exact to about 1e-15 in the centre.
    """
    q = u - HALF
    if -_CENTRE <= q <= _CENTRE:
        r = _MIDDLE - q * q
        x = (
            q
            * (((_A[3] * r + _A[2]) * r + _A[1]) * r + _A[0])
            / (((_B[2] * r + _B[1]) * r + _B[0]) * r + 1.0)
        )
    else:
        r = u if q < 0.0 else 1.0 - u
        r = math.sqrt(-math.log(r))
        if r <= _BRANCH:
            r = r - _NEAR
            x = (((_C[3] * r + _C[2]) * r + _C[1]) * r + _C[0]) / ((_D[1] * r + _D[0]) * r + 1.0)
        else:
            r = r - _BRANCH
            x = (((_E[3] * r + _E[2]) * r + _E[1]) * r + _E[0]) / ((_F[1] * r + _F[0]) * r + 1.0)
        if q < 0.0:
            x = -x
    cumulative = HALF * math.erfc(-x / math.sqrt(2.0))
    density = math.exp(-HALF * x * x) / math.sqrt(2.0 * math.pi)
    return x - (cumulative - u) / density
