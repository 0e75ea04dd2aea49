"""How far two computations of the same graph are apart."""
import math

import numpy as np


class Difference:
    """Collects the error of one output over many runs."""

    def __init__(self):
        self.signal = self.noise = self.error = self.peak = 0.0

    def add(self, reference, found):
        reference = np.asarray(reference, np.float64).ravel()
        found = np.asarray(found, np.float64).ravel()
        if not np.isfinite(found).all():
            self.error = math.inf
            return
        self.signal += float(reference @ reference)
        self.noise += float((found - reference) @ (found - reference))
        self.error = max(self.error, float(np.abs(found - reference).max()))
        self.peak = max(self.peak, float(np.abs(reference).max()))

    @property
    def decibels(self):
        """Signal to noise; 200 where there is no noise."""
        if math.isinf(self.error) or self.signal == 0:
            return 0.0
        return 200.0 if self.noise == 0 else min(200.0, 10 * math.log10(self.signal / self.noise))

    def figures(self):
        return {"snr": round(self.decibels, 1), "maxError": float(f"{self.error:.2e}"), "peak": round(self.peak, 4)}


def differences(names, feeds, reference, found):
    """By name of output: `found` against `reference`, both called with each of the feeds."""
    collected = {name: Difference() for name in names}
    for feed in feeds:
        for name, left, right in zip(names, reference(feed), found(feed)):
            collected[name].add(left, np.asarray(right).reshape(np.shape(left)))
    return collected
