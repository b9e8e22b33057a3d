"""The chapter as a whole."""

from pathlib import Path

import pandas as pd

from latentlib import zoo
from latentlib.study.chapter import Chapter
from studies.desired_images.plan import plan


def given(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the recognisers beside the published ones in a folder, the published counts, and the cost of training."""
    card = zoo.card("desired_images/mnist")
    return {
        "recognisers": recognisers(folder),
        "published_counts": pd.read_csv(folder / "li-table2.csv"),
        "training": pd.DataFrame([{"training_seconds": card["seconds"], "trained_on": card["device"]}]),
    }


def recognisers(folder: Path) -> pd.DataFrame:
    """Return Table I: per class, the published accuracy and how many test images the zoo's recognisers get right."""
    faces, digits = (zoo.card(f"recogniser/{name}")["quality"] for name in ("celeba64", "mnist"))
    accuracies = {name: (found[0], faces["images"]) for name, found in faces["accuracies"].items()}
    accuracies["digits"] = digits["accuracy"], digits["images"]
    rows = [{"class": name, "hits": round(share * n), "images": n} for name, (share, n) in accuracies.items()]
    return pd.read_csv(folder / "li-table1.csv").rename(columns={"accuracy": "published"}).merge(pd.DataFrame(rows))


CHAPTER = Chapter("desired_images", plan, given)
