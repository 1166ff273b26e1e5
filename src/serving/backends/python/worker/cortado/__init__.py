"""What a handler in Python may use of Cortado: `from cortado import BadInput`."""

from .context import Context
from .dataset import Dataset
from .failures import BadInput, Cancelled, Untrusted
from .training import Training

__all__ = ["BadInput", "Cancelled", "Context", "Dataset", "Training", "Untrusted"]
