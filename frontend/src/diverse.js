// The task of the chapter on diverse sets: a set of latent vectors whose images are unlike each other (Fernandes et al.).
// A genome is a set, one latent behind the other; its fitness is minus the mean similarity of its images in pairs.
import { elites } from "./archive.js";
import { ALGORITHM1, OPERATORS, firstGenomes, joined, nextGeneration, pick, ranked } from "./genetic.js";
import { Random } from "./random.js";
import { judged } from "./variety.js";

// Genes drawn anew, each with the chance of the rate; whether any was.
function reset(genomes, child, genes, rate, random) {
  let any = false;
  for (let g = child * genes; g < (child + 1) * genes; g++)
    if (random.uniform() < rate) {
      genomes[g] = random.normal();
      any = true;
    }
  return any;
}

const GENETIC = { ...OPERATORS, mutate: reset };
const anyElite = (bins) => ({ ...GENETIC, select: ALGORITHM1.select, survive: (old, children) => elites([old, children], bins) });

// Random sets, each generation others.
function drawn(count, genes, seed, generation) {
  const random = new Random(seed, -generation);
  return Float32Array.from({ length: count * genes }, () => random.normal());
}

// One generation: as nextGeneration.
const STEPS = {
  genetic: (...given) => nextGeneration(...given, GENETIC),
  map_elites: (group, settings, ...given) => nextGeneration(group, settings, ...given, anyElite(settings.bins)),
  async random(group, { population, seed }, generation, judge) {
    const genomes = drawn(population, group.genomes.length / group.fitness.length, seed, generation);
    return { group: { genomes, ...(await judge(genomes)) }, passes: population };
  },
};

// As evolution.js; besides, `beside` holds the best set so far and that of random sampling, which begins with the same
// sets and judges as many as the search. Each has { fitness, maximum, genomes, images, odds, features }.
export class DiverseEvolution {
  constructor(pool, notice) {
    Object.assign(this, { pool, notice, best: null, rival: null });
  }

  async start(_, settings) {
    const { population, size, seed, algorithm, bins } = settings;
    const genomes = firstGenomes(population, this.pool.genes * size, seed);
    const first = { genomes, ...(await this.pool.evaluate(genomes, settings)) };
    this.best = await this.better(null, first);
    this.rival = algorithm === "random" ? null : this.best;
    const group = algorithm === "map_elites" ? elites([first], bins) : first;
    return this.told(group, population * size, population * size);
  }

  async next(group, settings, generation) {
    const rivals = [];
    const judge = (genomes) => this.judge(genomes, settings, generation, rivals);
    const { group: next, passes } = await STEPS[settings.algorithm](group, settings, generation, judge);
    this.best = await this.better(this.best, next);
    for (const drawn of rivals) this.rival = await this.better(this.rival, drawn);
    return this.told(next, passes * settings.size, (1 + rivals.length) * passes * settings.size);
  }

  // Sets judged; as many random ones with them, which join the `rivals` of the search.
  async judge(genomes, settings, generation, rivals) {
    if (settings.algorithm === "random") return this.pool.evaluate(genomes, settings);
    const genes = this.pool.genes * settings.size;
    const count = genomes.length / genes;
    const both = joined({ genomes }, { genomes: drawn(count, genes, settings.seed, generation) });
    const all = { ...both, ...(await this.pool.evaluate(both.genomes, settings)) };
    const [own, others] = [0, count].map((from) => pick(all, Array.from({ length: count }, (_, i) => from + i)));
    rivals.push(others);
    return { fitness: own.fitness, maximum: own.maximum };
  }

  told(group, passes, work) {
    return { group, passes, work, beside: { best: this.best, rival: this.rival } };
  }

  // The best of a group, if it is better than what is known.
  async better(known, group) {
    const place = ranked(group.fitness)[0];
    return known && !(group.fitness[place] > known.fitness) ? known : this.look(group, place);
  }

  // A set of a group, with its images and what the judge makes of them.
  async look({ genomes, fitness, maximum }, place) {
    const one = pick({ genomes, fitness, maximum }, [place]);
    const seen = await this.pool.evaluate(one.genomes, "odds");
    return { genomes: one.genomes, fitness: fitness[place], maximum: maximum[place], ...seen };
  }
}

function point({ beside: { best, rival }, group }) {
  const of = (one) => one && { mean: -one.fitness, ...judged(one) };
  return { best: of(best), rival: of(rival) ?? undefined, filled: group.cells?.length };
}

export const DIVERSE = {
  defaults: {
    engine: "browser",
    algorithm: "genetic",
    metric: "rmse",
    size: 25,
    bins: 100,
    population: 20,
    matingRate: 0.7,
    mutationRate: 0.02,
    seed: 0,
    generations: 100,
    judge: false,
  },
  problem: ["engine", "algorithm", "metric", "size", "bins", "seed"],
  fresh: ["population"],
  marked: ["mutationRate", "matingRate", "population"],
  key: ({ metric, size }) => `${metric} ${size}`,
  point,
  refusal: () => "",
  targetOf: () => undefined,
  Evolution: DiverseEvolution,
  networks: () => ["mnist", "judge"],
  absent: (_, error) => `Generator and judge are not both to be had: ${error.message}. Everything else on this page still works; press Run to try again.`,
  traits: {
    engine: "engine",
    algorithm: "algorithm",
    metric: "metric",
    size: "size",
    bins: "bins",
    population: "population",
    mating_rate: "matingRate",
    mutation_rate: "mutationRate",
    seed: "seed",
    generations: "generations",
    judge: "judge",
  },
  report: ({ beside: { best, rival }, group }) => ({
    best_fitness: best.fitness,
    rival_fitness: rival?.fitness ?? null,
    best_set: Array.from(best.genomes),
    filled: group.cells?.length ?? 0,
  }),
};
