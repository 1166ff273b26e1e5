"""Trains the digit network and writes it as ONNX: `image` float32 [n, 784] in 0-1 -> `scores` float32 [n, 10], probabilities.

Needs Debian's python3-torch and python3-onnx; `npm run train` in this folder runs it with the system's Python.
People draw digits larger, smaller, tilted, thin and thick, so every epoch sees each digit warped anew.
"""
import sys
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

HELD_OUT = 2000
EPOCHS = int(sys.argv[1]) if len(sys.argv) > 1 else 30


class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(),
            nn.Conv2d(16, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 48, 3, padding=1), nn.BatchNorm2d(48), nn.ReLU(), nn.MaxPool2d(2),
        )
        self.drop = nn.Dropout(0.3)
        self.head = nn.Linear(48 * 3 * 3, 10)

    def logits(self, image):
        return self.head(self.drop(self.features(image.reshape(-1, 1, 28, 28)).flatten(1)))

    def forward(self, image):
        return F.softmax(self.logits(image), dim=1)


def warp(images):
    """Rotates, scales, shears, shifts, thickens and thins each picture at random."""
    n = len(images)
    angle = (torch.rand(n) - 0.5) * 0.6
    scale = 1 / (0.75 + torch.rand(n) * 0.5)
    shear = (torch.rand(n) - 0.5) * 0.4
    matrix = torch.zeros(n, 2, 3)
    matrix[:, 0, 0] = scale * torch.cos(angle)
    matrix[:, 0, 1] = scale * (shear - torch.sin(angle))
    matrix[:, 1, 0] = scale * torch.sin(angle)
    matrix[:, 1, 1] = scale * torch.cos(angle)
    matrix[:, :, 2] = (torch.rand(n, 2) - 0.5) * 0.3
    pictures = images.reshape(-1, 1, 28, 28)
    pictures = F.grid_sample(pictures, F.affine_grid(matrix, pictures.shape, align_corners=False), align_corners=False)
    thick = F.max_pool2d(pictures, 3, 1, 1)
    thin = -F.max_pool2d(-pictures, 2, 1, 0)
    thin = F.pad(thin, (0, 1, 0, 1))
    choice = torch.rand(n, 1, 1, 1)
    pictures = torch.where(choice < 0.15, 0.5 * thick + 0.5 * pictures, torch.where(choice > 0.9, 0.5 * thin + 0.5 * pictures, pictures))
    return pictures.clamp(0, 1).reshape(n, 784)


def accuracy(model, images, labels):
    model.eval()
    with torch.no_grad():
        return (model(images).argmax(1) == labels).float().mean().item()


def train(model, images, labels):
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=1e-3)
    steps = EPOCHS * (len(images) // 100)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 6e-3, total_steps=steps)
    for epoch in range(EPOCHS):
        model.train()
        total = 0.0
        for batch in torch.randperm(len(images))[: len(images) // 100 * 100].split(100):
            loss = F.cross_entropy(model.logits(warp(images[batch])), labels[batch], label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1} loss {total * 100 / len(images):.4f}", flush=True)


torch.manual_seed(7)
torch.set_num_threads(2)
images = torch.from_numpy(np.fromfile("data/images.bin", np.uint8).reshape(-1, 784).astype(np.float32) / 255)
labels = torch.from_numpy(np.fromfile("data/labels.bin", np.uint8).astype(np.int64))
model = Digits()
train(model, images[:-HELD_OUT], labels[:-HELD_OUT])
print(f"held-out accuracy {accuracy(model, images[-HELD_OUT:], labels[-HELD_OUT:]):.4f}")
torch.onnx.export(
    model, images[:2], "../models/digits/1/model.onnx", input_names=["image"], output_names=["scores"],
    dynamic_axes={"image": {0: "n"}, "scores": {0: "n"}}, opset_version=13,
)
