// The task of GAGAN's chapter: a pool of latent vectors whose images a recogniser takes for what is wanted.
import { ALGORITHM1, firstGenomes, nextGeneration, vary } from "./genetic.js";
import { Random } from "./random.js";
import { alternatives, likeliest, met, recognition, refusal } from "./wishes.js";

const ENOUGH = 0.98; // of the pool; there Algorithm 1 stops

const breeding = (settings) => ({ ...settings, matingRate: 1 });

// As evolution.js. An image's log-odds are kept, so that another wish costs no second pass.
export class WantedEvolution {
  constructor(pool, notice) {
    Object.assign(this, { pool, notice });
  }

  async judge(genomes, { wish }) {
    const { odds, images } = await this.pool.evaluate(genomes, "odds");
    return { fitness: recognition(wish, odds), images, odds };
  }

  async start(_, settings) {
    const genomes = firstGenomes(settings.population, this.pool.genes, settings.seed);
    return { group: { genomes, ...(await this.judge(genomes, settings)) }, passes: settings.population };
  }

  next(group, settings, generation) {
    const known = { ...group, fitness: recognition(settings.wish, group.odds) };
    return nextGeneration(known, breeding(settings), generation, (genomes) => this.judge(genomes, settings), ALGORITHM1);
  }

  // `count` children of the group, which are not selected; `draw` counts from 1, each time others.
  async sample(group, settings, count, draw) {
    const given = { ...breeding(settings), population: count };
    const { genomes } = vary(group, this.pool.genes, given, new Random(settings.seed, -draw), ALGORITHM1);
    return { genomes, ...(await this.judge(genomes, settings)) };
  }
}

export const share = (hits) => hits.filter(Boolean).length / hits.length;

// Shares of the pool: wanted, and each digit of an OR.
function point({ group: { odds }, used: { wish } }) {
  const shown = likeliest(odds);
  const parts = alternatives(wish).map((digit) => [digit, share(shown.map((one) => one === digit))]);
  return { share: share(met(wish, odds)), parts: Object.fromEntries(parts) };
}

export const WANTED = {
  defaults: { engine: "browser", wish: "Digit(3)", population: 200, mutationRate: 0.2, seed: 0, generations: 50 },
  problem: ["engine", "seed"],
  fresh: ["population", "wish"],
  marked: ["wish", "mutationRate", "population"],
  key: () => "",
  point,
  enough: ({ curve }) => curve.at(-1).share >= ENOUGH && !(curve.at(-2)?.share >= ENOUGH),
  refusal: ({ wish }) => refusal(wish),
  targetOf: () => undefined,
  Evolution: WantedEvolution,
  networks: () => ["mnist", "recogniser"],
  absent: (_, error) => `Generator and recogniser are not both to be had: ${error.message}. Everything else on this page still works; press Run to try again.`,
  traits: {
    engine: "engine",
    wish: "wish",
    pool: "population",
    mutation_rate: "mutationRate",
    seed: "seed",
    generations: "generations",
  },
  report: ({ curve }) => ({ share: curve.at(-1).share }),
};
