"""Restoring latent vectors from GANs with genetic algorithms (Jin & Ko 2020)."""

from studies.restoring.settings import Settings

__all__ = ["Settings"]
