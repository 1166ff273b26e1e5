"""Serves a version that is a pickled model and nothing else: scikit-learn's by joblib or pickle, PyTorch's."""

import os

from .failures import BadInput, Unloadable

NAMES = ("model.joblib", "model.pkl", "model.pickle", "model.pt", "model.pth")


def artifact_handler(context):
    """The handler for what the version's folder holds."""
    name = next((each for each in NAMES if os.path.isfile(os.path.join(context.directory, each))), None)
    if name is None:
        raise Unloadable("is not named, and the version has none of %s" % ", ".join(NAMES), "Name the module: python({ module: \"model.py\" }).")
    model = context.load(name)
    if name.endswith((".pt", ".pth")):
        if not callable(model):
            raise Unloadable("is not named, and %s holds weights without their model" % name, "Name a module whose initialize makes the model and gives it the weights.")
        return TorchModel(model)
    if not hasattr(model, "predict"):
        raise Unloadable("is not named, and %s holds a %s, which has no predict" % (name, type(model).__name__), "Name the module: python({ module: \"model.py\" }).")
    return EstimatorModel(model)


class EstimatorModel:
    """An item is a list of numbers, or an object of features; the answer is the prediction, and for classes their chances."""

    def __init__(self, model):
        self.model = model
        self.names = [str(name) for name in getattr(model, "feature_names_in_", [])]
        self.width = getattr(model, "n_features_in_", None)

    def inference(self, items):
        rows = [self._row(item, i if len(items) > 1 else None) for i, item in enumerate(items)]
        table = self._table(rows)
        predictions = self.model.predict(table).tolist()
        answers = [{"prediction": prediction} for prediction in predictions]
        if hasattr(self.model, "predict_proba") and hasattr(self.model, "classes_"):
            labels = [str(label) for label in self.model.classes_]
            for answer, chances in zip(answers, self.model.predict_proba(table).tolist()):
                answer["probabilities"] = dict(zip(labels, chances))
        return answers

    def _row(self, item, at):
        where = "input" if at is None else "inputs[%d]" % at
        if isinstance(item, dict):
            names = self.names or list(item)
            missing = [name for name in names if name not in item]
            if missing:
                raise BadInput("%s has no %s; the model takes %s" % (where, missing[0], ", ".join(names)))
            item = [item[name] for name in names]
        if not hasattr(item, "__len__") or isinstance(item, str):
            raise BadInput("%s must be a list of numbers, or an object of features" % where)
        if self.width is not None and len(item) != self.width:
            raise BadInput("%s has %d values, and the model takes %d" % (where, len(item), self.width))
        return list(item)

    def _table(self, rows):
        if self.names:
            try:
                import pandas

                return pandas.DataFrame(rows, columns=self.names)
            except ImportError:
                pass
        import numpy

        try:
            return numpy.array(rows, dtype=float)
        except (TypeError, ValueError):
            return numpy.array(rows, dtype=object)


class TorchModel:
    """An item is an array of numbers as deep as the model takes for one row; the answer is its row of the output."""

    def __init__(self, model):
        self.model = model

    def inference(self, items):
        import torch

        try:
            rows = torch.stack([torch.as_tensor(item, dtype=torch.float32) for item in items])
        except (TypeError, ValueError, RuntimeError) as error:
            raise BadInput("input is not an array of numbers in one shape: %s" % error) from None
        with torch.inference_mode():
            outputs = self.model(rows)
        return [row.tolist() for row in outputs]
