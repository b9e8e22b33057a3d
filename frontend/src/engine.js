// Latents to images and what they are judged by, in whichever kernel the browser can run.
import { JsKernel } from "./kernel_js.js";
import { WasmKernel } from "./kernel_wasm.js";
import { MEASURES } from "./measures.js";
import { Recogniser } from "./recogniser.js";
import { buffers, expand, inks } from "./weights.js";

const METRICS = ["rmse", "ncc"]; // of similarity, places as the kernels count them

// `binary`: the compiled kernel, or null for plain JavaScript. `weights`, and `recogniser` where one is wanted: as
// `decode` gives them.
export async function createEngine(weights, binary, recogniser) {
  const learnt = recogniser && new Recogniser(recogniser);
  const layers = expand(weights);
  const given = [weights.shape, buffers(layers, weights.shape), learnt];
  let kernel = null;
  if (binary)
    try {
      kernel = await WasmKernel.create(binary, ...given);
    } catch {
      kernel = null; // no WASM, no SIMD, or no memory: slower, but the same images
    }
  return new Engine(kernel ?? new JsKernel(...given), kernel !== null, learnt, inks(layers, weights.shape));
}

export class Engine {
  constructor(kernel, compiled, recogniser, colours) {
    Object.assign(this, { kernel, compiled, recogniser, colours });
    this.latent = kernel.latent;
    this.pixels = kernel.size ** 2;
  }

  // Target: pixels in [0, 1].
  aim(target) {
    this.kernel.aim(target);
  }

  // Latents (n, genes), one behind the other, to { images: n squares of bytes, each as many as it has colours } and, by a measure of nearness to the
  // target, { fitness: n floats }; where `asked` is "odds", { odds: n times the log-odds of each class } and what
  // features a judge has; where it is "images", these alone; where it is { metric, size }, of sets of so many latents, see
  // `compare`.
  evaluate(latents, asked) {
    if (asked.size) return this.compare(latents, asked);
    const count = latents.length / this.latent;
    const images = new Uint8Array(count * this.colours.length * this.pixels);
    if (asked === "odds") {
      const { classes, embedded } = this.recogniser;
      const found = { odds: new Float32Array(count * classes), ...(embedded && { features: new Float32Array(count * embedded) }) };
      this.draw(latents, (start, some) => this.recogniser.read(this.kernel, some, found, start), images);
      return { ...found, images };
    }
    if (asked === "images") {
      this.draw(latents, () => {}, images);
      return { images };
    }
    const scores = new Float32Array(count);
    const measure = Object.keys(MEASURES).indexOf(asked);
    const judge = (start, some) => {
      this.kernel.judge(some, measure);
      scores.set(this.kernel.scores.subarray(0, some), start);
    };
    this.draw(latents, judge, images);
    return { fitness: scores, images };
  }

  // Sets of `size` latents, one behind the other: { fitness: minus the mean similarity of the images of each, maximum: that
  // of its most similar pair }; the fitness of a set with a black image, where that is undefined, is -Infinity.
  compare(latents, { metric, size }) {
    const count = latents.length / this.latent / size;
    const [fitness, maximum] = [new Float32Array(count), new Float32Array(count)];
    const kind = METRICS.indexOf(metric);
    this.draw(latents, (start, some) => {
      for (let image = 0; image < some; image++) {
        const place = (start + image) % size;
        this.kernel.hold(image, place);
        if (place < size - 1) continue;
        this.kernel.compare(size, kind);
        const [mean, most] = this.kernel.scores;
        const set = Math.floor((start + image) / size);
        fitness[set] = Number.isNaN(mean) ? -Infinity : -mean;
        maximum[set] = most;
      }
    });
    return { fitness, maximum };
  }

  // Block by block; `look` (start, some) at what is drawn, where that is grey. `images`: bytes to keep it in, where it is
  // to be kept. A colour costs a pass of its own, as the kernel has one last layer.
  draw(latents, look, images) {
    const { kernel, latent } = this;
    const count = latents.length / latent;
    for (let start = 0; start < count; start += kernel.block) {
      const some = Math.min(kernel.block, count - start);
      kernel.latents.set(latents.subarray(start * latent, (start + some) * latent));
      this.colours.forEach((ink, colour) => {
        if (this.colours.length > 1) kernel.ink(...ink);
        kernel.draw(some);
        if (images) this.keep(images, start, some, colour);
      });
      look(start, some);
    }
  }

  // One colour of the block, as bytes: all pixels of a colour stand together, as in torch.
  keep(images, start, some, colour) {
    const { kernel, pixels, colours } = this;
    for (let image = 0; image < some; image++) {
      const to = ((start + image) * colours.length + colour) * pixels;
      for (let i = 0; i < pixels; i++) images[to + i] = kernel.images[image * pixels + i] * 255 + 0.5;
    }
  }
}
