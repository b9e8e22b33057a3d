"""The judge: a small convolutional classifier that is never a fitness.

It measures what evolution did not optimise: whether a generated image belongs to a class, and how far
two sets of images are apart in its feature space (the FID of the model cards).
"""

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn

from latentlib.models.classifier import DIGITS, Classifier


def block(inputs: int, outputs: int) -> nn.Sequential:
    """Return a convolution, batch norm, ReLU and 2x2 max pooling in sequence."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel_size=3, padding=1),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
        nn.MaxPool2d(2),
    )


class Judge(Classifier):
    """Classify images by convolution blocks that each halve height and width, a feature layer and a linear one.

    Args:
        image_shape: (channels, height, width).
        classes: names of the classes, in order.
        exclusive: as in `Classifier`.
        features: size of the feature layer.
        channels: output channels of the blocks.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (1, 28, 28),
        classes: Sequence[str] = DIGITS,
        exclusive: bool = True,
        features: int = 64,
        channels: Sequence[int] = (32, 64, 64),
    ) -> None:
        super().__init__(classes, exclusive)
        self.image_shape = image_shape
        colours, height, width = image_shape
        shrunk = 2 ** len(channels)
        self.num_features = features
        self.embed = nn.Sequential(
            *(block(inputs, outputs) for inputs, outputs in pairwise([colours, *channels])),
            nn.Flatten(),
            nn.Dropout(0.3),
            nn.Linear(channels[-1] * (height // shrunk) * (width // shrunk), features),
            nn.ReLU(),
        )
        self.classify = nn.Linear(features, len(classes))

    def features(self, images: Tensor) -> Tensor:
        """Return features (n, num_features) of images (n, channels, height, width) in [0, 1]."""
        features: Tensor = self.embed(images)
        return features

    def forward(self, images: Tensor) -> Tensor:
        """Return class logits (n, classes) of images (n, channels, height, width) in [0, 1]."""
        logits: Tensor = self.classify(self.features(images))
        return logits
