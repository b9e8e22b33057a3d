// The task of the ring: two small networks learn a circle of eight Gaussians, by evolution and, for as many passes, by
// gradient descent.
import { numbers } from "./address.js";
import { generated, score } from "./adversaries.js";
import { Random } from "./random.js";
import { coverage, latentsOf, realPoints } from "./ring_data.js";
import { contestants, round } from "./ring_evolution.js";

const SHOWN = 512; // points of each kind that are seen and counted; no network learns from them
export const REAL = realPoints(new Random(0, -1), SHOWN);
const LATENTS = latentsOf(new Random(0, -2), SHOWN);
const ROUND_PASSES = 6; // of two steps of descent
const OWN = -3; // stream of the descent's random numbers

// What there is to see of two networks.
function seen({ generator, discriminator }) {
  const points = generated(generator.weights, LATENTS);
  return {
    points,
    discriminator: discriminator.weights.slice(),
    ...coverage(points),
    realScore: score(discriminator.weights, REAL),
    fakeScore: score(discriminator.weights, points),
  };
}

const breath = () => new Promise((resolve) => setTimeout(resolve)); // the page's, between two generations

// As a session asks an engine, see evolution.js; everything is computed in the page, as it takes but milliseconds.
export class RingEvolution {
  async start(_, settings) {
    Object.assign(this, contestants(settings, new Random(settings.seed)));
    this.random = new Random(settings.seed, OWN);
    this.passes = this.spent = 0; // evolution's and the descent's
    return this.shown(0);
  }

  async next(_, settings, generation) {
    await breath();
    const passes = round(this.evolved, settings, new Random(settings.seed, generation));
    this.passes += passes;
    while (this.spent + ROUND_PASSES <= this.passes) this.spent += round(this.rival, settings, this.random);
    return this.shown(passes);
  }

  shown(passes) {
    return { group: seen(this.evolved), beside: { ...seen(this.rival), passes: this.spent }, passes, work: 0 };
  }
}

const told = ({ modes, near, realScore, fakeScore }) => ({ modes, near, realScore, fakeScore });

const RANGES = {
  population: { low: 4, high: 200, even: true },
  mutationRate: { low: 0, high: 1 },
  mutationStep: { low: 0, high: 1 },
  seed: { low: 0, high: 2 ** 32 - 1, whole: true },
  generations: { low: 1, high: 100_000, whole: true },
};
const EVOLVES = ["both", "generator", "discriminator"];
const MARK = "#ring&";

// What stands behind the page's address, and the settings of one; null where it has none.
export const written = (settings) =>
  MARK + new URLSearchParams(["evolves", ...Object.keys(RANGES)].map((name) => [name, settings[name]])).toString();

export function read(hash) {
  if (!hash.startsWith(MARK)) return null;
  const given = new URLSearchParams(hash.slice(MARK.length));
  const found = numbers(given, RANGES);
  if (EVOLVES.includes(given.get("evolves"))) found.evolves = given.get("evolves");
  return found;
}

export const RING = {
  defaults: { evolves: "both", population: 20, mutationRate: 0.1, mutationStep: 0.1, seed: 0, generations: 300 },
  problem: ["evolves", "seed"],
  fresh: ["population"],
  marked: ["mutationRate", "mutationStep", "population"],
  key: () => "", // one ring: all runs compare
  point: ({ group, beside }) => ({ ...told(group), rival: { passes: beside.passes, ...told(beside) } }),
  refusal: () => "",
  targetOf: () => undefined,
  traits: {
    evolves: "evolves",
    population: "population",
    mutation_rate: "mutationRate",
    mutation_step: "mutationStep",
    seed: "seed",
    generations: "generations",
  },
  report: ({ group, beside }) => ({
    modes: group.modes,
    real_score: group.realScore,
    fake_score: group.fakeScore,
    rival_modes: beside.modes,
    rival_real_score: beside.realScore,
    rival_fake_score: beside.fakeScore,
  }),
};
