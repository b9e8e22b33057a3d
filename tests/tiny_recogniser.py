"""A generator whose images are its latents, and a recogniser that reads classes from pixels."""

from torch import nn

from latentlib.models.classifier import Classifier

NAMES = ("Eyeglasses", "Male", "Mouth_Slightly_Open", "Smiling")


class Plain(nn.Module):
    """Latents (n, k) of [0, 1] as images (n, 1, 1, k)."""

    def __init__(self, genes):
        super().__init__()
        self.latent_size = genes

    def forward(self, latents):
        return latents.clamp(0, 1).view(len(latents), 1, 1, -1)


class Smooth(Plain):
    """The same through a sigmoid, so that every latent has a slope."""

    def forward(self, latents):
        return latents.sigmoid().view(len(latents), 1, 1, -1)


class Pixels(Classifier):
    """Each pixel, times a steepness, is the logit of a class."""

    def __init__(self, classes, exclusive, steepness=20.0):
        super().__init__(classes, exclusive)
        self.steepness = steepness

    def forward(self, images):
        return self.steepness * (images.flatten(1) - 0.5)
