// Workers that share the judging of a population; where a browser allows none, the page does it between two frames.
import { createEngine } from "./engine.js";
import { Descent, Network } from "./descent.js";
import { joined } from "./genetic.js";

const IN_PAGE = 16; // latents between two breaths of the page

class Remote {
  constructor(url) {
    this.worker = new Worker(url);
    this.waiting = new Map();
    this.count = 0;
    this.worker.onmessage = ({ data }) => {
      const { resolve, reject } = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if (data.error === undefined) resolve(data.result);
      else reject(new Error(data.error));
    };
    this.worker.onerror = (event) => {
      event.preventDefault();
      for (const { reject } of this.waiting.values()) reject(new Error("a worker could not start"));
      this.waiting.clear();
    };
  }

  ask(ask, given = {}) {
    const id = this.count++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, ask, ...given });
    });
  }

  end() {
    this.worker.terminate();
  }
}

export class Pool {
  // `source`: text of the worker; `binary`: the compiled kernel; `workers`: how many, 0 for none; `recogniser`: its
  // weights, where one is wanted.
  static async create({ weights, recogniser, binary, source, workers }) {
    const pool = new Pool(weights);
    const url = workers > 0 && URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    try {
      pool.remotes = Array.from({ length: workers }, () => new Remote(url));
      const loaded = await Promise.all(pool.remotes.map((remote) => remote.ask("load", { weights, recogniser, binary })));
      pool.compiled = loaded.every((one) => one.compiled);
    } catch {
      pool.end();
    } finally {
      if (url) URL.revokeObjectURL(url);
    }
    if (!pool.remotes.length) {
      pool.engine = await createEngine(weights, binary, recogniser);
      pool.compiled = pool.engine.compiled;
    }
    return pool;
  }

  constructor(weights) {
    this.weights = weights;
    this.genes = weights.shape.latent;
    this.remotes = [];
    this.engine = null;
  }

  get workers() {
    return this.remotes.length;
  }

  // Whoever judges next, by this target: figures share a pool, each with a target of its own.
  aim(judge, target) {
    if (!target || judge.target === target) return;
    judge.target = target;
    if (judge.ask) judge.ask("aim", { target }).catch(() => {}); // the question behind it fails, too
    else judge.aim(target);
  }

  // As the engine's, by nearness to `target` where there is one; sets of latents stay together.
  async evaluate(latents, asked, target) {
    const genes = this.genes * (asked.size ?? 1);
    const size = this.remotes.length
      ? genes * Math.ceil(latents.length / genes / this.remotes.length)
      : genes * Math.max(1, Math.floor((IN_PAGE * this.genes) / genes));
    const parts = [];
    for (let start = 0, i = 0; start < latents.length; start += size, i++) {
      const part = latents.slice(start, start + size);
      parts.push(await this.part(part, asked, i, target));
    }
    return joined(...(await Promise.all(parts.map(({ pending }) => pending))));
  }

  // Wrapped, so that awaiting the part does not await its result.
  async part(latents, asked, i, target) {
    if (this.remotes.length) {
      this.aim(this.remotes[i], target);
      return { pending: this.remotes[i].ask("evaluate", { latents, asked }) };
    }
    await new Promise((resolve) => setTimeout(resolve));
    this.aim(this.engine, target);
    return { pending: this.engine.evaluate(latents, asked) };
  }

  // The next `steps` of gradient descent: { fitness of each, image of the last }.
  async descend(given) {
    if (this.remotes.length) return this.remotes.at(-1).ask("descend", given);
    await new Promise((resolve) => setTimeout(resolve));
    const { afresh, fitness, seed, steps, target } = given;
    if (afresh) this.descent = new Descent((this.network ??= new Network(this.weights)), target, fitness, seed);
    const done = Array.from({ length: steps }, () => this.descent.step());
    return { fitness: done.map((step) => step.fitness), image: done.at(-1).image };
  }

  end() {
    for (const remote of this.remotes) remote.end();
    this.remotes = [];
  }
}
