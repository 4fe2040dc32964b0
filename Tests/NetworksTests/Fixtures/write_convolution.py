"""Writes convolution.npz: values and gradients of torch.nn.functional.conv2d in float64.

    python write_convolution.py      (PyTorch 2, seed 0; the file is committed)
"""
import numpy as np
import torch
import torch.nn.functional as F

torch.manual_seed(0)
CASES = {  # x, w, stride, padding, dilation, groups
    "stem": ((2, 3, 11, 10), (4, 3, 7, 7), (2, 2), (3, 3), (1, 1), 1),
    "three": ((1, 4, 9, 7), (5, 4, 3, 3), (1, 1), (1, 1), (1, 1), 1),
    "point": ((2, 6, 3, 5), (4, 6, 1, 1), (1, 1), (0, 0), (1, 1), 1),
    "grouped": ((2, 4, 8, 9), (6, 2, 3, 2), (1, 2), (2, 1), (2, 3), 2),
    "depthwise": ((1, 5, 6, 6), (5, 1, 3, 3), (1, 1), (1, 1), (1, 1), 5),
    "whole": ((2, 2, 5, 4), (3, 2, 7, 6), (1, 1), (1, 1), (1, 1), 1),
    "large": ((1, 2, 16, 17), (2, 2, 9, 9), (1, 1), (4, 4), (1, 1), 1),
}
arrays = {}
for name, (xs, ws, stride, padding, dilation, groups) in CASES.items():
    x, w, b = (torch.randn(s, dtype=torch.float64, requires_grad=True) for s in (xs, ws, ws[:1]))
    y = F.conv2d(x, w, b, stride, padding, dilation, groups)
    adjoint = torch.randn_like(y)
    y.backward(adjoint)
    sizes = [*stride, *padding, *dilation, groups]
    arrays |= {
        f"{name}.{part}": np.asarray(value)
        for part, value in {
            "sizes": np.array(sizes, dtype=np.int64), "x": x.detach(), "w": w.detach(),
            "b": b.detach(), "y": y.detach(), "adjoint": adjoint, "dx": x.grad, "dw": w.grad,
            "db": b.grad,
        }.items()
    }
np.savez(__file__.replace("write_convolution.py", "convolution.npz"), **arrays)
