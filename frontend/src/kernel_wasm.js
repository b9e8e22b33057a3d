// The compiled kernel behind the same few names as kernel_js.js.

const PLACES = { latents: 8, images: 12, target: 13, scores: 14 }; // of the buffers, as in kernel.c

export class WasmKernel {
  static async create(binary, shape, weights) {
    const { instance } = await WebAssembly.instantiate(binary, {});
    return new WasmKernel(instance.exports, shape, weights);
  }

  constructor(exports, shape, weights) {
    this.exports = exports;
    Object.assign(this, shape);
    this.size = 4 * shape.side;
    this.block = exports.setup(shape.latent, shape.hidden, shape.side, shape.first, shape.second);
    if (!this.block) throw new Error("not enough memory");
    const lengths = {
      latents: this.block * shape.latent,
      images: this.block * this.size ** 2,
      target: this.size ** 2,
      scores: this.block,
    };
    weights.forEach((values, i) => this.view(i, values.length).set(values)); // the memory has its full size by now
    for (const [name, index] of Object.entries(PLACES)) this[name] = this.view(index, lengths[name]);
  }

  view(index, length) {
    return new Float32Array(this.exports.memory.buffer, this.exports.at(index), length);
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
}
