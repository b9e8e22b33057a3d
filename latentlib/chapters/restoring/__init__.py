"""Restoring latent vectors from GANs with genetic algorithms (Jin & Ko 2020)."""

from latentlib.chapters.restoring.settings import Settings

__all__ = ["Settings"]
