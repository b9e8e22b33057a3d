"""Generators trained for an experiment, other than the zoo's."""

from torch import Tensor, nn

from latentlib.study import training
from latentlib.study.training import checkpoints


def trained(plan: training.Plan, images: Tensor, labels: Tensor, seed: int) -> nn.Module:
    """Return the averaged generator of a plan that is not in the zoo, resumed from its last checkpoint if there is one.

    Args:
        plan: networks and recipe.
        images: (n, channels, height, width) as the discriminator sees them.
        labels: (n,) or (n, attributes), not read by such a recipe.
        seed: of weights, order and latents.
    """
    networks = training.untrained(plan, seed)
    known = training.identity(plan.recipe, networks, images, labels, seed)
    checkpoint = checkpoints.path_of("experiment", plan.recipe.epochs, known)
    training.run(plan.recipe, networks, images, labels, checkpoint, seed)
    training.renormalise(networks["average"], seed)
    return networks["average"].eval()
