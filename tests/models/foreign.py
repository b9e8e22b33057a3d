"""Eight generators as they are found elsewhere, small and with random weights of a known seed."""

import torch
from torch import nn
from torch.nn import functional


def dcgan(channels=3):
    """Latents (n, 100, 1, 1) to images in [-1, 1]."""
    return nn.Sequential(
        nn.ConvTranspose2d(100, 16, 4, bias=False),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.ConvTranspose2d(16, channels, 4, 2, 1, bias=False),
        nn.Tanh(),
    )


class Conditional(nn.Module):
    """Latents (n, 64) and labels (n,) to images in [-1, 1]."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(10, 10)
        self.layers = nn.Sequential(nn.Linear(74, 32), nn.LeakyReLU(0.2), nn.Linear(32, 64), nn.Tanh())

    def forward(self, latents, labels):
        return self.layers(torch.cat([latents, self.embedding(labels)], dim=1)).view(-1, 1, 8, 8)


def decoder():
    """Latents (n, 20) to logits (n, 64), as the decoder of a VAE."""
    return nn.Sequential(nn.Linear(20, 50), nn.ReLU(), nn.Linear(50, 64))


class Styled(nn.Module):
    """Latents by a mapping to styles, and by a synthesis with noise to images about [-1, 1]."""

    z_dim = 32

    def __init__(self):
        super().__init__()
        self.mapping = nn.Sequential(nn.Linear(32, 32), nn.LeakyReLU(0.2))
        self.style, self.image = nn.Linear(32, 8), nn.Conv2d(8, 3, 1)

    def synthesis(self, styles, noise="random"):
        maps = self.style(styles)[:, :, None, None].expand(-1, -1, 8, 8)
        if noise == "random":
            maps = maps + 0.3 * torch.randn(len(maps), 1, 8, 8, device=maps.device)
        return 0.3 * self.image(functional.leaky_relu(maps, 0.2))

    def forward(self, latents, noise="random"):
        return self.synthesis(self.mapping(functional.normalize(latents) * 32**0.5), noise)


def bounded():
    """Latents (n, 32) of [-1, 1] to images in [0, 1]."""
    return nn.Sequential(nn.Linear(32, 64), nn.Sigmoid(), nn.Unflatten(1, (1, 8, 8)))


def tiles():
    """Latents (n, 32, 1, 1) to the chances of ten kinds of tiles (n, 10, 6, 8)."""
    return nn.Sequential(nn.ConvTranspose2d(32, 10, (6, 8)), nn.Softmax(dim=1))


def wave():
    """Latents (n, 50) to sounds (n, 256) in [-1, 1]."""
    return nn.Sequential(
        nn.Linear(50, 64),
        nn.Unflatten(1, (4, 16)),
        nn.ConvTranspose1d(4, 1, 16, 16),
        nn.Tanh(),
        nn.Flatten(),
    )


def row():
    """Latents (n, 16) to rows (n, 7) of a table."""
    return nn.Sequential(nn.Linear(16, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 7))
