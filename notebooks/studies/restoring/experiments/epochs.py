"""Restoration with generators trained for different numbers of epochs."""

import pandas as pd

from latentlib import zoo
from latentlib.evolution import GeneticAlgorithm
from latentlib.fitness.reconstruction import reconstruction
from latentlib.study import training
from studies.restoring.experiments.measures import measures
from studies.restoring.experiments.targets import targets_of
from studies.restoring.settings import Settings

EPOCHS = {"smoke": (1, 2), "quick": (1, 2), "paper": (1, 4, 16)}


def epochs(settings: Settings) -> pd.DataFrame:
    """Return the measures of every target with the shipped generator and with those after `EPOCHS` epochs."""
    name, targets = settings.model, targets_of(settings)
    shipped = zoo.load_generator(name, settings.device), zoo.card(name)["recipe"]["epochs"]
    images, ages = training.training_images(settings.dataset, settings.scale), EPOCHS[settings.scale]
    young = [(training.young(name, age, settings.seed, settings.device, images), age) for age in ages]
    frames = []
    for generator, age in [*young, shipped]:
        fitness = reconstruction(settings.fitness, generator, targets)
        search = GeneticAlgorithm(settings.population, settings.mating_rate, settings.mutation_rate)
        run = search.evolve(fitness, settings.generations, settings.seed)
        frames.append(measures(settings.dataset, generator(run.best.latents), targets).assign(epochs=age))
    return pd.concat(frames, ignore_index=True)
