"""All arms at equal size and equal gradient steps, on one draw: the page's Fig. 12 with its controls."""

import pandas as pd

from studies.augmentation.arms import ARMS
from studies.augmentation.draws import draw
from studies.augmentation.experiments.bench import Bench
from studies.augmentation.experiments.measures import described
from studies.augmentation.settings import Settings


def contest(settings: Settings) -> pd.DataFrame:
    """Return the scores on the test set, one row per `arm` and `classifier`, with what the arm added.

    Columns: those of `scores.SCORES`, in [0, 1], and of `measures.described`, means over the classes.
    """
    drawn = draw(settings)
    bench, rows = Bench(settings, drawn.training, drawn.classes), []
    for arm in ARMS:
        added = bench.added(arm)
        facts = described(settings.dataset, added, drawn)
        for place, (found,) in enumerate(bench.fitted(arm, added, [(drawn.test, drawn.labels)])):
            rows.append({"arm": arm, "classifier": place, **found, **facts})
    return pd.DataFrame(rows)
