#!/usr/bin/env python3
"""compress_picture.py IN.png RANK OUT.png: what `linalg svd-compress` does, in NumPy and Pillow.

Truncated SVD of every channel, the error table's relative error and PSNR, the picture on disk.
"""
import sys

import numpy as np
from PIL import Image

source, rank, target = sys.argv[1], int(sys.argv[2]), sys.argv[3]
picture = np.asarray(Image.open(source))
samples = picture.astype(np.float64)
channels = samples[..., None] if samples.ndim == 2 else samples
result = np.empty_like(channels)
for c in range(channels.shape[2]):
    u, s, vt = np.linalg.svd(channels[..., c], full_matrices=False)
    result[..., c] = (u[:, :rank] * s[:rank]) @ vt[:rank]
relative_error = np.linalg.norm(channels - result) / np.linalg.norm(channels)
written = np.clip(np.rint(result.reshape(samples.shape)), 0, 255).astype(np.uint8)
mean_square = np.mean((samples - written) ** 2)
psnr = 10 * np.log10(255**2 / mean_square) if mean_square > 0 else float("inf")
Image.fromarray(written).save(target)
print(f"rank {rank}  relative error {relative_error:.6f}  PSNR {psnr:.2f} dB")
