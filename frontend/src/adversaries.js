// Generator and discriminator of the ring: their losses, and a step of Adam. Losses are Kumar's (2024, equation 4.1):
// binary cross-entropy, real points labelled 1 and generated ones 0; for the generator its own labelled 1.
import { Perceptron } from "./perceptron.js";

export const GENERATOR = new Perceptron(2, 16, 16, 2);
export const DISCRIMINATOR = new Perceptron(2, 16, 16, 1);
const RATE = 0.005; // of learning
const [BETA1, BETA2, TINY] = [0.5, 0.999, 1e-8];

export const generated = (generator, latents) => GENERATOR.forward(generator, latents).at(-1);

// The discriminator's logits; above 0 it takes a point for real.
export const logits = (discriminator, points) => DISCRIMINATOR.forward(discriminator, points).at(-1);

export const sigmoid = (logit) => 1 / (1 + Math.exp(-logit));

const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

// Mean cross-entropy of logits whose label is 1 or 0.
const crossEntropy = (values, label) => values.reduce((sum, x) => sum + softplus(label ? -x : x), 0) / values.length;

const slopesOf = (values, label) => values.map((x) => (sigmoid(x) - label) / values.length);

export const meanOf = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

export const score = (discriminator, points) => meanOf(logits(discriminator, points).map(sigmoid));

export const generatorLoss = (generator, discriminator, latents) => crossEntropy(logits(discriminator, generated(generator, latents)), 1);

export const discriminatorLoss = (discriminator, real, fake) => crossEntropy(logits(discriminator, real), 1) + crossEntropy(logits(discriminator, fake), 0);

export function generatorGradient(generator, discriminator, latents) {
  const passed = GENERATOR.forward(generator, latents);
  const judged = DISCRIMINATOR.forward(discriminator, passed.at(-1));
  const { slope } = DISCRIMINATOR.backward(discriminator, judged, slopesOf(judged.at(-1), 1));
  return GENERATOR.backward(generator, passed, slope).gradient;
}

export function discriminatorGradient(discriminator, real, fake) {
  const parts = [real, fake].map((points, i) => {
    const passed = DISCRIMINATOR.forward(discriminator, points);
    return DISCRIMINATOR.backward(discriminator, passed, slopesOf(passed.at(-1), 1 - i)).gradient;
  });
  return parts[0].map((value, i) => value + parts[1][i]);
}

// Kingma & Ba 2015, algorithm 1; changes the weights it is given.
export class Adam {
  constructor(weights) {
    Object.assign(this, { weights, steps: 0, mean: new Float64Array(weights.length), square: new Float64Array(weights.length) });
  }

  step(gradient) {
    const { weights, mean, square } = this;
    this.steps += 1;
    const [first, second] = [1 - BETA1 ** this.steps, 1 - BETA2 ** this.steps];
    for (let i = 0; i < weights.length; i++) {
      mean[i] += (1 - BETA1) * (gradient[i] - mean[i]);
      square[i] += (1 - BETA2) * (gradient[i] ** 2 - square[i]);
      weights[i] -= (RATE * (mean[i] / first)) / (Math.sqrt(square[i] / second) + TINY);
    }
  }
}
