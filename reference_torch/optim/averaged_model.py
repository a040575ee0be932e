"""Averages of the weights, by torch.optim.swa_utils."""

from torch.optim.swa_utils import AveragedModel, get_ema_avg_fn, get_swa_avg_fn

__all__ = ["AveragedModel", "get_ema_avg_fn", "get_swa_avg_fn"]
