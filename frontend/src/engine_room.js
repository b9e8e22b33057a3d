// The engines of a page: one pool of workers for each choice of networks, shared by all figures.
import binary from "../engine/kernel.wasm";
import source from "worker-source";
import { Pool } from "./pool.js";
import { decode } from "./weights.js";

const MOST_WORKERS = 3;

function workersWanted({ workers }) {
  if (typeof Worker === "undefined") return 0;
  return workers ?? Math.min(MOST_WORKERS, Math.max(1, navigator.hardwareConcurrency || 2));
}

// `fetchWeights` (name): a promise of a weights file, else an Error whose message is for the reader.
export class EngineRoom {
  constructor(fetchWeights) {
    Object.assign(this, { fetchWeights, pools: new Map() });
  }

  // A promise of the pool for networks, by a figure's `workers` and `wasm`.
  pool(names, config) {
    const workers = workersWanted(config);
    const compiled = config.wasm === false || typeof WebAssembly === "undefined" ? null : binary;
    const key = JSON.stringify([names, workers, Boolean(compiled)]);
    if (!this.pools.has(key)) {
      const fetched = names.map((name) => this.fetchWeights(name).then(decode));
      const made = Promise.all(fetched).then(([weights, recogniser]) => Pool.create({ weights, recogniser, binary: compiled, source, workers }));
      this.pools.set(key, made);
      made.catch(() => this.pools.delete(key)); // another try may do
    }
    return this.pools.get(key);
  }

  end() {
    for (const pool of this.pools.values()) pool.then((one) => one.end()).catch(() => {});
  }
}
