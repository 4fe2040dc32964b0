"""A model of train-mlp in Python: pip install safetensors numpy; python3 read.py out/model.safetensors"""
import json
import sys

import numpy as np
from safetensors import safe_open

with safe_open(sys.argv[1], "np") as file:
    description = json.loads(file.metadata()["mlp"])
    tensors = {name: file.get_tensor(name) for name in file.keys()}


def outputs(x):
    """The logits of samples x [N, D], for a network of relu layers without norms."""
    a = (x - tensors["standardization.mean"]) * tensors["standardization.inverse_deviation"]
    layers = len(description["hidden"]) + 1
    for n in range(layers):
        a = a @ tensors[f"layers.{n}.weight"].T + tensors[f"layers.{n}.bias"]
        if n < layers - 1:
            a = np.maximum(a, 0)
    return a


rows = np.genfromtxt("spirals.csv", delimiter=",", skip_header=1, dtype=None, encoding="utf-8")
x = np.array([[row[0], row[1]] for row in rows])
right = np.array(description["classes"])[outputs(x).argmax(axis=1)] == [row[2] for row in rows]
print(f"accuracy in NumPy: {right.mean():.4f}")
