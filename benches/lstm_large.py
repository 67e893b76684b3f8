#!/usr/bin/env python3
"""Training step of a larger LSTM in PyTorch: 1,024 windows of 52 steps, one layer of 128 units, Adam, squared error.

Needs: torch, in a virtual environment.   Use: python lstm_large.py [--threads 2] [--steps 10]
Prints milliseconds per training step after two warm-up steps. benches/neural.sh runs it beside our own.
"""
import argparse
import time

import torch

WINDOW, BATCH, UNITS = 52, 1024, 128


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(1, UNITS, batch_first=True)
        self.head = torch.nn.Linear(UNITS, 1)

    def forward(self, v):
        h, _ = self.lstm(v)
        return self.head(h[:, -1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=10)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    values = torch.sin(torch.arange(BATCH + WINDOW) * 0.9)
    x = torch.stack([values[i:i + WINDOW] for i in range(BATCH)])[..., None]
    y = values[WINDOW:, None]
    net = Net()
    adam = torch.optim.Adam(net.parameters())

    def step():
        adam.zero_grad()
        ((net(x) - y) ** 2).mean().backward()
        adam.step()

    for _ in range(2):
        step()
    start = time.perf_counter()
    for _ in range(args.steps):
        step()
    print("torch %s: %.3f ms per step" % (torch.__version__, (time.perf_counter() - start) / args.steps * 1e3))


if __name__ == "__main__":
    main()
