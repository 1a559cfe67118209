"""Recurrent networks: loops over the steps of sequences, which are unrolled while traced."""

from collections.abc import Callable
from collections.abc import Sequence

from keras.src import tree

from keras_strata.src.ops import core
from keras_strata.src.ops import numpy
from keras_strata.src.tensor import Tensor


def rnn(
    step_function,
    inputs,
    initial_states,
    go_backwards=False,
    mask=None,
    constants=None,
    unroll=False,
    input_length=None,
    time_major=False,
    zero_output_for_mask=False,
    return_all_outputs=True,
):
    """Calls a function for each step of sequences.

    Args:
        step_function: from the inputs of a step and a sequence of states and constants to
            an output and the next states.
        inputs: a tensor `[batch, steps, …]`, or a structure of these.
        initial_states: the states before the first step.
        go_backwards: whether the last step is computed first, and is the first of the
            outputs.
        mask: `[batch, steps]`; where it is false, states stay and the last output is
            repeated.
        constants: more arguments of each step.
        unroll: without effect: lengths are known, and a traced loop is always unrolled.
        input_length: without effect, as lengths are known.
        time_major: whether steps are the first axis, of inputs, mask and outputs.
        zero_output_for_mask: whether masked outputs are zeros instead.
        return_all_outputs: whether the outputs are those of all steps, instead of the last.

    Returns:
        The last output, the outputs `[batch, steps, …]`, and the last states.
    """
    axis = 0 if time_major else 1
    inputs = tree.map_structure(core.convert_to_tensor, inputs)
    states = tree.map_structure(core.convert_to_tensor, tuple(initial_states))
    constants = tuple(constants or ())
    if mask is not None:
        mask = core.cast(mask, "bool")
    collected = []
    output = None
    for index in _steps(tree.flatten(inputs)[0].shape[axis], go_backwards):
        piece = tree.map_structure(lambda x, i=index: _at(x, i, axis), inputs)
        new_output, new_states = step_function(piece, (*states, *constants))
        new_states = tree.pack_sequence_as(states, tree.flatten(new_states))
        shown = new_output
        if mask is not None:
            keep = _at(mask, index, axis)
            before = numpy.zeros_like(new_output) if output is None else output
            new_output = _where(keep, new_output, before)
            new_states = tree.map_structure(
                lambda new, old, keep=keep: _where(keep, new, old), new_states, states
            )
            shown = new_output
            if zero_output_for_mask:
                shown = _where(keep, new_output, numpy.zeros_like(new_output))
        output, states = new_output, new_states
        if not return_all_outputs:
            collected.clear()
        collected.append(shown)
    return collected[-1], numpy.stack(collected, axis=axis), list(states)


def _steps(count: int, go_backwards: bool) -> Sequence[int]:
    if count == 0:
        raise ValueError(
            "A recurrent layer needs sequences of at least one step, but these have none."
        )
    return range(count - 1, -1, -1) if go_backwards else range(count)


def _at(x: Tensor, index: int, axis: int) -> Tensor:
    return x[index] if axis == 0 else x[:, index]


def _where(keep: Tensor, new: Tensor, old: Tensor) -> Tensor:
    """New values of the samples for which a mask is true."""
    if keep.ndim > new.ndim:
        keep = numpy.all(keep, axis=tuple(range(new.ndim, keep.ndim)))
    keep = numpy.reshape(keep, keep.shape + (1,) * (new.ndim - keep.ndim))
    return numpy.where(keep, new, old)


def cudnn_ok(*args, **kwargs) -> bool:
    """Whether NVIDIA's recurrent kernels can be used; there is one device, the CPU."""
    return False


def lstm(
    inputs,
    initial_state_h,
    initial_state_c,
    mask,
    kernel,
    recurrent_kernel,
    bias,
    activation,
    recurrent_activation,
    return_sequences=False,
    go_backwards=False,
    unroll=False,
):
    """Long short-term memory (Hochreiter and Schmidhuber, 1997).

    The products of the inputs of all steps with the kernel are one product.

    Returns:
        The last output, the outputs `[batch, steps or 1, units]`, and the last two states.
    """
    _refuse(mask)
    recurrent_kernel = core.convert_to_tensor(recurrent_kernel)
    units = recurrent_kernel.shape[0]

    def step(projected: Tensor, states: Sequence[Tensor]):
        output, memory = states
        gates = projected + numpy.matmul(output, recurrent_kernel)
        i, f, candidate, o = _split(gates, units)
        memory = recurrent_activation(f) * memory
        memory = memory + recurrent_activation(i) * activation(candidate)
        output = recurrent_activation(o) * activation(memory)
        return output, [output, memory]

    return rnn(
        step,
        _projected(inputs, kernel, bias),
        [initial_state_h, initial_state_c],
        go_backwards=go_backwards,
        return_all_outputs=return_sequences,
    )


def gru(
    inputs,
    initial_state,
    mask,
    kernel,
    recurrent_kernel,
    bias,
    activation,
    recurrent_activation,
    return_sequences=False,
    go_backwards=False,
    unroll=False,
    reset_after=True,
):
    """Gated recurrent units (Cho et al., 2014).

    The products of the inputs of all steps with the kernel are one product.

    Returns:
        The last output, the outputs `[batch, steps or 1, units]`, and the last state.
    """
    _refuse(mask)
    recurrent_kernel = core.convert_to_tensor(recurrent_kernel)
    units = recurrent_kernel.shape[0]
    recurrent_bias = None
    if bias is not None:
        bias = core.convert_to_tensor(bias)
        if reset_after:
            bias, recurrent_bias = bias[0], bias[1]
    products = _gru_products(recurrent_kernel, recurrent_bias, reset_after)

    def step(projected: Tensor, states: Sequence[Tensor]):
        (output,) = states
        gates, candidate_product = products(output)
        z = recurrent_activation(projected[:, :units] + gates[:, :units])
        r = recurrent_activation(projected[:, units : 2 * units] + gates[:, units : 2 * units])
        candidate = activation(projected[:, 2 * units :] + candidate_product(r))
        output = z * output + (1.0 - z) * candidate
        return output, [output]

    return rnn(
        step,
        _projected(inputs, kernel, bias),
        [initial_state],
        go_backwards=go_backwards,
        return_all_outputs=return_sequences,
    )


def _gru_products(kernel: Tensor, bias: Tensor | None, reset_after: bool) -> Callable:
    """The products of a state: those for the gates, and that for the candidate.

    The latter is a function of the reset gate, which applies after the product or before.
    """
    units = kernel.shape[0]
    gates_kernel, candidate_kernel = kernel[:, : 2 * units], kernel[:, 2 * units :]

    def after(output: Tensor):
        product = numpy.matmul(output, kernel)
        if bias is not None:
            product = product + bias
        return product, lambda reset: reset * product[:, 2 * units :]

    def before(output: Tensor):
        gates = numpy.matmul(output, gates_kernel)
        return gates, lambda reset: numpy.matmul(reset * output, candidate_kernel)

    return after if reset_after else before


def _refuse(mask) -> None:
    if mask is not None:
        # What masked outputs are, Keras says in calls of `rnn` alone.
        raise NotImplementedError


def _projected(inputs, kernel, bias) -> Tensor:
    product = numpy.matmul(core.convert_to_tensor(inputs), core.convert_to_tensor(kernel))
    return product if bias is None else product + core.convert_to_tensor(bias)


def _split(x: Tensor, size: int) -> list[Tensor]:
    return [x[:, start : start + size] for start in range(0, x.shape[1], size)]


def bidirectional_lstm(*args, **kwargs):
    """Not fused: the layer computes both directions one after the other."""
    raise NotImplementedError


def bidirectional_gru(*args, **kwargs):
    """Not fused: the layer computes both directions one after the other."""
    raise NotImplementedError
