"""Random generators from a seed, never from global state."""

import torch

LARGEST = 2**32 - 1  # torch's CPU generator ignores higher bits: larger seeds would repeat smaller ones


def seeded(seed: int, device: str | torch.device = "cpu") -> torch.Generator:
    """Return a random generator on a device; raise a ValueError unless the seed is a whole number in [0, 2^32)."""
    whole = hasattr(seed, "__index__") and not isinstance(seed, bool)
    if not whole or not 0 <= int(seed) <= LARGEST:
        raise ValueError(f"seed must be a whole number from 0 to {LARGEST}, got {seed!r}")
    return torch.Generator(device=device).manual_seed(int(seed))
