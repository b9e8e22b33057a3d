// Latents to fitness and images, in whichever kernel the browser can run.
import { JsKernel } from "./kernel_js.js";
import { WasmKernel } from "./kernel_wasm.js";
import { MEASURES } from "./measures.js";
import { buffers, expand } from "./weights.js";

// `binary`: the compiled kernel, or null for plain JavaScript. `weights`: as `decode` gives them.
export async function createEngine(weights, binary) {
  const packed = buffers(expand(weights), weights.shape);
  let kernel = null;
  if (binary)
    try {
      kernel = await WasmKernel.create(binary, weights.shape, packed);
    } catch {
      kernel = null; // no WASM, no SIMD, or no memory: slower, but the same images
    }
  return new Engine(kernel ?? new JsKernel(weights.shape, packed), kernel !== null);
}

export class Engine {
  constructor(kernel, compiled) {
    this.kernel = kernel;
    this.compiled = compiled;
    this.latent = kernel.latent;
    this.pixels = kernel.size ** 2;
  }

  // Target: pixels in [0, 1].
  aim(target) {
    this.kernel.aim(target);
  }

  // Latents (n, genes), one behind the other, to { fitness: n floats, images: n squares of bytes }.
  evaluate(latents, fitness) {
    const { kernel, latent, pixels } = this;
    const count = latents.length / latent;
    const scores = new Float32Array(count);
    const images = new Uint8Array(count * pixels);
    for (let start = 0; start < count; start += kernel.block) {
      const some = Math.min(kernel.block, count - start);
      kernel.latents.set(latents.subarray(start * latent, (start + some) * latent));
      kernel.draw(some);
      kernel.judge(some, Object.keys(MEASURES).indexOf(fitness));
      scores.set(kernel.scores.subarray(0, some), start);
      for (let i = 0; i < some * pixels; i++) images[start * pixels + i] = kernel.images[i] * 255 + 0.5;
    }
    return { fitness: scores, images };
  }
}
