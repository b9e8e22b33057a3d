"""Evolving a GAN's networks in place of training them by gradients: does it work, and is it cheaper? (Kumar 2024)."""
