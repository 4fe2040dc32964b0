#!/usr/bin/env python3
"""denoise_picture.py IN.png OUT.png SIDE STRIDE: what `linalg denoise` does, in NumPy and Pillow.

The noise level from the median singular value, once more without the values above the noise edge;
optimal Frobenius shrinkage in overlapping blocks of every channel; PSNR; the picture on disk.
"""
import sys

import numpy as np
from PIL import Image

from denoising import denoised_in_blocks


def marchenko_pastur_median(beta, steps=100_000):
    """By the midpoint rule over the angle of t = 1 + beta - 2 sqrt(beta) cos(angle)."""
    def value(angle):
        return (1 - np.sqrt(beta)) ** 2 + 4 * np.sqrt(beta) * np.sin(angle / 2) ** 2
    edges = np.linspace(0, np.pi, steps + 1)
    middles = (edges[1:] + edges[:-1]) / 2
    mass = np.cumsum(np.sin(middles) ** 2 / value(middles))
    return value(np.interp(mass[-1] / 2, mass, edges[1:]))


def noise_level(a):
    s = np.linalg.svd(a, compute_uv=False)
    rows, columns = a.shape
    longest = max(rows, columns)
    unit = np.sqrt(longest * marchenko_pastur_median(min(rows, columns) / longest))
    first = np.median(s) / unit
    return np.median(s[s <= first * (np.sqrt(rows) + np.sqrt(columns))]) / unit


source, target, side, stride = *sys.argv[1:3], int(sys.argv[3]), int(sys.argv[4])
samples = np.asarray(Image.open(source)).astype(np.float64)
channels = samples[..., None] if samples.ndim == 2 else samples
sigma = np.median([noise_level(channels[..., c]) for c in range(channels.shape[2])])
result = np.empty_like(channels)
ranks = []
for c in range(channels.shape[2]):
    result[..., c], values = denoised_in_blocks(channels[..., c], sigma, side, stride)
    ranks.append(np.count_nonzero(values) / (values.size / side))
written = np.clip(np.rint(result.reshape(samples.shape)), 0, 255).astype(np.uint8)
mean_square = np.mean((samples - written) ** 2)
psnr = 10 * np.log10(255**2 / mean_square) if mean_square > 0 else float("inf")
Image.fromarray(written).save(target)
print(f"sigma {sigma:.6f}  mean rank {np.mean(ranks):.2f}  PSNR {psnr:.2f} dB")
