"""JAX itself: functions over lists of arrays, Adam by hand, one jitted step."""

import jax
import jax.numpy as jnp
import numpy as np
import worker
import workloads
from jax import lax

ACTIVATIONS = {"relu": jax.nn.relu, "tanh": jnp.tanh, None: lambda x: x}
RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-7


class Network:
    """Goes through layers twice: once to make weights, then, traced, to compute."""

    def __init__(self, layers, shape):
        self.layers = layers
        self.random = np.random.default_rng(0)
        self.weights, self.statistics = [], []
        self.is_made = False
        jax.eval_shape(lambda: self.run(layers, jnp.zeros((1, *shape)), None))
        self.is_made = True

    def __call__(self, weights, statistics, x, key):
        """Logits and new statistics; without a key as in prediction."""
        self.next_weight, self.next_statistic = iter(weights), iter(statistics)
        self.new_statistics = []
        return self.run(self.layers, x, key), self.new_statistics

    def weight(self, *shape, value=None):
        if self.is_made:
            return next(self.next_weight)
        scale = np.sqrt(2 / max(np.prod(shape[:-1]), 1))
        made = self.random.normal(0, scale, shape) if value is None else np.full(shape, value)
        self.weights.append(made.astype(np.float32))
        return self.weights[-1]

    def statistic(self, shape, value):
        if self.is_made:
            return next(self.next_statistic)
        self.statistics.append(np.full(shape, value, np.float32))
        return self.statistics[-1]

    def normalized(self, x, is_training):
        channels = x.shape[-1]
        scale, shift = self.weight(channels, value=1), self.weight(channels, value=0)
        mean, variance = self.statistic(channels, 0), self.statistic(channels, 1)
        if is_training:
            own = jnp.mean(x, (0, 1, 2)), jnp.var(x, (0, 1, 2))
            self.new_statistics += [0.99 * mean + 0.01 * own[0], 0.99 * variance + 0.01 * own[1]]
            mean, variance = own
        return (x - mean) * (lax.rsqrt(variance + 1e-3) * scale) + shift

    def run(self, layers, x, key):
        for layer in layers:
            match layer:
                case workloads.Conv():
                    kernel = self.weight(layer.size, layer.size, x.shape[-1], layer.filters)
                    x = lax.conv_general_dilated(
                        x, kernel, (layer.stride, layer.stride), layer.padding.upper(),
                        dimension_numbers=("NHWC", "HWIO", "NHWC"))
                    if layer.bias:
                        x = x + self.weight(layer.filters, value=0)
                case workloads.Dense():
                    x = x @ self.weight(x.shape[-1], layer.units)
                    x = x + self.weight(layer.units, value=0)
                case workloads.Norm():
                    x = self.normalized(x, key is not None)
                case workloads.Relu():
                    x = jax.nn.relu(x)
                case workloads.Pool():
                    window, strides = (1, layer.size, layer.size, 1), (1, layer.stride, layer.stride, 1)
                    if layer.kind == "max":
                        x = lax.reduce_window(
                            x, -jnp.inf, lax.max, window, strides, layer.padding.upper())
                    else:
                        x = lax.reduce_window(x, 0.0, lax.add, window, strides, "VALID")
                        x = x / layer.size**2
                case workloads.Dropout():
                    if key is not None:
                        key, own = jax.random.split(key)
                        kept = jax.random.bernoulli(own, 1 - layer.rate, x.shape)
                        x = jnp.where(kept, x / (1 - layer.rate), 0)
                case workloads.Flatten():
                    x = x.reshape(x.shape[0], -1)
                case workloads.GlobalMean():
                    x = jnp.mean(x, (1, 2))
                case workloads.Residual():
                    main = self.run(layer.main, x, key)
                    x = jax.nn.relu(main + self.run(layer.shortcut, x, key))
            x = ACTIVATIONS[getattr(layer, "activation", None)](x)
        return x


def main():
    options = worker.arguments()
    layers, shape, _ = workloads.workload(options.workload)
    images, labels = workloads.samples(options.workload, options.batch)
    x, y = jnp.asarray(images), jnp.asarray(labels)
    network = Network(layers, shape)

    def loss(weights, statistics, key):
        logits, statistics = network(weights, statistics, x, key)
        picked = jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], -1)
        return -jnp.mean(picked), statistics

    def step(state):
        weights, first, second, statistics, count = state
        key = jax.random.fold_in(jax.random.key(0), count)
        (_, statistics), gradients = jax.value_and_grad(loss, has_aux=True)(
            weights, statistics, key)
        count = count + 1
        rate = RATE * jnp.sqrt(1 - BETA2**count) / (1 - BETA1**count)
        first = [m + (1 - BETA1) * (g - m) for m, g in zip(first, gradients)]
        second = [v + (1 - BETA2) * (g * g - v) for v, g in zip(second, gradients)]
        weights = [
            w - rate * m / (jnp.sqrt(v) + EPSILON) for w, m, v in zip(weights, first, second)]
        return weights, first, second, statistics, count

    train_step = jax.jit(step, donate_argnums=0)
    forward = jax.jit(lambda w, s, x: jax.nn.softmax(network(w, s, x, None)[0]))
    zeros = [np.zeros_like(w) for w in network.weights]
    state = [network.weights, zeros, zeros, network.statistics, np.float32(0)]
    state = jax.tree.map(lambda a: jnp.array(a, copy=True), tuple(state))

    def train(steps):
        nonlocal state
        for _ in range(steps):
            state = train_step(state)
        jax.block_until_ready(state)

    def predict(steps):
        for _ in range(steps):
            jax.block_until_ready(forward(state[0], state[3], x))

    run = train if options.mode == "train" else predict
    worker.serve(run, {"JAX": jax.__version__}, options)


main()
