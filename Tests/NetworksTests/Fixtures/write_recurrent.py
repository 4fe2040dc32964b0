"""Writes recurrent.npz: LSTM and GRU of two layers, values and gradients by PyTorch in double.

Run with PyTorch and NumPy from this folder. Weights are joined as ours: W = [W_ih, W_hh]; b is
b_ih + b_hh, for the GRU r and z so and n's two biases apart.
"""
import numpy as np
import torch

torch.manual_seed(5)
B, T, I, H, L = 3, 5, 4, 6, 2
arrays = {}
for name, kind in (("lstm", torch.nn.LSTM), ("gru", torch.nn.GRU)):
    net = kind(I, H, num_layers=L, batch_first=True).double()
    x = torch.randn(B, T, I, dtype=torch.float64, requires_grad=True)
    states = [torch.randn(L, B, H, dtype=torch.float64, requires_grad=True)
              for _ in range(2 if name == "lstm" else 1)]
    y, last = net(x, tuple(states) if name == "lstm" else states[0])
    results = [y] + (list(last) if name == "lstm" else [last])
    seeds = [torch.randn_like(r) for r in results]
    torch.autograd.backward(results, seeds)

    def joined(l, part):
        w_ih, w_hh = getattr(net, f"weight_ih_l{l}"), getattr(net, f"weight_hh_l{l}")
        b_ih, b_hh = getattr(net, f"bias_ih_l{l}"), getattr(net, f"bias_hh_l{l}")
        if part == "gradient":
            w_ih, w_hh, b_ih, b_hh = w_ih.grad, w_hh.grad, b_ih.grad, b_hh.grad
        W = torch.cat([w_ih, w_hh], 1)
        # A gradient belongs to the sum once: both of PyTorch's biases have it.
        once = b_ih if part == "gradient" else b_ih + b_hh
        if name == "lstm":
            return W, once
        return W, torch.cat([once[:2 * H], b_ih[2 * H:], b_hh[2 * H:]])

    def put(key, tensor):
        arrays[f"{name}_{key}"] = tensor.detach().numpy()

    put("x", x), put("gx", x.grad)
    for letter, state in zip("hc", states):
        put(f"{letter}0", state), put(f"g{letter}0", state.grad)
    for key, result, seed in zip("yhc", results, seeds):
        put(key, result), put(f"seed_{key}", seed)
    for l in range(L):
        for prefix, part in (("", "value"), ("g", "gradient")):
            W, b = joined(l, part)
            put(f"{prefix}W{l}", W), put(f"{prefix}b{l}", b)
np.savez("recurrent.npz", **arrays)
