// The genetic algorithm of latentlib.evolution with its defaults: tournaments of three, uniform crossover of mating
// pairs, Gaussian steps on a tenth of a mutated individual's genes, generational survival with one elite.
//
// A group is { genomes: (n, genes) one behind the other, fitness: n floats, images: n squares of bytes }.
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

// Whether any gene changed.
function mutate(genomes, child, genes, random) {
  let any = false;
  for (let g = child * genes; g < (child + 1) * genes; g++)
    if (random.uniform() < DISTURBED) {
      genomes[g] += STEP * random.normal();
      any = true;
    }
  return any;
}

// The best parent replaces the worst child.
function generational(parents, children) {
  const elite = pick(parents, ranked(parents.fitness).slice(0, 1));
  return joined(elite, pick(children, ranked(children.fitness).slice(0, children.fitness.length - 1)));
}

export const OPERATORS = { select: tournament, mate, mutate, survive: generational };

// Children of selected parents: { genomes, parents, changed }. A child that did not change is its parent's copy.
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
  for (let i = 0; i < population; i++)
    if (random.uniform() < mutationRate && mutate(genomes, i, genes, random)) changed[i] = true;
  return { genomes, parents, changed };
}

// The chosen individuals of a group, in that order.
export function pick(group, chosen) {
  const genes = group.genomes.length / group.fitness.length;
  const pixels = group.images.length / group.fitness.length;
  const picked = {
    genomes: new Float32Array(chosen.length * genes),
    fitness: new Float32Array(chosen.length),
    images: new Uint8Array(chosen.length * pixels),
  };
  chosen.forEach((from, to) => {
    picked.genomes.set(group.genomes.subarray(from * genes, (from + 1) * genes), to * genes);
    picked.fitness[to] = group.fitness[from];
    picked.images.set(group.images.subarray(from * pixels, (from + 1) * pixels), to * pixels);
  });
  return picked;
}

// Places from the fittest to the least fit; equals keep their order, so that the order is always the same.
export function ranked(fitness) {
  return Array.from(fitness.keys()).sort((a, b) => fitness[b] - fitness[a] || a - b);
}

function joined(first, second) {
  const [genomes, fitness] = [new Float32Array(first.genomes.length + second.genomes.length), []];
  genomes.set(first.genomes);
  genomes.set(second.genomes, first.genomes.length);
  fitness.push(...first.fitness, ...second.fitness);
  const images = new Uint8Array(first.images.length + second.images.length);
  images.set(first.images);
  images.set(second.images, first.images.length);
  return { genomes, fitness: Float32Array.from(fitness), images };
}

// One generation. `evaluate` (genomes) gives, perhaps later, { fitness, images } of those that changed; `operators` are
// four functions as OPERATORS. Resolves to { group, passes }: the next population, and how many were judged.
export async function nextGeneration(group, settings, generation, evaluate, operators = OPERATORS) {
  const genes = group.genomes.length / group.fitness.length;
  const random = new Random(settings.seed, generation);
  const { genomes, parents, changed } = vary(group, genes, settings, random, operators);
  const children = { ...pick(group, parents), genomes };
  const some = changed.flatMap((yes, i) => (yes ? [i] : []));
  if (some.length) {
    const fresh = new Float32Array(some.length * genes);
    some.forEach((i, place) => fresh.set(genomes.subarray(i * genes, (i + 1) * genes), place * genes));
    const judged = await evaluate(fresh);
    const pixels = children.images.length / children.fitness.length;
    some.forEach((i, place) => {
      children.fitness[i] = judged.fitness[place];
      children.images.set(judged.images.subarray(place * pixels, (place + 1) * pixels), i * pixels);
    });
  }
  return { group: operators.survive(group, children), passes: some.length };
}
