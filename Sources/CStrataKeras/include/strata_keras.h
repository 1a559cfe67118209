#ifndef STRATA_KERAS_H
#define STRATA_KERAS_H

#include <stdint.h>

// The C interface of the graph and the engine, for the Keras backend in Python.
//
// Every function but `strata_keras_release` returns a status. After a failure `strata_keras_error` gives the
// message of the calling thread's last failed call: the problem, the shapes and the cure. Nothing that is passed can
// stop the process: null pointers, unknown or released handles, handles of another kind, wrong counts, shapes, types
// and sizes in bytes are errors. Pointers that are not null are read and written as far as the counts and sizes say.
// Functions may be called from any thread; a plan that two threads run at once is run by one after the other.

#ifdef __cplusplus
extern "C" {
#endif

// Names an object: a symbol, a variable, an operation or a plan. 0 names none.
typedef uint64_t strata_handle;

typedef enum strata_status {
    strata_status_ok = 0,
    // An argument, a shape or an attribute does not fit.
    strata_status_invalid = 1,
    // The engine could not do it.
    strata_status_failed = 2,
    // A host function failed; its owner knows why.
    strata_status_host = 3,
} strata_status;

typedef enum strata_dtype {
    strata_dtype_float32 = 0,
    strata_dtype_bfloat16 = 1,
    strata_dtype_int32 = 2,
    strata_dtype_uint8 = 3,
    strata_dtype_bool = 4,
} strata_dtype;

enum { strata_max_rank = 12 };

// The type of a dense row-major tensor.
typedef struct strata_type {
    int32_t dtype;
    int32_t rank;
    int64_t shape[strata_max_rank];
} strata_type;

// A value of a graph and its type.
typedef struct strata_symbol {
    strata_handle handle;
    strata_type type;
} strata_symbol;

typedef enum strata_attribute_kind {
    strata_attribute_bool = 0,
    strata_attribute_int = 1,
    strata_attribute_float = 2,
    strata_attribute_string = 3,
    strata_attribute_dtype = 4,
    strata_attribute_ints = 5,
} strata_attribute_kind;

// An attribute of an operation. A list of integers is also a shape.
typedef struct strata_attribute {
    const char *name;
    int32_t kind;
    // A bool, an int or a dtype.
    int64_t integer;
    double number;
    const char *text;
    const int64_t *integers;
    int64_t count;
} strata_attribute;

// The message of the calling thread's last failed call; valid until its next call.
const char *strata_keras_error(void);

// Releases handles; those that name nothing are ignored.
void strata_keras_release(const strata_handle *handles, int64_t count);

// The number of handles that are not released.
int32_t strata_keras_handle_count(int64_t *count);

// The names of the operations that `strata_keras_operation` makes, a line each. `length` is that of the whole text in bytes; what does not fit into
// `capacity` with a final zero is left out.
int32_t strata_keras_operation_names(char *text, int64_t capacity, int64_t *length);

// --- Graphs

// An input of a graph, whose value is given when a plan is run. Names need not be unique: plans print them with a
// number.
int32_t strata_keras_input(const char *name, const strata_type *type, strata_handle *symbol);

// A value that is fixed when the graph is made; the bytes are copied. Here and wherever bytes are given, those of a
// bool other than 0 become 1.
int32_t strata_keras_constant(
    const strata_type *type, const void *bytes, int64_t byte_count, strata_handle *symbol);

// An operation by its name and attributes.
int32_t strata_keras_operation(
    const char *name, const strata_attribute *attributes, int64_t count, strata_handle *operation);

// Applies an operation. `count` receives the number of results; it is an error if they exceed `capacity`.
int32_t strata_keras_apply(
    strata_handle operation, const strata_handle *inputs, int64_t input_count, strata_symbol *results,
    int64_t capacity, int64_t *count);

// The type of a symbol.
int32_t strata_keras_symbol_type(strata_handle symbol, strata_type *type);

// The gradients of a floating-point scalar, or of a tensor of one element, with respect to values; zeros in float32
// for one that it does not depend on.
int32_t strata_keras_gradients(
    strata_handle scalar, const strata_handle *values, int64_t count, strata_symbol *results);

// --- Host functions

// Computes outputs of known types from dense row-major inputs while a plan runs, in the thread that runs it. The
// memory is the plan's, for as long as the call lasts. It may run other plans, but not its own. Returns 0 unless it
// failed: the run then has the status `strata_status_host`, and some variables may have their new values already.
typedef int32_t (*strata_host_function)(
    int64_t id, const void *const *inputs, void *const *outputs);

// Writes a symbol for each input: its gradient, of the input's shape, or 0 for none. `gradients` has 0 for an output
// on which nothing depends. All handles that it is given and that it writes are released by the library when it has
// returned. Returns 0 unless it failed: the call that asked for gradients then has the status `strata_status_host`.
typedef int32_t (*strata_host_gradient)(
    int64_t id, const strata_handle *inputs, int64_t input_count, const strata_handle *outputs,
    const strata_handle *gradients, int64_t output_count, strata_handle *results);

// Tells that nothing refers to the function any more: no handle, symbol or plan. It is called once, in any thread, and
// not at all where the operation was not made.
typedef void (*strata_host_release)(int64_t id);

// An operation that calls a host function as a step of the plan, in each run. Without `gradient` a gradient through it is an error
// that names it. `inputs` are the types that it must be applied to.
int32_t strata_keras_host_operation(
    const char *name, int64_t id, const strata_type *inputs, int64_t input_count,
    const strata_type *outputs, int64_t output_count, strata_host_function function,
    strata_host_gradient gradient, strata_host_release release, strata_handle *operation);

// An operation whose result is its first input, and whose gradient is given by a function. It costs nothing when a
// plan is run. It may be applied to any number of inputs from 1 on; the gradient has one result for each.
int32_t strata_keras_gradient_operation(
    const char *name, int64_t id, strata_host_gradient gradient, strata_host_release release,
    strata_handle *operation);

// --- Variables

// A variable with its first value; the bytes are copied. Integers are never trainable.
int32_t strata_keras_variable(
    const char *name, const strata_type *type, const void *bytes, int64_t byte_count,
    strata_handle *variable);

// The symbol of a variable's value at the start of a run.
int32_t strata_keras_variable_symbol(strata_handle variable, strata_handle *symbol);

// Copies the value out, row-major.
int32_t strata_keras_read_variable(strata_handle variable, void *bytes, int64_t byte_count);

// Replaces the value.
int32_t strata_keras_write_variable(strata_handle variable, const void *bytes, int64_t byte_count);

// --- Plans

// Plans a graph. `inputs` are symbols of inputs in the order in which a run gets their values; one that the graph
// does not use is allowed. `variables` get the values of `values` at the end of each run, converted to their types.
int32_t strata_keras_plan(
    const strata_handle *inputs, int64_t input_count, const strata_handle *outputs,
    int64_t output_count, const strata_handle *variables, const strata_handle *values,
    int64_t update_count, strata_handle *plan);

// Runs a plan once. Sizes are in bytes and those of the types. Outputs are written row-major.
int32_t strata_keras_run(
    strata_handle plan, const void *const *inputs, const int64_t *input_sizes, int64_t input_count,
    void *const *outputs, const int64_t *output_sizes, int64_t output_count);

// The plan as text, a line for each step; as `strata_keras_operation_names`.
int32_t strata_keras_plan_text(strata_handle plan, char *text, int64_t capacity, int64_t *length);

// A table of the time of each step, from runs of about `seconds`, 3600 at most; as `strata_keras_operation_names`. The runs update
// variables and read the inputs of the last run.
int32_t strata_keras_profile_text(
    strata_handle plan, double seconds, char *text, int64_t capacity, int64_t *length);

// The bytes that a plan holds: its values, constants and inputs, without variables.
int32_t strata_keras_plan_size(strata_handle plan, int64_t *byte_count);

// --- Files

// Receives the next bytes of a file, which are valid during the call.
typedef void (*strata_bytes_receiver)(void *context, const void *bytes, int64_t byte_count);

// Inputs and outputs of one network that was traced for known shapes.
typedef struct strata_trace {
    const strata_handle *inputs;
    const strata_handle *outputs;
} strata_trace;

// Makes an ONNX file and hands it to a receiver, in order, before it returns.
//
// A length that is the same in all traces is fixed in the file. The second trace is for another number of samples; a
// third one, which is for the first number again, has other lengths of the axes that are left open. Names are in the
// order of the symbols; equal ones get numbers. Weights have the names of their variables. `operator_set` is 0 for 17.
int32_t strata_keras_onnx(
    const char *name, const strata_trace *traces, int64_t trace_count,
    const char *const *input_names, int64_t input_count, const char *const *output_names,
    int64_t output_count, int64_t operator_set, strata_bytes_receiver receiver, void *context);

// --- Threads

// The number of threads of plans that are made afterwards: 1 to 256.
int32_t strata_keras_thread_count(int64_t *count);
int32_t strata_keras_set_thread_count(int64_t count);

// Whether computing in bfloat16 is not slower than in float32: 1 or 0.
int32_t strata_keras_computes_bfloat16(int32_t *answer);

#ifdef __cplusplus
}
#endif

#endif
