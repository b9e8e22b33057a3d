"""Names for people: what a figure or table says where code and files have `mnist, seed 1` or `one_minus_mse`."""

import re

from latentlib import data

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
AGAIN = re.compile(r"(seed|generator) (\d)")  # a generator of one recipe: by its seed, from 0, or by its place, from 1
STARTS = re.compile(r"starts (\d+)")
WORDS = {
    "test": "held out",
    "train": "training",
    # measures of images, and of the judge's and recogniser's opinions
    "mse": "MSE",
    "one_minus_mse": "1 - MSE",
    "ssim": "SSIM",
    "fid": "FID",
    "fid_real": "FID of real images",
    "confident_share": "share the judge is sure of",
    "confident_share_real": "share of real images it is sure of",
    "feature_distance": "distance in features",
    "same_class": "share in the target's class",
    "chroma_error": "error in chroma",
    "lightness_error": "error in lightness",
    "between_rates": "between rates",
    "between_seeds": "between seeds",
    "ssim_min": "least SSIM",
    "ssim_max": "greatest SSIM",
    "mse_min": "least MSE",
    "mse_max": "greatest MSE",
    "tanh_mse_max": "greatest MSE in [-1, 1]",
    "accuracy": "share by recogniser",
    "judged": "share by judge",
    "judged_low": "by the strictest judge",
    "judged_high": "by the most lenient judge",
    "agreed": "judge agrees",
    "likeliest": "judge's largest probability",
    "area": "area under the curve",
    # measures of latents and sets
    "null_cosine": "cosine of random pairs",
    "distance": "relative distance",
    "length": "relative length",
    "rmse": "RMSE",
    "ncc": "NCC",
    "by_rmse": "by RMSE",
    "by_ncc": "by NCC",
    "one_minus_ncc": "1 - NCC",
    "pearson": "Pearson's correlation",
    "vendi": "Vendi score",
    "near": "near-duplicates",
    # methods, settings and what is counted
    "adam": "Adam",
    "then adam": "then Adam",
    "sgd": "SGD",
    "dataset": "data set",
    "passes": "generator passes",
    "group": "images",
    "samples": "new images",
    "learnt_from": "trained on",
    "decodes": "images generated",
    "took": "seconds",
}


def spoken(name: object) -> str:
    """Return what people call a column, a data set, a generator or a method, part by part between commas.

    Args:
        name: such as `adam, starts 10` (Adam, 10 starts) or `mnist, seed 1` (MNIST, second generator). A part that has
            no other name stays, with spaces for its underscores.
    """
    parts = str(name).split(", ")
    return ", ".join(part(*pair) for pair in zip(parts, ["", *parts], strict=False))


def part(name: str, before: str) -> str:
    """Return what people call a part of a name, by that which stands before it."""
    again, starts = AGAIN.fullmatch(name), STARTS.fullmatch(name)
    if again and before in data.CARDS:
        return f"{ORDINALS[int(again[2]) - (again[1] == 'generator')]} generator"
    if starts:
        return f"{starts[1]} start{'s' * (starts[1] != '1')}"
    card = data.CARDS.get(name)
    return WORDS.get(name) or (card.title if card else name.replace("_", " "))
