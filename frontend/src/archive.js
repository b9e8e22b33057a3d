// The map of MAP-Elites, as in latentlib.evolution.archive: cells by mean and maximum similarity of a set, both on [0, 1]
// in `bins` parts; each keeps the fittest set that fell into it.
import { joined, pick } from "./genetic.js";

const NUDGE = 1e-6; // in cells: so far below an edge, a measure counts as on it

const part = (measure, bins) => Math.min(bins - 1, Math.max(0, Math.floor(bins * measure + NUDGE)));

// Numbered by row, maximum similarity fastest.
export const cellOf = (mean, maximum, bins) => part(mean, bins) * bins + part(maximum, bins);

// Column (mean) and row (maximum) of a cell.
export const placeOf = (cell, bins) => [Math.floor(cell / bins), cell % bins];

// Cells that can be filled at all: no maximum lies below its mean.
export const possible = (bins) => (bins * (bins + 1)) / 2;

const placed = (group, bins) => ({
  ...group,
  cells: Int32Array.from(group.fitness, (fitness, i) => cellOf(-fitness, group.maximum[i], bins)),
});

// The elites of groups of sets, one group after the other, in the order in which their cells were filled: a set must be
// fitter than the one that its cell holds. Where no set is feasible, there are none.
export function elites(groups, bins) {
  const all = placed(joined(...groups.map(({ genomes, fitness, maximum }) => ({ genomes, fitness, maximum }))), bins);
  const held = new Map();
  all.fitness.forEach((fitness, i) => {
    const cell = all.cells[i];
    if (fitness > (held.has(cell) ? all.fitness[held.get(cell)] : -Infinity)) held.set(cell, i);
  });
  return pick(all, [...held.values()]);
}
