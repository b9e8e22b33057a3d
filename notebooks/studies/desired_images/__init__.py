"""Desired images from a trained GAN: a recogniser is the fitness (Li et al., GAGAN)."""

from studies.desired_images.settings import Settings

__all__ = ["Settings"]
