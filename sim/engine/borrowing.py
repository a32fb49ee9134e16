"""The state without reference counts: what a run borrows from its caller it need not count.

numba counts references to every array of the state whenever a phase hands the state on, atomically; for a part of
a phase that is called per case that costs more than its work. The caller holds the arrays for the whole run.
"""

from typing import Any

from numba.core import cgutils
from numba.extending import intrinsic, overload


def borrowed(state: Any) -> Any:
    """Return the same named tuple of arrays; compiled, one whose references are not counted.

    Only for arrays that the caller holds on to until the compiled code returns.
    """
    return state


@intrinsic  # type: ignore[untyped-decorator]
def _uncounted(context: Any, state: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        whole = arguments[0]
        for place, kind in enumerate(state):
            array = context.make_array(kind)(context, builder, builder.extract_value(whole, place))
            array.meminfo = cgutils.get_null_value(array.meminfo.type)
            whole = builder.insert_value(whole, array._getvalue(), place)
        return whole

    return state(state), build


@overload(borrowed)  # type: ignore[untyped-decorator]
def _compiled(state: Any) -> Any:
    def uncounted(state: Any) -> Any:
        return _uncounted(state)

    return uncounted
