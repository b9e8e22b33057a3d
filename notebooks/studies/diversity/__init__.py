"""Diverse sets from a trained GAN: how unlike each other images are is the fitness (Fernandes, Correia & Machado)."""

from studies.diversity.notebook import Settings

__all__ = ["Settings"]
