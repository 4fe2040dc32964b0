"""Singular-value denoising as NumPy has it, for peer.py and denoise_picture.py."""
import numpy as np


def shrunk(s, sigma, rows, columns):
    """The optimal shrinker for the squared error (Gavish and Donoho 2017) of matrices m x n."""
    unit = sigma * np.sqrt(max(rows, columns))
    beta = min(rows, columns) / max(rows, columns)
    y = s / unit
    kept = y >= 1 + np.sqrt(beta)
    root = np.sqrt(np.maximum((y * y - beta - 1) ** 2 - 4 * beta, 0))
    return np.where(kept, unit * root / np.where(kept, y, 1), 0)


def denoised(a, sigma):
    """One decomposition of each of the matrices [..., m, n], its values shrunk; and the values."""
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    values = shrunk(s, sigma, *a.shape[-2:])
    return (u * values[..., None, :]) @ vt, values


def starts(length, side, stride):
    """Where blocks begin: every `stride`, and flush with the end."""
    regular = list(range(0, length - side + 1, stride))
    return regular if regular[-1] == length - side else regular + [length - side]


def coverage(first, side, length):
    """How many blocks each of `length` rows or columns lies in."""
    return np.bincount((np.array(first)[:, None] + np.arange(side)).ravel(), minlength=length)


def denoised_in_blocks(a, sigma, side, stride):
    """The average of overlapping blocks, each denoised by itself; and the values of all."""
    rows, columns = (starts(length, side, stride) for length in a.shape)
    windows = np.lib.stride_tricks.sliding_window_view(a, (side, side))
    blocks, values = denoised(windows[np.ix_(rows, columns)], sigma)
    total = np.zeros_like(a)
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            total[row:row + side, column:column + side] += blocks[i, j]
    return total / np.outer(coverage(rows, side, a.shape[0]),
                            coverage(columns, side, a.shape[1])), values
