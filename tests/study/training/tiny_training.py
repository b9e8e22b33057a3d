"""A training of a second, and a process that is killed in the midst of it.

python tiny_training.py CHECKPOINT step|checkpoint
"""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import torch

from latentlib import data
from latentlib.models import judge
from latentlib.study import training

KILLED_IN_EPOCH, EPOCHS = 2, 3


def networks(recipe):
    """Untrained networks of a recipe, always the same."""
    name = "restoring/fashion_mnist" if isinstance(recipe, training.Adversarial) else "judge/fashion_mnist"
    plan = training.plan_of(name)
    return training.untrained(replace(plan, recipe=recipe), seed=0)


def train(recipe, checkpoint, seed=0):
    """The trained networks and the history, on 256 bundled images."""
    images = data.bundled("fashion_mnist", "train")[:256]
    trained = networks(recipe)
    history = training.run(recipe, trained, images.images, images.labels, Path(checkpoint), seed)
    return trained, history


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def die_in_a_step():
    """At the fifth batch of the second epoch (eight batches an epoch)."""
    forward, calls = judge.Judge.forward, []

    def counted(self, images):
        calls.append(1)
        if len(calls) == 8 * (KILLED_IN_EPOCH - 1) + 5:
            die()
        return forward(self, images)

    judge.Judge.forward = counted


def die_in_a_checkpoint():
    """When half of the second checkpoint is written."""
    save, calls = torch.save, []

    def half(state, path):
        save(state, path)
        calls.append(1)
        if len(calls) == KILLED_IN_EPOCH:
            os.truncate(path, path.stat().st_size // 2)
            die()

    torch.save = half


if __name__ == "__main__":
    torch.set_num_threads(1)
    {"step": die_in_a_step, "checkpoint": die_in_a_checkpoint}[sys.argv[2]]()
    train(training.Supervised(EPOCHS, batch_size=32), sys.argv[1])
