# SPDX-License-Identifier: Apache-2.0
"""Which pixels the pixels of a resized image come from, as the operator Resize defines it."""

import math
from typing import Any

import numpy as np
from onnx_views import UnsupportedNodeError


def _places(old: int, new: int, scale: float, coordinates: str) -> list[float]:
    """Where each new place lies along the old axis."""
    # The operator computes these in 32-bit floats, which decides where a place lies between two.
    scale = np.float32(scale)
    places = np.arange(new, dtype=np.float32)
    if coordinates == "half_pixel":
        found = (places + np.float32(0.5)) / scale - np.float32(0.5)
    elif coordinates == "pytorch_half_pixel":
        found = (places + np.float32(0.5)) / scale - np.float32(0.5) if new > 1 else places * 0
    elif coordinates == "asymmetric":
        found = places / scale
    elif coordinates == "align_corners":
        found = places * np.float32(old - 1) / np.float32(new - 1) if new > 1 else places * 0
    elif coordinates == "half_pixel_symmetric":
        shift = np.float32(old / 2) * (1 - np.float32(new) / (scale * np.float32(old)))
        found = shift + (places + np.float32(0.5)) / scale - np.float32(0.5)
    else:
        raise UnsupportedNodeError(
            f"its coordinates are {coordinates}; accepted are half_pixel, pytorch_half_pixel, "
            "half_pixel_symmetric, align_corners and asymmetric"
        )
    return [float(place) for place in found]


def nearest_places(old: int, new: int, scale: float, coordinates: str, rounding: str) -> list[int]:
    """The nearest old place of each new one."""
    rules = {
        "floor": math.floor,
        "ceil": math.ceil,
        "round_prefer_floor": lambda place: math.ceil(place - 0.5),
        "round_prefer_ceil": lambda place: math.floor(place + 0.5),
    }
    if rounding not in rules:
        raise UnsupportedNodeError(f"its nearest_mode is {rounding}, which is not known")
    if old == new and scale == 1:
        return list(range(new))
    found = _places(old, new, scale, coordinates)
    return [min(max(rules[rounding](place), 0), old - 1) for place in found]


def linear_taps(old: int, new: int, scale: float, coordinates: str) -> list[dict[str, Any]]:
    """Between which two old places each new one lies, and how much the second one counts."""
    taps = []
    found = range(new) if old == new and scale == 1 else _places(old, new, scale, coordinates)
    for place in found:
        held = min(max(place, 0), old - 1)
        first = math.floor(held)
        taps.append({"first": first, "second": min(first + 1, old - 1), "weight": held - first})
    return taps
