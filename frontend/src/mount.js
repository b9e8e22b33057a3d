// A live figure in an element: what the static page and Jupyter share. They differ in where weights come from.
import binary from "../engine/kernel.wasm";
import source from "worker-source";
import { Evolution } from "./evolution.js";
import { Pool } from "./pool.js";
import { Session } from "./session.js";
import { DATASETS, targetsOf } from "./targets.js";
import { decode } from "./weights.js";
import { View } from "./view.js";

const MOST_WORKERS = 3;

function workersWanted(config) {
  if (typeof Worker === "undefined") return 0;
  return config.workers ?? Math.min(MOST_WORKERS, Math.max(1, navigator.hardwareConcurrency || 2));
}

function stores() {
  try {
    return Boolean(window.localStorage);
  } catch {
    return false;
  }
}

// What this browser lacks and what that costs, in sentences; "" where all is well.
function notice(pool) {
  const sentences = [];
  if (!pool.compiled)
    sentences.push("This browser runs no compiled code (WebAssembly with SIMD), so evolution is done in plain JavaScript: the same images, some twenty times more slowly. A smaller population helps.");
  if (!pool.workers)
    sentences.push("This browser allows no workers, so the page itself computes: everything works, but it may answer more slowly.");
  if (!stores())
    sentences.push("This browser lets pages store nothing: evolution needs no storage and works in full, but your choice of light or dark is forgotten with the page.");
  return sentences.join(" ");
}

// `fetchWeights` (dataset): a promise of a weights file, else an Error whose message is for the reader.
// `kernel`: the engine in Jupyter's kernel, where there is one.
export function mount(root, config, fetchWeights, kernel) {
  const pools = new Map();
  const wanted = workersWanted(config);
  const wasm = config.wasm === false || typeof WebAssembly === "undefined" ? null : binary;
  const poolOf = (dataset) => {
    if (!pools.has(dataset)) {
      const made = fetchWeights(dataset)
        .then(decode)
        .then((weights) => Pool.create({ weights, binary: wasm, source, workers: wanted }));
      pools.set(dataset, made);
      made.catch(() => pools.delete(dataset)); // another try may do
    }
    return pools.get(dataset);
  };
  const inBrowser = (dataset) =>
    poolOf(dataset).then((pool) => new Evolution(pool, notice(pool)), (error) => {
      const other = DATASETS.filter((name) => name !== dataset).map((name) => targetsOf(name).title);
      throw new Error(`The generator for ${targetsOf(dataset).title} is not to be had: ${error.message}. ${other.join(", ")} and everything else on this page still work; press Run to try again.`);
    });
  const targetOf = ({ dataset, target }) => {
    if (target === "drawn") return session.drawing;
    const key = `${dataset} ${target}`;
    return (floats[key] ??= Float32Array.from(targetsOf(dataset).images[target], (byte) => byte / 255));
  };
  const floats = {};
  let view = null;
  const listeners = [];
  const changed = () => {
    view?.refresh();
    for (const tell of listeners) tell(session);
  };
  const engines = ({ engine, dataset }) => (engine === "kernel" ? kernel : inBrowser(dataset));
  const session = new Session({ settings: config, engines, targetOf, changed });
  root.classList.add("latent-live");
  view = new View(root, session, kernel ? ["browser", "kernel"] : ["browser"]);
  root.latentLive = session;
  const end = () => {
    session.pause();
    kernel?.end();
    for (const pool of pools.values()) pool.then((one) => one.end()).catch(() => {});
  };
  return { session, listeners, end };
}
