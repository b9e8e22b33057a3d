"""The live figure of the ring: two small networks learn eight Gaussians, by evolution and by gradient descent."""

from typing import Any

import traitlets

from latentlib.widgets.live.figures import STATIC, Figure, Rate, even, shown
from latentlib.widgets.live.kernel import LEAST, Buffers, Evolution, Settings

MOST = 200  # networks in a population, which the page's own thread evaluates


class RingFigure(Figure):
    """Evolution and gradient descent of a small GAN side by side, at equal passes (Kumar 2024, section 4.1.3).

    The data are eight Gaussians on a circle of radius 2, standard deviation 0.1. The generator is an MLP 2-16-16-2 (354
    weights), the discriminator 2-16-16-1 (337), both with leaky ReLU. In turn the discriminators are judged against the
    fittest generator, and the generators against the fittest discriminator, by binary cross-entropy on a batch of 64.
    In a pass one network is judged on one batch; a step of gradient descent counts as three. The browser computes.

    Args:
        evolves: `both`, `generator` or `discriminator`; gradient descent trains the other one.
        population: networks of each kind, even.
        mutation_rate: share of each child's weights that are moved, in [0, 1].
        mutation_step: standard deviation of such a move, in [0, 1].
        generations: of a full run.
        values: as in `Figure`; `engine` is `browser`.

    The figure also reports how many of the eight `modes` the fittest generator covers (at least 2 % of 512 points lie
    within three standard deviations of the centre), and `real_score` and `fake_score`, the fittest discriminator's
    mean probability that real and generated points are real. `rival_modes`, `rival_real_score` and
    `rival_fake_score` are those of gradient descent.
    """

    _esm = STATIC / "ring.mjs"

    figure = traitlets.Unicode("ring").tag(sync=True)
    engine = traitlets.Enum(("browser",), "browser").tag(sync=True)
    evolves = traitlets.Enum(("both", "generator", "discriminator"), "both").tag(sync=True)
    population = traitlets.Int(20, min=LEAST, max=MOST).tag(sync=True)
    mutation_rate = Rate(0.1).tag(sync=True)
    mutation_step = Rate(0.1).tag(sync=True)
    generations = traitlets.Int(300, min=1).tag(sync=True)
    modes = traitlets.Int(None, allow_none=True).tag(sync=True)
    real_score = traitlets.Float(None, allow_none=True).tag(sync=True)
    fake_score = traitlets.Float(None, allow_none=True).tag(sync=True)
    rival_modes = traitlets.Int(None, allow_none=True).tag(sync=True)
    rival_real_score = traitlets.Float(None, allow_none=True).tag(sync=True)
    rival_fake_score = traitlets.Float(None, allow_none=True).tag(sync=True)

    @staticmethod
    def evolution(settings: Settings, buffers: Buffers) -> Evolution:
        """Refuse to evolve in the kernel."""
        raise ValueError("the ring evolves in the browser, not in the kernel")

    @traitlets.validate("population")
    def pairs(self, proposal: Any) -> int:
        """Return the population, which must be even."""
        return even("population", proposal.value)


def ring(**values: Any) -> Any:
    """Return the live figure of the ring; arguments as in `RingFigure`."""
    return shown(RingFigure, figure="ring", **values)
