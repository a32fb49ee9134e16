"""The state as a run holds it: one reference instead of forty arrays, none of them counted.

A phase that is handed a named tuple of arrays unpacks every one of them and counts its references, atomically; that
costs more than the work of a phase called per case, and most of the time of compiling. A run therefore puts the
arrays, which its caller holds until it returns, into one structure once and hands a reference to that on.
"""

from typing import Any

from numba.core import cgutils, types
from numba.experimental import structref
from numba.experimental.jitclass.base import imp_dtor
from numba.extending import intrinsic, overload


@structref.register
class HeldState(types.StructRef):  # type: ignore[misc, name-defined]
    """Type of the structure: the fields of the state, each an array of the same type."""


def held(state: Any) -> Any:
    """Return the state itself; compiled, a structure with the same fields, for arrays that the caller holds."""
    return state


@intrinsic  # type: ignore[untyped-decorator]
def _hold(context: Any, state: Any) -> Any:
    structure = HeldState(list(zip(state.fields, state.types, strict=True)))

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        payload = context.data_model_manager[structure.get_data_type()].get_value_type()
        size = context.get_constant(types.uintp, context.get_abi_sizeof(payload))
        memory = context.nrt.meminfo_alloc_dtor(builder, size, imp_dtor(context, builder.module, structure))
        place = builder.bitcast(context.nrt.meminfo_data(builder, memory), payload.as_pointer())
        builder.store(cgutils.get_null_value(payload), place)
        fields = cgutils.create_struct_proxy(structure.get_data_type())(context, builder, ref=place)
        for number, (name, kind) in enumerate(zip(state.fields, state.types, strict=True)):
            array = context.make_array(kind)(context, builder, builder.extract_value(arguments[0], number))
            array.meminfo = cgutils.get_null_value(array.meminfo.type)  # no reference is counted
            setattr(fields, name, array._getvalue())
        reference = context.make_helper(builder, structure)
        reference.meminfo = memory
        return reference._getvalue()

    return structure(state), build


@overload(held)  # type: ignore[untyped-decorator]
def _compiled(state: Any) -> Any:
    def hold(state: Any) -> Any:
        return _hold(state)

    return hold
