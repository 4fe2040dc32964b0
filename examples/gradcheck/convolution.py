"""A convolution in single precision, every operation rounded to f32, with its right gradient.

    python3 convolution.py --naive               a check with the fixed step 1e-5, which alarms
    linalg gradcheck -- python3 convolution.py   a check with error bars, which passes

The loss is half the sum of squares of the outputs. It needs nothing but Python.
"""

import json
import math
import struct
import sys

CHANNELS, FILTERS, SIZE, KERNEL = 2, 2, 4, 3
OUTPUT = SIZE - KERNEL + 1
SINGLE = struct.Struct("f")


def f32(x):
    return SINGLE.unpack(SINGLE.pack(x))[0]


def taps():
    """Places in the flat input, kernel and output that meet: (x, w, y)."""
    for f in range(FILTERS):
        for i in range(OUTPUT):
            for j in range(OUTPUT):
                for c in range(CHANNELS):
                    for k in range(KERNEL):
                        for l in range(KERNEL):
                            yield (
                                (c * SIZE + i + k) * SIZE + j + l,
                                ((f * CHANNELS + c) * KERNEL + k) * KERNEL + l,
                                (f * OUTPUT + i) * OUTPUT + j,
                            )


TAPS = list(taps())


def outputs(x, w):
    y = [0.0] * (FILTERS * OUTPUT * OUTPUT)
    for p, q, o in TAPS:
        y[o] = f32(y[o] + f32(x[p] * w[q]))
    return y


def loss(x, w):
    total = 0.0
    for o in outputs(x, w):
        total = f32(total + f32(o * o))
    return f32(total / 2)


def gradient(x, w):
    """The loss's derivative by an output is the output; it goes back to what met there."""
    y = outputs(x, w)
    dx, dw = [0.0] * len(x), [0.0] * len(w)
    for p, q, o in TAPS:
        dx[p] = f32(dx[p] + f32(y[o] * w[q]))
        dw[q] = f32(dw[q] + f32(y[o] * x[p]))
    return dx, dw


def naive(step=1e-5):
    """What is often done: central differences with one step, and one limit."""
    x = [f32(math.sin(3 * i + 1)) for i in range(CHANNELS * SIZE * SIZE)]
    w = [f32(math.cos(5 * i + 2)) for i in range(FILTERS * CHANNELS * KERNEL * KERNEL)]
    _, claimed = gradient(x, w)
    total = 0.0
    for i, slope in enumerate(claimed):
        kept, values = w[i], []
        for sign in (1, -1):
            w[i] = f32(kept + f32(sign * step))
            values.append(loss(x, w))
        w[i] = kept
        total += abs((values[0] - values[1]) / (2 * step) - slope)
    print(f"the sum of the differences over the kernel is {total:.4g} (limit 0.001):", end=" ")
    print("ALARM" if total > 1e-3 else "passed")


def serve():
    shapes = {"input": [CHANNELS, SIZE, SIZE], "kernel": [FILTERS, CHANNELS, KERNEL, KERNEL]}
    print(json.dumps({"gradcheck": 1, "parameters": shapes}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        x, w = ([f32(number) for number in request["at"][name]] for name in shapes)
        reply = {"id": request["id"], "value": loss(x, w)}
        if request["want"] == "gradient":
            reply["gradient"] = dict(zip(shapes, gradient(x, w)))
        print(json.dumps(reply), flush=True)


if "--naive" in sys.argv:
    naive()
else:
    serve()
