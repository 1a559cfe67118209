"""Control flow: Python's own where values are known, both branches or steps elsewhere."""

import builtins
from collections.abc import Callable

import numpy as np
from keras.src import tree

from keras_strata.src import dispatch
from keras_strata.src import dtypes
from keras_strata.src import ops
from keras_strata.src import tracing
from keras_strata.src.tensor import Tensor


def _select(condition: Tensor, yes, no):
    if yes is None or no is None:
        return None
    return ops.numpy.where(condition, yes, no)


def cond(pred, true_fn, false_fn):
    """The result of one of two functions.

    A condition that is traced computes both and selects, also what they assign to
    variables.
    """
    pred = ops.core.convert_to_tensor(pred)
    if not pred.is_traced:
        return true_fn() if bool(pred) else false_fn()
    return _select_branch([pred], [true_fn, false_fn])


def switch(index, branches, *operands):
    """The result of the function at an index, which is clipped to those there are."""
    index = ops.core.convert_to_tensor(index, "int32")
    if not index.is_traced:
        chosen = min(max(int(index), 0), len(branches) - 1)
        return branches[chosen](*operands)
    conditions = [index <= i for i in range(len(branches) - 1)]
    return _select_branch(conditions, [lambda b=b: b(*operands) for b in branches])


def _select_branch(conditions: list[Tensor], functions: list[Callable]):
    """The result of the first function whose condition holds, or of the last one."""
    trace = tracing.current()
    if trace is None:
        trace = tracing.ShapeTrace()
    branches = [trace.branch(function) for function in functions]
    result, assigned = branches[-1]
    values = {id(variable): (variable, value) for variable, value in assigned}
    for condition, (own, changed) in reversed(list(zip(conditions, branches[:-1], strict=True))):
        if own is not None or result is not None:
            result = tree.map_structure(
                lambda yes, no, c=condition: _select(c, yes, no), own, result
            )
        changes = {id(variable): (variable, value) for variable, value in changed}
        for key, (variable, _) in {**values, **changes}.items():
            before = trace.value(variable)
            yes = changes.get(key, (variable, before))[1]
            no = values.get(key, (variable, before))[1]
            values[key] = (variable, _select(condition, yes, no))
    for variable, value in values.values():
        trace.assign(variable, value)
    return result


def while_loop(cond, body, loop_vars, maximum_iterations=None):
    """Repeats a function while a condition holds.

    While traced, a condition on known values unrolls the loop. One on traced values with
    `maximum_iterations` computes that many steps and selects; without it, the loop is a
    step of the plan that runs on the host, and has no gradient.
    """
    is_tuple = isinstance(loop_vars, (tuple, list))
    values = tuple(loop_vars) if is_tuple else (loop_vars,)
    values = tree.map_structure(ops.core.convert_to_tensor, values)
    done = 0
    while maximum_iterations is None or done < maximum_iterations:
        goes_on = ops.core.convert_to_tensor(cond(*values))
        if goes_on.is_traced:
            left = None if maximum_iterations is None else maximum_iterations - done
            values = _traced_loop(cond, body, values, goes_on, left)
            break
        if not bool(goes_on):
            break
        values = _step(body, values)
        done += 1
    return values if is_tuple else values[0]


def _step(body: Callable, values: tuple) -> tuple:
    result = body(*values)
    result = tuple(result) if isinstance(result, (list, tuple)) else (result,)
    return tree.map_structure(ops.core.convert_to_tensor, result)


def _traced_loop(
    cond: Callable, body: Callable, values: tuple, goes_on: Tensor, left: int | None
) -> tuple:
    if left is None:
        return _host_loop(cond, body, values)
    for index in range(left):
        if index:
            goes_on = ops.numpy.logical_and(goes_on, cond(*values))
        after = _step(body, values)
        values = tree.map_structure(
            lambda new, old, go=goes_on: _select(go, new, old), after, values
        )
    return values


def _host_loop(cond: Callable, body: Callable, values: tuple) -> tuple:
    flat = tree.flatten(values)

    def loop(*arrays: np.ndarray) -> list[np.ndarray]:
        with tracing.scope(None):
            current = tree.pack_sequence_as(values, [Tensor(a) for a in arrays])
            while bool(ops.core.convert_to_tensor(cond(*current))):
                current = _step(body, current)
            return [
                dtypes.convert(x.array, old.dtype)
                for x, old in zip(tree.flatten(current), flat, strict=True)
            ]

    types = [(x.shape, x.dtype) for x in flat]
    found = dispatch.host("while_loop", loop, flat, outputs=types)
    return tree.pack_sequence_as(values, found)


def fori_loop(lower, upper, body_fun, init_val):
    """Repeats a function of an index and a value."""
    lower, upper = ops.core.convert_to_tensor(lower), ops.core.convert_to_tensor(upper)
    if lower.is_traced or upper.is_traced:
        return while_loop(
            lambda index, value: index < upper,
            lambda index, value: (index + 1, body_fun(index, value)),
            (lower, init_val),
        )[1]
    value = init_val
    for index in range(int(lower), int(upper)):
        value = body_fun(ops.core.convert_to_tensor(index, lower.dtype), value)
    return value


def map(f, xs):
    """The results of a function for each slice along the first axis, stacked."""
    return scan(lambda carry, x: (carry, f(x)), (), xs)[1]


def vectorized_map(function, elements):
    """As `map`."""
    return map(function, elements)


def scan(f, init, xs=None, length=None, reverse=False, unroll=1):
    """Carries a value through a function of it and of each slice of the first axis.

    Returns:
        The last carried value, and the stacked results.
    """
    if not callable(f):
        raise TypeError(f"`f` should be a callable. Received: f={f}")
    if not isinstance(unroll, bool) and (not isinstance(unroll, int) or unroll < 1):
        raise ValueError(
            f"`unroll` must be an positive integer or boolean. Received: unroll={unroll}"
        )
    if xs is None and length is None:
        raise ValueError("Got no `xs` to scan over and `length` not provided.")
    if xs is not None:
        xs = tree.map_structure(ops.core.convert_to_tensor, xs)
    flat = tree.flatten(xs) if xs is not None else []
    count = int(length) if length is not None else flat[0].shape[0]
    carry = tree.map_structure(ops.core.convert_to_tensor, init)
    results = []
    for index in reversed(range(count)) if reverse else range(count):
        piece = None
        if xs is not None:
            piece = tree.map_structure(lambda x, i=index: x[i], xs)
        carry, result = f(carry, piece)
        results.append(result)
    if reverse:
        results.reverse()
    if not results:
        return carry, tree.map_structure(lambda x: x[:0], xs)
    if results[0] is None:
        return carry, None
    stacked = tree.map_structure(lambda *parts: ops.numpy.stack(parts), *results)
    return carry, stacked


def associative_scan(f, elems, reverse=False, axis=0):
    """All prefixes of an associative function along an axis.

    The recursion halves the axis (Blelloch, "Prefix sums and their applications", 1990).
    """
    if not callable(f):
        raise TypeError(f"`f` should be a callable. Received: f={f}")
    flat = [ops.core.convert_to_tensor(x) for x in tree.flatten(elems)]
    count = flat[0].shape[axis]
    if any(x.shape[axis] != count for x in flat):
        raise ValueError(
            "Array inputs to associative_scan must have the same "
            f"first dimension. (saw: {[x.shape for x in flat]})"
        )

    def combine(a: list[Tensor], b: list[Tensor]) -> list[Tensor]:
        packed = (tree.pack_sequence_as(elems, x) for x in (a, b))
        return tree.flatten(f(*packed))

    if reverse:
        flat = [ops.numpy.flip(x, axis) for x in flat]
    result = _prefixes(combine, flat, axis)
    if reverse:
        result = [ops.numpy.flip(x, axis) for x in result]
    return tree.pack_sequence_as(elems, result)


def _along(x: Tensor, axis: int, *limits: int | None) -> Tensor:
    index = [builtins.slice(None)] * x.ndim
    index[axis] = builtins.slice(*limits)
    return x[tuple(index)]


def _prefixes(combine: Callable, xs: list[Tensor], axis: int) -> list[Tensor]:
    count = xs[0].shape[axis]
    if count < 2:
        return xs
    even = [_along(x, axis, 0, count - count % 2, 2) for x in xs]
    odd = [_along(x, axis, 1, None, 2) for x in xs]
    pairs = _prefixes(combine, combine(even, odd), axis)
    # The prefix of an even index is that of the pairs before it, and itself.
    before = [_along(x, axis, 0, (count + 1) // 2 - 1) for x in pairs]
    own = [_along(x, axis, 2, None, 2) for x in xs]
    rest = combine(before, own) if own[0].shape[axis] else own
    firsts = [_along(x, axis, 0, 1) for x in xs]
    evens = [ops.numpy.concatenate([a, b], axis) for a, b in zip(firsts, rest, strict=True)]
    return [_interleaved(a, b, axis) for a, b in zip(evens, pairs, strict=True)]


def _interleaved(even: Tensor, odd: Tensor, axis: int) -> Tensor:
    """Elements of two tensors in turns; the first may have one more."""
    parts = []
    for index in range(odd.shape[axis]):
        parts.append(_along(even, axis, index, index + 1))
        parts.append(_along(odd, axis, index, index + 1))
    parts.append(_along(even, axis, odd.shape[axis], None))
    return ops.numpy.concatenate(parts, axis)
