#!/usr/bin/env python3
"""The other side of `make bench`: NumPy, SciPy, scikit-learn, PyTorch, opt_einsum in one process.

One JSON object per line comes in on stdin and one goes out on stdout:

    {"do": "versions"}                                    -> {"versions": {"NumPy": "2.4", ...}}
    {"do": "prepare", "id": ID, "peer": NAME,
     "inputs": {"a": "a.npy"}, "parameters": {"rank": 50}}
                                                          -> {"figures": {"relative_error": ...}}
    {"do": "run", "id": ID, "repeats": 3}                 -> {"seconds": mean of one call}
    {"do": "release"}                                     -> {}

Whatever goes wrong is answered as {"error": ...}; the process ends with its stdin.

A peer is one entry of `PEERS`: a function that takes the input files and the parameters as
keywords, loads and converts them outside the clock, and returns a `Case`.
"""
import importlib.metadata
import json
import os
import sys
import time
from dataclasses import dataclass
from typing import Any, Callable

import numpy as np

import denoising

PEERS: dict[str, Callable[..., "Case"]] = {}
THREADS = int(os.environ.get("OMP_NUM_THREADS", "1"))
DISTRIBUTIONS = {"NumPy": "numpy", "SciPy": "scipy", "scikit-learn": "scikit-learn",
                 "PyTorch": "torch", "JAX": "jax", "opt_einsum": "opt_einsum", "Pillow": "pillow"}


@dataclass
class Case:
    """What is timed, and what its result is worth."""
    call: Callable[[], Any]
    figures: Callable[[Any], dict]


def peer(name):
    def register(function):
        PEERS[name] = function
        return function
    return register


def torch_module():
    """PyTorch on the agreed number of threads; loading it takes seconds, so not at start-up."""
    import torch
    torch.set_num_threads(THREADS)
    return torch


# ---- singular value decompositions ------------------------------------------------------------

def relative_error(a, rank):
    """||A - U s Vt|| / ||A|| of the first `rank` triples, in double precision."""
    exact = a.astype(np.float64)
    norm = np.linalg.norm(exact)

    def figures(result):
        u, s, vt = (np.asarray(x, dtype=np.float64) for x in result)
        u, s, vt = u[..., :rank], s[..., :rank], vt[..., :rank, :]
        return {"relative_error": float(np.linalg.norm(exact - (u * s[..., None, :]) @ vt) / norm)}
    return figures


@peer("numpy.linalg.svd")
def numpy_svd(a, rank=None):
    a = np.load(a)
    return Case(lambda: np.linalg.svd(a, full_matrices=False), relative_error(a, rank))


@peer("torch.linalg.svd")
def torch_svd(a, rank=None):
    torch, a = torch_module(), np.load(a)
    tensor = torch.from_numpy(a)
    return Case(lambda: torch.linalg.svd(tensor, full_matrices=False), relative_error(a, rank))


@peer("sklearn.randomized_svd")
def sklearn_svd(a, rank, iterations="auto"):
    from sklearn.utils.extmath import randomized_svd
    a = np.load(a)
    return Case(lambda: randomized_svd(a, rank, n_iter=iterations, random_state=0),
                relative_error(a, rank))


@peer("torch.svd_lowrank")
def torch_lowrank(a, rank, iterations):
    torch, a = torch_module(), np.load(a)
    tensor = torch.from_numpy(a)
    judge = relative_error(a, rank)

    def call():
        torch.manual_seed(0)
        return torch.svd_lowrank(tensor, q=rank + 10, niter=iterations)
    return Case(call, lambda result: judge((result[0], result[1], result[2].numpy().T)))


@peer("scipy.svds")
def scipy_svds(a, rank):
    import scipy.sparse.linalg
    a = np.load(a)
    return Case(lambda: scipy.sparse.linalg.svds(a, k=rank, random_state=0),
                relative_error(a, rank))


# ---- denoising --------------------------------------------------------------------------------

def largest_difference(reference):
    expected = np.load(reference)
    return lambda result: {"max_abs_error": float(np.max(np.abs(result[0] - expected)))}


@peer("numpy global denoising")
def numpy_global_denoising(a, reference, sigma):
    a = np.load(a)
    return Case(lambda: denoising.denoised(a, sigma), largest_difference(reference))


@peer("numpy block denoising")
def numpy_block_denoising(a, reference, sigma, side, stride):
    a = np.load(a)
    return Case(lambda: denoising.denoised_in_blocks(a, sigma, side, stride),
                largest_difference(reference))


# ---- contractions -----------------------------------------------------------------------------

def only_permutes(equation):
    before, after = equation.split("->")
    return before != after and sorted(before) == sorted(after) and len(set(after)) == len(after)


def einsum_case(equation, arrays, reference, contract, contiguous):
    """`contract()` against our result, in units of the sum of the products' magnitudes.

    Of a mere transpose the libraries return a view and move no data; ours and every consumer of
    the array need it moved, so `contiguous` does that inside the clock.
    """
    call = contract
    if only_permutes(equation):
        def call():
            return contiguous(contract())

    def figures(result):
        difference = np.abs(np.asarray(result, dtype=np.float64) - np.load(reference))
        magnitudes = [np.abs(a, dtype=np.float64) for a in arrays]
        scale = np.einsum(equation, *magnitudes, optimize=True)
        return {"max_abs_error": float(np.max(difference)),
                "error_share": float(np.max(difference / scale))}
    return Case(call, figures)


def numpy_einsum_case(equation, reference, files, **options):
    arrays = [np.load(files[name]) for name in sorted(files)]
    return einsum_case(equation, arrays, reference,
                       lambda: np.einsum(equation, *arrays, **options), np.ascontiguousarray)


def torch_einsum_case(equation, reference, files, contract):
    torch = torch_module()
    arrays = [np.load(files[name]) for name in sorted(files)]
    tensors = [torch.from_numpy(a) for a in arrays]
    return einsum_case(equation, arrays, reference,
                       lambda: contract(equation, *tensors), lambda view: view.contiguous())


@peer("numpy.einsum")
def numpy_einsum(equation, reference, **files):
    return numpy_einsum_case(equation, reference, files)


@peer("numpy.einsum optimize")
def numpy_einsum_optimize(equation, reference, **files):
    return numpy_einsum_case(equation, reference, files, optimize=True)


@peer("opt_einsum+torch")
def opt_einsum_torch(equation, reference, **files):
    import opt_einsum
    return torch_einsum_case(equation, reference, files, opt_einsum.contract)


@peer("torch.einsum")
def torch_einsum(equation, reference, **files):
    return torch_einsum_case(equation, reference, files, torch_module().einsum)


@peer("opt_einsum.contract_path")
def opt_einsum_path(equation, shapes):
    import opt_einsum
    shapes = [tuple(shape) for shape in shapes]
    return Case(lambda: opt_einsum.contract_path(equation, *shapes, shapes=True),
                lambda result: {"operations": float(result[1].opt_cost)})


# ---- reading files ----------------------------------------------------------------------------

def total(result):
    return {"sum": float(result)}


@peer("numpy.load")
def numpy_load(a):
    return Case(lambda: np.load(a).sum(), total)


@peer("numpy.loadtxt")
def numpy_loadtxt(a):
    return Case(lambda: np.loadtxt(a, delimiter=",").sum(), total)


@peer("numpy.genfromtxt")
def numpy_genfromtxt(a):
    return Case(lambda: np.genfromtxt(a, delimiter=",").sum(), total)


# ---- derivatives ------------------------------------------------------------------------------

def checked_functions(torch):
    """The functions that are checked, of their parameters and constants by name."""
    f = torch.nn.functional

    def layer_norm(a, w):
        return (w * f.layer_norm(a, a.shape[-1:])).sum()

    def attention(q, k, v, w):
        return (w * f.scaled_dot_product_attention(q, k, v)).sum()

    def network(w1, w2, x, y):
        return f.cross_entropy(torch.relu(x @ w1.T) @ w2.T, y.long())

    return {"mlp-960": (network, 2), "layernorm-8x64": (layer_norm, 1),
            "attention-2x8x8": (attention, 3)}


@peer("torch.autograd.gradcheck")
def torch_gradcheck(function, **files):
    torch = torch_module()
    call, count = checked_functions(torch)[function]
    names = call.__code__.co_varnames[:call.__code__.co_argcount]
    arrays = [torch.from_numpy(np.load(files[name])) for name in names]
    points = tuple(array.requires_grad_() for array in arrays[:count])

    def check():
        return torch.autograd.gradcheck(lambda *p: call(*p, *arrays[count:]), points)

    return Case(check, lambda result: {"passes": bool(result)})


def derivative_case(call, reference, flatten):
    """Derivatives by w0, w1, … in their order, held against ours."""
    expected = np.load(reference).astype(np.float64)

    def figures(result):
        found = np.concatenate([flatten(part).ravel() for part in result]).astype(np.float64)
        return {"relative_error": float(np.linalg.norm(found - expected)
                                        / np.linalg.norm(expected))}

    return Case(call, figures)


def network_files(files):
    """The weights w0, w1, … and the input x."""
    count = sum(name.startswith("w") for name in files)
    return [np.load(files[f"w{i}"]) for i in range(count)], np.load(files["x"])


def torch_network(files):
    """The weights and the function of them, in PyTorch."""
    torch = torch_module()
    weights, x = network_files(files)
    weights, x = tuple(map(torch.from_numpy, weights)), torch.from_numpy(x)

    def network(*w):
        h = x
        for one in w[:-1]:
            h = torch.nn.functional.gelu(h @ one)
        return (h @ w[-1]).sum()

    return torch, weights, torch.func.grad(network, argnums=tuple(range(len(weights))))


@peer("torch.func.grad")
def torch_gradient(reference, **files):
    _, weights, gradient = torch_network(files)
    return derivative_case(lambda: gradient(*weights), reference, lambda part: part.numpy())


@peer("torch.func.jvp of grad")
def torch_hessian_product(reference, **files):
    torch, weights, gradient = torch_network(files)
    return derivative_case(lambda: torch.func.jvp(gradient, weights, weights)[1], reference,
                           lambda part: part.numpy())


def jax_network(files):
    """The weights and the gradient of the function of them, in JAX."""
    import jax
    weights, x = network_files(files)
    weights, x = [jax.numpy.asarray(w) for w in weights], jax.numpy.asarray(x)

    def network(w):
        h = x
        for one in w[:-1]:
            h = jax.nn.gelu(h @ one, approximate=False)
        return (h @ w[-1]).sum()

    return jax, weights, jax.grad(network)


@peer("jax.grad jit")
def jax_gradient(reference, **files):
    jax, weights, gradient = jax_network(files)
    compiled = jax.jit(gradient)
    return derivative_case(lambda: jax.block_until_ready(compiled(weights)), reference, np.asarray)


@peer("jax.jvp of grad jit")
def jax_hessian_product(reference, **files):
    jax, weights, gradient = jax_network(files)
    compiled = jax.jit(lambda w, v: jax.jvp(gradient, (w,), (v,))[1])
    return derivative_case(lambda: jax.block_until_ready(compiled(weights, weights)), reference,
                           np.asarray)


# ---- layers -----------------------------------------------------------------------------------

def layer_case(call, operands, adjoint, reference, backward, gather=lambda parts: parts):
    """`call()` on torch tensors, or its gradients by `operands`, held against ours.

    `gather` turns the gradients into those of our operands.
    """
    torch = torch_module()
    expected = np.load(reference).astype(np.float64)
    cotangent = torch.from_numpy(np.load(adjoint))

    def run():
        if not backward:
            with torch.no_grad():
                return [call()]
        for operand in operands:
            operand.grad = None
        call().backward(cotangent)
        return [operand.grad for operand in operands]

    def figures(result):
        parts = gather(result) if backward else result
        found = np.concatenate([part.detach().numpy().ravel() for part in parts])
        return {"relative_error": float(np.linalg.norm(found.astype(np.float64) - expected)
                                        / np.linalg.norm(expected))}

    return Case(run, figures)


def loaded(*files):
    torch = torch_module()
    return [torch.from_numpy(np.load(file)).requires_grad_() for file in files]


@peer("torch conv2d")
def torch_conv2d(x, w, b, adjoint, reference, stride, padding, backward):
    function = torch_module().nn.functional.conv2d
    operands = loaded(x, w, b)
    return layer_case(lambda: function(*operands, stride, padding), operands, adjoint, reference,
                      backward)


@peer("torch sdpa")
def torch_attention(Q, K, V, adjoint, reference, causal, backward):
    function = torch_module().nn.functional.scaled_dot_product_attention
    operands = loaded(Q, K, V)
    shares = operands[0].shape[1] != operands[1].shape[1]
    return layer_case(lambda: function(*operands, is_causal=causal, enable_gqa=shares), operands,
                      adjoint, reference, backward)


def recurrent_case(kind, x, W, b, adjoint, reference, backward):
    """torch.nn.LSTM or GRU with our weights [gates*H, I+H] and our one bias."""
    torch = torch_module()
    x, weights, bias = loaded(x, W, b)
    units = bias.numel() // 4
    inputs = weights.shape[1] - units
    module = getattr(torch.nn, kind)(inputs, units, batch_first=True)
    own = torch.zeros_like(module.bias_ih_l0)
    other = torch.zeros_like(own)
    with torch.no_grad():
        if kind == "LSTM":
            own += bias
        else:
            own += bias[:3 * units]
            other[2 * units:] = bias[3 * units:]
        module.weight_ih_l0.copy_(weights[:, :inputs])
        module.weight_hh_l0.copy_(weights[:, inputs:])
        module.bias_ih_l0.copy_(own)
        module.bias_hh_l0.copy_(other)
    operands = [x, module.weight_ih_l0, module.weight_hh_l0, module.bias_ih_l0, module.bias_hh_l0]

    def gather(parts):
        x, input_part, hidden_part, first, second = parts
        if kind != "LSTM":
            first = torch.cat([first, second[2 * units:]])
        return [x, torch.cat([input_part, hidden_part], 1), first]

    return layer_case(lambda: module(x)[0], operands, adjoint, reference, backward, gather)


@peer("torch lstm")
def torch_lstm(x, W, b, adjoint, reference, backward, h0, c0):
    return recurrent_case("LSTM", x, W, b, adjoint, reference, backward)


@peer("torch gru")
def torch_gru(x, W, b, adjoint, reference, backward, h0):
    return recurrent_case("GRU", x, W, b, adjoint, reference, backward)


# ---- training ---------------------------------------------------------------------------------

def training_case(order, batch, step):
    """Epochs by `step(places)`, which trains on some samples and returns their mean loss.

    The first epoch takes the samples in our order and sums its loss; the others are shuffled.
    """
    first, shuffle = np.load(order).astype(np.int64), np.random.default_rng(0)

    def epoch(places):
        return [(step(places[i:i + batch]), len(places[i:i + batch]))
                for i in range(0, len(places), batch)]

    def figures(_):
        return {"loss": loss}

    loss = sum(float(mean) * count for mean, count in epoch(first)) / len(first)
    return Case(lambda: float(epoch(shuffle.permutation(len(first)))[-1][0]), figures)


@peer("torch training")
def torch_training(x, y, order, w0, b0, w1, b1, optimizer, batch):
    torch = torch_module()
    x, y = torch.from_numpy(np.load(x)), torch.from_numpy(np.load(y)).long()
    parameters = [np.load(file) for file in (w0, b0, w1, b1)]
    hidden, inputs = parameters[0].shape
    net = torch.nn.Sequential(torch.nn.Linear(inputs, hidden), torch.nn.ReLU(),
                              torch.nn.Linear(hidden, len(parameters[3])))
    with torch.no_grad():
        for own, given in zip(net.parameters(), parameters):
            own.copy_(torch.from_numpy(given))
    rule = (torch.optim.SGD(net.parameters(), 0.1, momentum=0.9) if optimizer == "sgd"
            else torch.optim.Adam(net.parameters(), 1e-3))

    def step(places):
        places = torch.from_numpy(places)
        rule.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(x[places]), y[places])
        loss.backward()
        rule.step()
        return loss.detach()
    return training_case(order, batch, step)


@peer("jax training")
def jax_training(x, y, order, w0, b0, w1, b1, optimizer, batch):
    import jax
    from jax import numpy as jnp
    x, y = jnp.asarray(np.load(x)), jnp.asarray(np.load(y).astype(np.int32))
    parameters = [jnp.asarray(np.load(file)) for file in (w0, b0, w1, b1)]

    def mean_loss(p, x, y):
        z = jax.nn.relu(x @ p[0].T + p[1]) @ p[2].T + p[3]
        return -jnp.mean(jax.nn.log_softmax(z)[jnp.arange(len(y)), y])

    def sgd(g, w, v):
        v = 0.9 * v + g
        return w - 0.1 * v, v

    def adam(g, w, state, t):
        m, v = 0.9 * state[0] + 0.1 * g, 0.999 * state[1] + 0.001 * g * g
        size = jnp.sqrt(v / (1 - 0.999 ** t)) + 1e-8
        return w - 1e-3 * m / (1 - 0.9 ** t) / size, (m, v)

    @jax.jit
    def update(p, states, t, places):
        loss, gradient = jax.value_and_grad(mean_loss)(p, x[places], y[places])
        if optimizer == "sgd":
            pairs = [sgd(*one) for one in zip(gradient, p, states)]
        else:
            pairs = [adam(*one, t) for one in zip(gradient, p, states)]
        return loss, [new for new, _ in pairs], [state for _, state in pairs]

    zeros = [jnp.zeros_like(w) for w in parameters]
    run = {"p": parameters, "t": 0.0,
           "s": zeros if optimizer == "sgd" else [(z, z) for z in zeros]}

    def step(places):
        run["t"] += 1
        loss, run["p"], run["s"] = update(run["p"], run["s"], run["t"], places)
        return loss
    return training_case(order, batch, step)


# ---- the protocol -----------------------------------------------------------------------------

def versions():
    found = {"Python": sys.version.split()[0]}
    for name, distribution in DISTRIBUTIONS.items():
        try:
            found[name] = importlib.metadata.version(distribution)
        except importlib.metadata.PackageNotFoundError:
            pass
    return found


def timed(case, repeats):
    """The mean of `repeats` calls; short ones are preceded by one that wakes the threads."""
    if repeats > 1:
        case.call()
    start = time.perf_counter()
    for _ in range(repeats):
        case.call()
    return (time.perf_counter() - start) / repeats


def answer(request, cases):
    match request["do"]:
        case "versions":
            return {"versions": versions()}
        case "prepare":
            case = PEERS[request["peer"]](**request["inputs"], **request["parameters"])
            cases[request["id"]] = case
            return {"figures": case.figures(case.call())}
        case "run":
            return {"seconds": timed(cases[request["id"]], request["repeats"])}
        case "release":
            cases.clear()
            return {}
        case unknown:
            raise ValueError(f"unknown request {unknown!r}")


def main():
    # Libraries may print; only answers may reach the pipe.
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    cases = {}
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line), cases)
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps(reply), file=pipe, flush=True)


if __name__ == "__main__":
    main()
