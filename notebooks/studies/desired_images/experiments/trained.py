"""Generators that are trained for an experiment, other than the zoo's."""

from torch import Tensor, nn

from latentlib import checkpoints, training, zoo


def trained(plan: zoo.Entry, images: Tensor, labels: Tensor, seed: int) -> nn.Module:
    """The averaged generator of a plan that is no entry of the zoo, from its last checkpoint if there is one.

    Args:
        plan: networks and recipe.
        images: (n, channels, height, width) as the discriminator is to see them.
        labels: (n,) or (n, attributes), which no such recipe reads.
        seed: of weights, order and latents.
    """
    networks = zoo.untrained(plan, seed)
    known = training.identity(plan.recipe, networks, images, labels, seed)
    checkpoint = checkpoints.path_of("experiment", plan.recipe.epochs, known)
    training.run(plan.recipe, networks, images, labels, checkpoint, seed)
    training.renormalise(networks["average"], seed)
    return networks["average"].eval()
