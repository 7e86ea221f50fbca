"""Train a two-layer network on scikit-learn's handwritten digits, on any device: ``digits_mlp.py --device cuda``."""

from __future__ import annotations

import argparse

from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import tensorplug as tp
from tensorplug import nn
from tensorplug.utils.data import DataLoader, TensorDataset

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--device", default="cpu")
parser.add_argument("--epochs", type=int, default=15)
arguments = parser.parse_args()

tp.manual_seed(0)
pixels, digits = load_digits(return_X_y=True)
train_x, test_x, train_y, test_y = train_test_split(
    (pixels / 16).astype("float32"), digits, stratify=digits, random_state=0
)
train_data = TensorDataset(tp.tensor(train_x), tp.tensor(train_y))

model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)).to(arguments.device)
optimizer = tp.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
schedule = tp.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=arguments.epochs)
loss_of = nn.CrossEntropyLoss()

for epoch in range(arguments.epochs):
    total = 0.0
    for images, labels in DataLoader(train_data, batch_size=64, shuffle=True):
        images, labels = images.to(arguments.device), labels.to(arguments.device)
        optimizer.zero_grad()
        loss = loss_of(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
    schedule.step()
    print(f"epoch {epoch + 1:2}  loss {total / len(train_data):.4f}")

with tp.no_grad():
    found = model(tp.tensor(test_x, device=arguments.device)).argmax(1).cpu()
print(f"right on {(found == tp.tensor(test_y)).float().mean().item():.1%} of the test images")
