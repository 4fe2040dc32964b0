"""Five steps of PyTorch's optimisers on a small network, double precision: training.npz.

Weight decay holds for matrices alone. The gradient is cut to the norm `CLIP` by its formula:
torch.nn.utils.clip_grad_norm_ adds 1e-6 to the norm.
"""
import os

import numpy as np
import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
INPUTS, HIDDEN, OUTPUTS, SAMPLES, STEPS = 5, 7, 3, 12, 5
DECAY, CLIP, RATE = 0.1, 0.3, 0.05
ARRAYS = {"x": torch.randn(SAMPLES, INPUTS).numpy(),
          "y": torch.randint(0, OUTPUTS, (SAMPLES,)).numpy().astype(np.float64)}


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = torch.nn.Linear(INPUTS, HIDDEN)
        self.norm = torch.nn.LayerNorm(HIDDEN)
        self.second = torch.nn.Linear(HIDDEN, OUTPUTS)

    def forward(self, x):
        return self.second(torch.nn.functional.gelu(self.norm(self.first(x))))


BEGIN = Network()
with torch.no_grad():
    for parameter in BEGIN.parameters():
        parameter.copy_(torch.randn_like(parameter) * 0.5)
BEGIN_STATE = {name: value.clone() for name, value in BEGIN.state_dict().items()}
# Ours: weight, bias, norm.weight, norm.bias of the first layer, weight and bias of the second.
NAMES = ["first.weight", "first.bias", "norm.weight", "norm.bias", "second.weight", "second.bias"]
for place, name in enumerate(NAMES):
    ARRAYS[f"begin.{place}"] = BEGIN_STATE[name].numpy()

RULES = {
    "sgd": lambda groups: torch.optim.SGD(groups, RATE),
    "momentum": lambda groups: torch.optim.SGD(groups, RATE, momentum=0.9),
    "adam": lambda groups: torch.optim.Adam(groups, RATE),
    "adamw": lambda groups: torch.optim.AdamW(groups, RATE),
}
for rule_name, rule in RULES.items():
    net = Network()
    net.load_state_dict(BEGIN_STATE)
    parameters = list(net.parameters())
    optimizer = rule([
        {"params": [p for p in parameters if p.ndim == 2], "weight_decay": DECAY},
        {"params": [p for p in parameters if p.ndim == 1], "weight_decay": 0.0},
    ])
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(
            net(torch.from_numpy(ARRAYS["x"])), torch.from_numpy(ARRAYS["y"]).long())
        loss.backward()
        norm = torch.sqrt(sum((p.grad ** 2).sum() for p in parameters))
        if norm > CLIP:
            for p in parameters:
                p.grad *= CLIP / norm
        optimizer.step()
        losses.append(float(loss.detach()))
    ARRAYS[f"{rule_name}.losses"] = np.array(losses)
    for place, name in enumerate(NAMES):
        ARRAYS[f"{rule_name}.{place}"] = net.state_dict()[name].numpy()

np.savez(os.path.join(os.path.dirname(os.path.abspath(__file__)), "training.npz"), **ARRAYS)
