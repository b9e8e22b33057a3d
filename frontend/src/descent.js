// Gradient descent on the latent vector, as latentlib.gradient does it: Adam with a step of 0.1 from one random start.
// Plain JavaScript: one image at a time needs no speed.
import { expand, layersOf } from "./weights.js";
import { MEASURES } from "./measures.js";
import { Random } from "./random.js";

const [STEP, MOMENTUM, SCALING, EPSILON] = [0.1, 0.9, 0.999, 1e-8];

// Each deconvolution's contributions: visits (input pixel, output pixel, tap) with all three inside.
function taps(side, visit) {
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      for (let ky = 0; ky < 4; ky++)
        for (let kx = 0; kx < 4; kx++) {
          const [oy, ox] = [2 * y - 1 + ky, 2 * x - 1 + kx];
          if (oy >= 0 && ox >= 0 && oy < 2 * side && ox < 2 * side) visit(y * side + x, oy * 2 * side + ox, ky * 4 + kx);
        }
}

function linear({ weight, bias, inputs, outputs }, given) {
  const out = new Float64Array(outputs);
  for (let o = 0; o < outputs; o++) {
    let sum = bias[o];
    for (let i = 0; i < inputs; i++) sum += weight[o * inputs + i] * given[i];
    out[o] = sum > 0 ? sum : 0;
  }
  return out;
}

function linearBack({ weight, inputs, outputs }, slope, reached) {
  const back = new Float64Array(inputs);
  for (let o = 0; o < outputs; o++)
    if (reached[o] > 0 && slope[o] !== 0)
      for (let i = 0; i < inputs; i++) back[i] += weight[o * inputs + i] * slope[o];
  return back;
}

function deconvolve({ weight, bias }, given, side, channels, outputs) {
  const out = new Float64Array(4 * side * side * outputs);
  for (let i = 0; i < out.length; i++) out[i] = bias[i % outputs];
  taps(side, (from, to, tap) => {
    for (let o = 0; o < outputs; o++) {
      const w = (o * 16 + tap) * channels;
      let sum = 0;
      for (let c = 0; c < channels; c++) sum += weight[w + c] * given[from * channels + c];
      out[to * outputs + o] += sum;
    }
  });
  return out;
}

function deconvolveBack({ weight }, slope, side, channels, outputs) {
  const back = new Float64Array(side * side * channels);
  taps(side, (from, to, tap) => {
    for (let o = 0; o < outputs; o++) {
      const s = slope[to * outputs + o];
      if (s === 0) continue;
      const w = (o * 16 + tap) * channels;
      for (let c = 0; c < channels; c++) back[from * channels + c] += weight[w + c] * s;
    }
  });
  return back;
}

export class Network {
  constructor(weights) {
    this.shape = weights.shape;
    this.layers = expand(weights);
    this.sizes = layersOf(weights.shape);
  }

  // The image of one latent vector and the activations on the way.
  forward(latent) {
    const { side, first, second } = this.shape;
    const [one, two, three, four] = this.layers;
    const units = linear(one, latent);
    const small = linear(two, units);
    const large = deconvolve(three, small, side, first, second).map((v) => (v > 0 ? v : 0));
    const image = deconvolve(four, large, 2 * side, second, 1).map((v) => (Math.tanh(v) + 1) / 2);
    return { units, small, large, image };
  }

  // A slope by the image's pixels, carried back to the latent vector.
  backward({ units, small, large, image }, slope) {
    const { side, first, second } = this.shape;
    const [one, two, three, four] = this.layers;
    const byLogit = slope.map((s, i) => 2 * s * image[i] * (1 - image[i]));
    const byLarge = deconvolveBack(four, byLogit, 2 * side, second, 1).map((s, i) => (large[i] > 0 ? s : 0));
    const bySmall = deconvolveBack(three, byLarge, side, first, second);
    const byUnits = linearBack(two, bySmall, small);
    return linearBack(one, byUnits, units);
  }
}

export class Descent {
  constructor(network, target, fitness, seed) {
    const random = new Random(seed, -1);
    Object.assign(this, { network, target, judge: MEASURES[fitness].judge, steps: 0, best: { fitness: -Infinity } });
    this.latent = Float64Array.from({ length: network.shape.latent }, () => random.normal());
    this.mean = new Float64Array(this.latent.length);
    this.square = new Float64Array(this.latent.length);
  }

  // Judge the present vector, then step: { fitness, image } of the best vector so far.
  step() {
    const passed = this.network.forward(this.latent);
    const { value, slope } = this.judge(passed.image, this.target);
    const gradient = this.network.backward(passed, slope);
    this.steps += 1;
    for (let i = 0; i < gradient.length; i++) {
      const g = -gradient[i]; // Adam descends the error
      this.mean[i] = MOMENTUM * this.mean[i] + (1 - MOMENTUM) * g;
      this.square[i] = SCALING * this.square[i] + (1 - SCALING) * g * g;
      const mean = this.mean[i] / (1 - MOMENTUM ** this.steps);
      const square = this.square[i] / (1 - SCALING ** this.steps);
      this.latent[i] -= (STEP * mean) / (Math.sqrt(square) + EPSILON);
    }
    if (value > this.best.fitness) this.best = { fitness: value, image: passed.image };
    return this.best;
  }
}
