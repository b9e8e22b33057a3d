// The compiled kernel behind the same few names as kernel_js.js.
import { MAX_SET, featuresOf } from "./weights.js";

const PLACES = { latents: 8, images: 12, target: 13, scores: 14, alike: 16, features: 26 }; // of the buffers, as in kernel.c
const INK = 6; // the weights of the last layer, its bias behind them
const FILTERS = 17; // the first of a recogniser's

export class WasmKernel {
  static async create(binary, ...given) {
    const { instance } = await WebAssembly.instantiate(binary, {});
    return new WasmKernel(instance.exports, ...given);
  }

  // `recogniser`: { channels, filters }, where there is one.
  constructor(exports, shape, weights, recogniser) {
    this.exports = exports;
    Object.assign(this, shape);
    this.size = 4 * shape.side;
    this.block = exports.setup(shape.latent, shape.hidden, shape.side, shape.first, shape.second);
    if (!this.block || (recogniser && !exports.learn(...recogniser.channels))) throw new Error("not enough memory");
    const lengths = {
      latents: this.block * shape.latent,
      images: this.block * this.size ** 2,
      target: this.size ** 2,
      scores: this.block,
      alike: MAX_SET ** 2,
      features: recogniser ? this.block * featuresOf(this.size, recogniser.channels) : 0,
    };
    const fill = (from) => (values, i) => this.view(from + i, values.length).set(values);
    weights.forEach(fill(0)); // the memory has its full size by now
    recogniser?.filters.forEach(fill(FILTERS));
    for (const [name, index] of Object.entries(PLACES)) this[name] = this.view(index, lengths[name]);
  }

  view(index, length) {
    return new Float32Array(this.exports.memory.buffer, this.exports.at(index), length);
  }

  // The last layer, of another colour.
  ink(weight, bias) {
    [weight, bias].forEach((values, i) => this.view(INK + i, values.length).set(values));
  }

  aim(target) {
    this.target.set(target);
    this.exports.aim();
  }

  draw(count) {
    this.exports.draw(count);
  }

  judge(count, fitness) {
    this.exports.judge(count, fitness);
  }

  hold(image, place) {
    this.exports.hold(image, place);
  }

  compare(count, kind) {
    this.exports.compare(count, kind);
  }

  recognise(count) {
    this.exports.recognise(count);
  }
}
