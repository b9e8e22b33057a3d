"""Training by gradient: recipes, and the plans by which the models of the zoo are reproduced."""

from latentlib.study.training.making import train, untrained, young
from latentlib.study.training.plans import PLANS, Plan, plan_of
from latentlib.study.training.recipes import Adversarial, Recipe, Supervised, identity, renormalise, run
from latentlib.study.training.small import shortened, training_images

__all__ = [
    "PLANS",
    "Adversarial",
    "Plan",
    "Recipe",
    "Supervised",
    "identity",
    "plan_of",
    "renormalise",
    "run",
    "shortened",
    "train",
    "training_images",
    "untrained",
    "young",
]
