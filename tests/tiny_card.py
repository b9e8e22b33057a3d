"""A model of the zoo, what its card holds at least before it is saved, and what every card says."""

NAME = "restoring/mnist"
FACTS = {"model": NAME, "seed": 0}
KEYS = {
    *("model", "about", "architecture", "parameters", "dataset", "images", "recipe", "losses", "command", "licence"),
    *("seed", "device", "date", "commit", "torch", "python", "seconds", "bytes", "sha256"),
}
