"""Pooling and resizing as layers."""

from torch.nn import AdaptiveAvgPool2d, AvgPool2d, Fold, MaxPool2d, Unfold, Upsample, ZeroPad2d

__all__ = ["AdaptiveAvgPool2d", "AvgPool2d", "Fold", "MaxPool2d", "Unfold", "Upsample", "ZeroPad2d"]
