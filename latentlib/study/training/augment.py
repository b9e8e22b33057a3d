"""DiffAugment: what the discriminator of a small data set sees is varied, in a way that gradients pass (Zhao 2020)."""

import torch
from torch import Tensor, nn


class DiffAugment(nn.Module):
    """Wrap a discriminator so that it sees every image, real or generated, in a random variation.

    Brightness, contrast, a shift by at most an eighth of the side and a cut-out square of half the side follow Zhao et
    al. 2020 (Differentiable augmentation for data-efficient GAN training, section 4); they draw from torch's global
    state, as dropout does. In evaluation mode images pass as they are.

    Args:
        discriminator: from images (n, channels, height, width) in [0, 1] to logits (n,).
    """

    def __init__(self, discriminator: nn.Module) -> None:
        super().__init__()
        self.discriminator = discriminator

    def forward(self, images: Tensor) -> Tensor:
        """Return logits (n,) of images (n, channels, height, width) in [0, 1]."""
        logits: Tensor = self.discriminator(cut_out(shifted(coloured(images))) if self.training else images)
        return logits


def coloured(images: Tensor) -> Tensor:
    """Return images of another brightness and contrast; values may leave [0, 1]."""
    brightness, contrast = torch.rand(2, len(images), 1, 1, 1, device=images.device)
    means = images.mean(dim=(1, 2, 3), keepdim=True)
    varied: Tensor = (images - means) * (contrast + 0.5) + means + (brightness - 0.5) / 2
    return varied


def shifted(images: Tensor) -> Tensor:
    """Return images shifted along both axes by at most an eighth of their sides, black where nothing was."""
    count, _, height, width = images.shape
    rows, columns = (places(size, count, images.device) for size in (height, width))
    padded = nn.functional.pad(images, (1, 1, 1, 1))
    image = torch.arange(count, device=images.device)[:, None, None]
    moved: Tensor = padded[image, :, rows[:, :, None], columns[:, None, :]]  # (n, height, width, channels)
    return moved.permute(0, 3, 1, 2)


def places(size: int, count: int, device: torch.device) -> Tensor:
    """Return where pixels (count, size) of a shifted axis lie in the one padded by a pixel."""
    shifts = torch.randint(-(size // 8), size // 8 + 1, (count, 1), device=device)
    return (torch.arange(size, device=device) + shifts + 1).clamp(0, size + 1)


def cut_out(images: Tensor) -> Tensor:
    """Return images with a black rectangle of half their sides, which may reach beyond their edges."""
    count, _, height, width = images.shape
    hidden = []
    for size in (height, width):
        middle = torch.randint(0, size + 1, (count, 1), device=images.device)
        hidden.append((torch.arange(size, device=images.device) - middle + 0.5).abs() < size / 4)
    return images * ~(hidden[0][:, None, :, None] & hidden[1][:, None, None, :])
