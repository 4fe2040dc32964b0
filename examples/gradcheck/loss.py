"""Logistic regression with a gradient written by hand, as `linalg gradcheck` asks for it.

    linalg gradcheck -- python3 loss.py
    linalg gradcheck -- python3 loss.py --wrong      (the penalty is missing in the gradient)

It needs nothing but Python; docs/gradient-protocol.md has the protocol.
"""

import json
import math
import random
import sys

SAMPLES, FEATURES, PENALTY = 40, 3, 0.1
WRONG = "--wrong" in sys.argv

random.seed(1)
INPUTS = [[random.gauss(0, 1) for _ in range(FEATURES)] for _ in range(SAMPLES)]
LABELS = [1.0 if x[0] - 2 * x[1] + random.gauss(0, 0.5) > 0 else 0.0 for x in INPUTS]


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def loss(w, b):
    """Mean of log(1 + exp(z)) - y z over the samples, z = w·x + b, plus PENALTY/2 |w|²."""
    total = 0.0
    for x, y in zip(INPUTS, LABELS):
        z = dot(w, x) + b
        # log(1 + exp(z)) without overflow.
        total += max(z, 0) + math.log1p(math.exp(-abs(z))) - y * z
    return total / SAMPLES + PENALTY / 2 * dot(w, w)


def gradient(w, b):
    """Each sample pulls along its x with sigmoid(z) - y."""
    dw = [0.0 if WRONG else PENALTY * wi for wi in w]
    db = 0.0
    for x, y in zip(INPUTS, LABELS):
        pull = (0.5 * (1 + math.tanh((dot(w, x) + b) / 2)) - y) / SAMPLES
        dw = [d + pull * xi for d, xi in zip(dw, x)]
        db += pull
    return dw, db


def answer(request):
    w, (b,) = request["at"]["w"], request["at"]["b"]
    reply = {"id": request["id"], "value": loss(w, b)}
    if request["want"] == "gradient":
        dw, db = gradient(w, b)
        reply["gradient"] = {"w": dw, "b": [db]}
    return reply


print(json.dumps({"gradcheck": 1, "parameters": {"w": [FEATURES], "b": []}}), flush=True)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
