#!/usr/bin/env python3
"""Writes attention.npz beside this file: values and gradients by PyTorch in double precision.

Every case has its operands, the result `y`, the adjoint `dy` of the result, and `d<operand>`.
"""
import math, os
import numpy as np, torch
import torch.nn.functional as F

torch.manual_seed(20261121)
torch.set_default_dtype(torch.float64)
arrays = {}


def case(name, operands, function):
    leaves = {k: v.detach().clone().requires_grad_() for k, v in operands.items()}
    y = function(**leaves)
    dy = torch.randn_like(y)
    y.backward(dy)
    for k, v in leaves.items():
        arrays[f"{name}.{k}"] = v.detach().numpy()
        arrays[f"{name}.d{k}"] = v.grad.numpy()
    arrays[f"{name}.y"] = y.detach().numpy()
    arrays[f"{name}.dy"] = dy.numpy()


def qkv(b, h, hk, tq, tk, d, dv):
    return dict(Q=torch.randn(b, h, tq, d), K=torch.randn(b, hk, tk, d), V=torch.randn(b, hk, tk, dv))


sdpa = F.scaled_dot_product_attention
case("plain", qkv(2, 3, 3, 5, 7, 4, 3), lambda Q, K, V: sdpa(Q, K, V))
case("scaled", qkv(1, 2, 2, 3, 9, 5, 5), lambda Q, K, V: sdpa(Q, K, V, scale=0.3))
case("grouped", qkv(2, 4, 2, 3, 5, 3, 2), lambda Q, K, V: sdpa(Q, K.repeat_interleave(2, 1), V.repeat_interleave(2, 1)))
# Ends aligned, as decoding needs: not PyTorch's is_causal.
case("causal", qkv(1, 2, 2, 4, 7, 3, 4), lambda Q, K, V: sdpa(Q, K, V, attn_mask=torch.ones(4, 7, dtype=torch.bool).tril(3)))
case("square", qkv(1, 2, 2, 20, 20, 3, 4), lambda Q, K, V: sdpa(Q, K, V, is_causal=True))
case("masked", dict(qkv(1, 2, 2, 4, 6, 3, 2), mask=torch.randn(2, 4, 6)), lambda Q, K, V, mask: sdpa(Q, K, V, attn_mask=mask))

case("layernorm", dict(x=torch.randn(4, 6), g=torch.randn(6), b=torch.randn(6)), lambda x, g, b: F.layer_norm(x, (6,), g, b, 1e-5))


def heads(x, Wq, Wk, Wv, Wo, bq, bk, bv, bo, causal=False):
    t = x.shape[1]
    mask = torch.ones(t, t, dtype=torch.bool).triu(1) if causal else None
    y, _ = F.multi_head_attention_forward(
        x.transpose(0, 1), x.transpose(0, 1), x.transpose(0, 1), 6, 2, None,
        torch.cat([bq, bk, bv]), None, None, False, 0.0, Wo, bo, training=False,
        need_weights=False, attn_mask=mask, use_separate_proj_weight=True, q_proj_weight=Wq,
        k_proj_weight=Wk, v_proj_weight=Wv)
    return y.transpose(0, 1)


def head_parameters():
    p = {k: torch.randn(6, 6) / 2 for k in ("Wq", "Wk", "Wv", "Wo")}
    return dict(p, **{k: torch.randn(6) for k in ("bq", "bk", "bv", "bo")})


case("heads", dict(x=torch.randn(2, 5, 6), **head_parameters()), lambda **a: heads(**a))
case("headscausal", dict(x=torch.randn(2, 5, 6), **head_parameters()), lambda **a: heads(**a, causal=True))


def block(x, g1, h1, W1, b1, W2, b2, g2, h2, pre=True, **p):
    ff = lambda z: F.linear(F.relu(F.linear(z, W1, b1)), W2, b2)
    n1, n2 = (lambda z: F.layer_norm(z, (6,), g1, h1, 1e-5)), (lambda z: F.layer_norm(z, (6,), g2, h2, 1e-5))
    if pre:
        x = x + heads(n1(x), **p)
        return x + ff(n2(x))
    x = n1(x + heads(x, **p))
    return n2(x + ff(x))


def block_parameters():
    return dict(head_parameters(), x=torch.randn(2, 5, 6), g1=torch.randn(6), h1=torch.randn(6), W1=torch.randn(8, 6),
                b1=torch.randn(8), W2=torch.randn(6, 8), b2=torch.randn(6), g2=torch.randn(6), h2=torch.randn(6))


case("blockpre", block_parameters(), lambda **a: block(**a))
case("blockpost", block_parameters(), lambda **a: block(**a, pre=False))

# The composition above is PyTorch's own layer.
a = block_parameters()
for pre in (True, False):
    layer = torch.nn.TransformerEncoderLayer(6, 2, 8, 0.0, batch_first=True, norm_first=pre)
    with torch.no_grad():
        layer.self_attn.in_proj_weight.copy_(torch.cat([a["Wq"], a["Wk"], a["Wv"]]))
        layer.self_attn.in_proj_bias.copy_(torch.cat([a["bq"], a["bk"], a["bv"]]))
        layer.self_attn.out_proj.weight.copy_(a["Wo"]); layer.self_attn.out_proj.bias.copy_(a["bo"])
        layer.linear1.weight.copy_(a["W1"]); layer.linear1.bias.copy_(a["b1"])
        layer.linear2.weight.copy_(a["W2"]); layer.linear2.bias.copy_(a["b2"])
        layer.norm1.weight.copy_(a["g1"]); layer.norm1.bias.copy_(a["h1"])
        layer.norm2.weight.copy_(a["g2"]); layer.norm2.bias.copy_(a["h2"])
    layer.eval()
    assert torch.allclose(layer(a["x"]), block(**a, pre=pre))

np.savez_compressed(os.path.join(os.path.dirname(os.path.abspath(__file__)), "attention.npz"), **arrays)
