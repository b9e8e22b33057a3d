// Generator and discriminator of the ring in turn, bred or by gradient descent. A network is anything with `weights` and
// `turn` (game, settings, random), which makes it better at the game as it stands and returns the passes that took: in a
// pass one network is judged on one batch; a step of descent takes three, as the book counts them.
import { Adam, DISCRIMINATOR, GENERATOR, discriminatorGradient, discriminatorLoss, generated, generatorGradient, generatorLoss } from "./adversaries.js";
import { OPERATORS, disturb, ranked, vary } from "./genetic.js";
import { latentsOf, realPoints } from "./ring_data.js";

const BATCH = 64;
const STEP_PASSES = 3;
const MATING = 0.5; // share of the pairs that exchange weights

// A population of one network, by latentlib's genetic algorithm: tournaments of three, uniform crossover, Gaussian steps on
// a share of the weights, and the fittest copied unchanged. All are judged in every turn, the fittest too, by the same
// batch: the opponent has moved, and luck must not be kept.
export class Bred {
  constructor(network, population, random) {
    this.count = network.count;
    this.genomes = new Float32Array(population * this.count);
    for (let i = 0; i < population; i++) network.draw(random, this.at(i));
    this.weights = this.at(0).slice();
    this.fitness = null; // not judged yet
  }

  at(i) {
    return this.genomes.subarray(i * this.count, (i + 1) * this.count);
  }

  turn({ loss }, settings, random) {
    if (this.fitness) this.breed(settings, random);
    const population = this.genomes.length / this.count;
    this.fitness = Float32Array.from({ length: population }, (_, i) => -loss(this.at(i)));
    this.weights = this.at(ranked(this.fitness)[0]).slice();
    return population;
  }

  breed({ population, mutationRate, mutationStep }, random) {
    const mutate = (genomes, child, genes, rate) => disturb(genomes, child, genes, rate, random, mutationStep);
    const given = { population, matingRate: MATING, mutationRate };
    this.genomes = vary(this, this.count, given, random, { ...OPERATORS, mutate }).genomes;
    this.genomes.set(this.weights, 0);
  }
}

// One network that goes down its gradient.
export class Descended {
  constructor(weights) {
    this.weights = Float64Array.from(weights);
    this.adam = new Adam(this.weights);
  }

  turn({ gradient }) {
    this.adam.step(gradient(this.weights));
    return STEP_PASSES;
  }
}

// A turn of each; the passes they took.
export function round({ generator, discriminator }, settings, random) {
  const real = realPoints(random, BATCH);
  const fake = generated(generator.weights, latentsOf(random, BATCH));
  const telling = { loss: (weights) => discriminatorLoss(weights, real, fake), gradient: (weights) => discriminatorGradient(weights, real, fake) };
  const told = discriminator.turn(telling, settings, random);
  const latents = latentsOf(random, BATCH);
  const judge = discriminator.weights;
  const fooling = { loss: (weights) => generatorLoss(weights, judge, latents), gradient: (weights) => generatorGradient(weights, judge, latents) };
  return told + generator.turn(fooling, settings, random);
}

// Evolution of one network or of both, and descent of both from the same first weights.
export function contestants({ evolves, population }, random) {
  const bred = { generator: new Bred(GENERATOR, population, random), discriminator: new Bred(DISCRIMINATOR, population, random) };
  const weights = Object.entries(bred).map(([name, { weights }]) => [name, weights]);
  const descended = () => Object.fromEntries(weights.map(([name, first]) => [name, new Descended(first)]));
  const evolved = evolves === "both" ? bred : { ...descended(), [evolves]: bred[evolves] };
  return { evolved, rival: descended() };
}
