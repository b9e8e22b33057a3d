"""Evolve the latent vectors of a GAN.

The rooms, from the ground up: `files`, `checks`, `values`, `chunks`, `randomness`, `provenance`, `priors`, `pictures`,
`data`, `models`, `evolution`, `fitness`, `gradient`, `zoo`, `pool`, `study`, `widgets`, `cli`.
Nothing imports a room above its own, and this file imports none of them, so that `import latentlib` costs nothing.
"""

__version__ = "0.1.0"
