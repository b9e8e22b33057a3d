// Latents to images and what they are judged by, in whichever kernel the browser can run.
import { JsKernel } from "./kernel_js.js";
import { WasmKernel } from "./kernel_wasm.js";
import { MEASURES } from "./measures.js";
import { Recogniser } from "./recogniser.js";
import { buffers, expand } from "./weights.js";

// `binary`: the compiled kernel, or null for plain JavaScript. `weights`, and `recogniser` where one is wanted: as
// `decode` gives them.
export async function createEngine(weights, binary, recogniser) {
  const learnt = recogniser && new Recogniser(recogniser);
  const given = [weights.shape, buffers(expand(weights), weights.shape), learnt];
  let kernel = null;
  if (binary)
    try {
      kernel = await WasmKernel.create(binary, ...given);
    } catch {
      kernel = null; // no WASM, no SIMD, or no memory: slower, but the same images
    }
  return new Engine(kernel ?? new JsKernel(...given), kernel !== null, learnt);
}

export class Engine {
  constructor(kernel, compiled, recogniser) {
    Object.assign(this, { kernel, compiled, recogniser });
    this.latent = kernel.latent;
    this.pixels = kernel.size ** 2;
  }

  // Target: pixels in [0, 1].
  aim(target) {
    this.kernel.aim(target);
  }

  // Latents (n, genes), one behind the other, to { images: n squares of bytes } and, by a measure of nearness to the
  // target, { fitness: n floats }; or, where `fitness` is "odds", { odds: n times the log-odds of each class }.
  evaluate(latents, fitness) {
    const count = latents.length / this.latent;
    const images = new Uint8Array(count * this.pixels);
    if (fitness === "odds") {
      const odds = new Float32Array(count * this.recogniser.classes);
      this.draw(latents, images, (start, some) => this.recogniser.read(this.kernel, some, odds, start));
      return { odds, images };
    }
    const scores = new Float32Array(count);
    const measure = Object.keys(MEASURES).indexOf(fitness);
    this.draw(latents, images, (start, some) => {
      this.kernel.judge(some, measure);
      scores.set(this.kernel.scores.subarray(0, some), start);
    });
    return { fitness: scores, images };
  }

  // Block by block; `look` (start, some) at what is drawn.
  draw(latents, images, look) {
    const { kernel, latent, pixels } = this;
    const count = images.length / pixels;
    for (let start = 0; start < count; start += kernel.block) {
      const some = Math.min(kernel.block, count - start);
      kernel.latents.set(latents.subarray(start * latent, (start + some) * latent));
      kernel.draw(some);
      look(start, some);
      for (let i = 0; i < some * pixels; i++) images[start * pixels + i] = kernel.images[i] * 255 + 0.5;
    }
  }
}
