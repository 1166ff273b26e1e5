"""A PyTorch model of its own code, with weights from the version's folder."""

import torch


def make():
    return torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 3))


class Net:
    def initialize(self, context):
        self.model = make()
        self.model.load_state_dict(context.load("weights.pt"))
        self.model.eval()

    def inference(self, inputs):
        with torch.inference_mode():
            return {"scores": self.model(torch.from_numpy(inputs["x"]))}
