"""Trains a multilayer perceptron on a table whose last column holds words: what `linalg train-mlp` does, in PyTorch.

    train_table.py TABLE EPOCHS MODEL
"""
import csv
import sys

import numpy as np
import torch

torch.set_num_threads(2)
torch.manual_seed(0)
table, epochs, target = sys.argv[1], int(sys.argv[2]), sys.argv[3]
with open(table) as file:
    rows = list(csv.reader(file))[1:]
x = np.array([row[:-1] for row in rows], dtype=np.float32)
labels = sorted({row[-1] for row in rows})
y = torch.tensor([labels.index(row[-1]) for row in rows])
order = np.random.default_rng(0).permutation(len(rows))
validation, training = order[:len(rows) // 5], order[len(rows) // 5:]
mean, deviation = x[training].mean(0), x[training].std(0)
x = torch.tensor((x - mean) / deviation)
linear = torch.nn.Linear
network = torch.nn.Sequential(linear(x.shape[1], 64), torch.nn.ReLU(), linear(64, 64), torch.nn.ReLU(),
                              linear(64, len(labels)))
optimizer = torch.optim.Adam(network.parameters(), 3e-3)
for epoch in range(epochs):
    for batch in torch.tensor(np.random.permutation(training)).split(32):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(network(x[batch]), y[batch]).backward()
        optimizer.step()
with torch.no_grad():
    accuracy = (network(x[validation]).argmax(1) == y[validation]).float().mean().item()
torch.save(network.state_dict(), target)
sys.exit(0 if accuracy >= 0.98 else 1)
