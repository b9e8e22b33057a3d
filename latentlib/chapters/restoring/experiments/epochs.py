"""Restoration with generators that were trained for longer and longer."""

from dataclasses import replace

import pandas as pd
from torch import nn

from latentlib import data, files, training, zoo
from latentlib.chapters.restoring.experiments.measures import measures
from latentlib.chapters.restoring.experiments.targets import targets_of
from latentlib.chapters.restoring.settings import Settings
from latentlib.evolution import GeneticAlgorithm
from latentlib.fitness.reconstruction import reconstruction
from latentlib.models.inference import folded

EPOCHS = (1, 4, 16)


def epochs(settings: Settings) -> pd.DataFrame:
    """The measures of every target with generators after 1, 4 and 16 epochs, and with the one that ships.

    Young generators are taken as they are; a running average, which the shipped one is, would lag behind.
    """
    name, targets = f"restoring/{settings.dataset}", targets_of(settings)
    shipped = zoo.load_generator(name, settings.device), zoo.card(name)["recipe"]["epochs"]
    frames = []
    for generator, age in [*((young(settings, age), age) for age in EPOCHS), shipped]:
        fitness = reconstruction(settings.fitness, generator, targets)
        search = GeneticAlgorithm(settings.population, settings.mating_rate, settings.mutation_rate)
        run = search.evolve(fitness, settings.generations, settings.seed)
        frames.append(measures(settings.dataset, generator(run.best.latents), targets).assign(epochs=age))
    return pd.concat(frames, ignore_index=True)


def young(settings: Settings, age: int) -> nn.Module:
    """The generator of the zoo's recipe after so many epochs; younger ones are stages of older ones."""
    plan = zoo.entry(f"restoring/{settings.dataset}")
    images = data.training_images(settings.dataset)
    networks = zoo.untrained(plan, settings.seed).to(settings.device)
    checkpoint = files.cache() / "training" / f"young-{settings.dataset}-{settings.seed}.pt"
    recipe = replace(plan.recipe, epochs=age)
    where = settings.device
    training.run(recipe, networks, images.images.to(where), images.labels.to(where), checkpoint, settings.seed)
    return folded(networks["generator"].eval().requires_grad_(False))
