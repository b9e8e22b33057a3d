// The genetic algorithm of latentlib.evolution, and its operators: those of chapter one, which are its defaults, and
// those of GAGAN's Algorithm 1.
//
// A group is { genomes: (n, genes) one behind the other, fitness: n floats, images: n squares of bytes }, and whatever
// else was found out about its n individuals, one behind the other; lineage.js says what, where descent is followed.
import { carried, inherited } from "./lineage.js";
import { Random } from "./random.js";

const RIVALS = 3;
const EXCHANGED = 0.5; // of the genes of a mating pair
const DISTURBED = 0.1; // of the genes of a mutated individual
const STEP = 0.5;

// Genomes of a first population, from N(0, 1).
export function firstGenomes(population, genes, seed) {
  const random = new Random(seed, 0);
  return Float32Array.from({ length: population * genes }, () => random.normal());
}

function tournament(fitness, random) {
  let winner = random.below(fitness.length);
  for (let i = 1; i < RIVALS; i++) {
    const rival = random.below(fitness.length);
    if (fitness[rival] > fitness[winner]) winner = rival;
  }
  return winner;
}

function mate(genomes, first, second, genes, random) {
  for (let g = 0; g < genes; g++)
    if (random.uniform() < EXCHANGED) {
      const kept = genomes[first * genes + g];
      genomes[first * genes + g] = genomes[second * genes + g];
      genomes[second * genes + g] = kept;
    }
}

// Gaussian steps on some of a child's genes; whether any changed.
export function disturb(genomes, child, genes, share, random, step = STEP) {
  let any = false;
  for (let g = child * genes; g < (child + 1) * genes; g++)
    if (random.uniform() < share) {
      genomes[g] += step * random.normal();
      any = true;
    }
  return any;
}

// The rate is the share of the individuals that are mutated.
const mutate = (genomes, child, genes, rate, random) => random.uniform() < rate && disturb(genomes, child, genes, DISTURBED, random);

// The best parent replaces the worst child.
function generational(parents, children) {
  const elite = pick(parents, ranked(parents.fitness).slice(0, 1));
  return joined(elite, pick(children, ranked(children.fitness).slice(0, children.fitness.length - 1)));
}

// The best of old and new, as many as there are children.
function plus(parents, children) {
  const both = joined(parents, children);
  return pick(both, ranked(both.fitness).slice(0, children.fitness.length));
}

export const OPERATORS = { select: tournament, mate, mutate, survive: generational };

// Algorithm 1 of Li et al. as in latentlib.pool: any parent, all mating, a rate that is the share of the genes mutated.
export const ALGORITHM1 = { select: (fitness, random) => random.below(fitness.length), mate, mutate: disturb, survive: plus };

// Children of selected parents: { genomes, parents, mated, changed }, `mated` being the genomes before mutation. A child
// that did not change is its parent's copy.
export function vary(group, genes, { population, matingRate, mutationRate }, random, operators = OPERATORS) {
  const { select, mate, mutate } = operators;
  const parents = Array.from({ length: population }, () => select(group.fitness, random));
  const genomes = new Float32Array(population * genes);
  parents.forEach((p, i) => genomes.set(group.genomes.subarray(p * genes, (p + 1) * genes), i * genes));
  const changed = new Array(population).fill(false);
  for (let i = 0; i + 1 < population; i += 2)
    if (random.uniform() < matingRate) {
      mate(genomes, i, i + 1, genes, random);
      changed[i] = changed[i + 1] = true;
    }
  const mated = genomes.slice();
  for (let i = 0; i < population; i++)
    if (mutate(genomes, i, genes, mutationRate, random)) changed[i] = true;
  return { genomes, parents, mated, changed };
}

// The chosen individuals of a group, in that order.
export function pick(group, chosen) {
  const picked = {};
  for (const [name, values] of Object.entries(group)) {
    const width = values.length / group.fitness.length;
    picked[name] = new values.constructor(chosen.length * width);
    chosen.forEach((from, to) => picked[name].set(values.subarray(from * width, (from + 1) * width), to * width));
  }
  return picked;
}

// Places from the fittest to the least fit; equals keep their order, so that the order is always the same.
export function ranked(fitness) {
  return Array.from(fitness.keys()).sort((a, b) => fitness[b] - fitness[a] || a - b);
}

// Groups or parts of groups as one.
export function joined(...parts) {
  const whole = {};
  for (const name of Object.keys(parts[0])) {
    const length = parts.reduce((sum, part) => sum + part[name].length, 0);
    whole[name] = new parts[0][name].constructor(length);
    let at = 0;
    for (const part of parts) {
      whole[name].set(part[name], at);
      at += part[name].length;
    }
  }
  return whole;
}

// One generation. `evaluate` (genomes) gives, perhaps later, { fitness, images, .. } of those that changed; `operators`
// are four functions as OPERATORS. Resolves to { group, passes }: the next population, and how many were judged.
export async function nextGeneration(group, settings, generation, evaluate, operators = OPERATORS) {
  const genes = group.genomes.length / group.fitness.length;
  const random = new Random(settings.seed, generation);
  const elders = group.founder ? carried(group) : group;
  const { genomes, parents, mated, changed } = vary(elders, genes, settings, random, operators);
  const kin = group.founder && inherited(elders, parents, mated, genomes);
  const children = { ...pick(elders, parents), genomes, ...kin };
  const some = changed.flatMap((yes, i) => (yes ? [i] : []));
  if (some.length) {
    const fresh = pick({ genomes, fitness: children.fitness }, some).genomes;
    for (const [name, values] of Object.entries(await evaluate(fresh))) {
      const width = values.length / some.length;
      some.forEach((i, place) => children[name].set(values.subarray(place * width, (place + 1) * width), i * width));
    }
  }
  return { group: operators.survive(elders, children), passes: some.length };
}
