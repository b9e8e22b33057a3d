// A live figure in an element: what the static page and Jupyter share. They differ in where weights come from.
import binary from "../engine/kernel.wasm";
import source from "worker-source";
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

// What a slower way costs, in a sentence; undefined where all is well.
function notice(pool) {
  if (!pool.compiled)
    return "This browser runs no compiled code (WebAssembly with SIMD), so evolution is done in plain JavaScript: the same images, some twenty times more slowly. A smaller population helps.";
  if (!pool.workers)
    return "This browser allows no workers, so the page itself computes: everything works, but it may answer more slowly.";
  return undefined;
}

// `fetchWeights` (dataset): a promise of a weights file, else an Error whose message is for the reader.
export function mount(root, config, fetchWeights) {
  const pools = new Map();
  const wanted = workersWanted(config);
  const wasm = config.wasm === false || typeof WebAssembly === "undefined" ? null : binary;
  const poolOf = (dataset) => {
    if (!pools.has(dataset)) {
      const made = fetchWeights(dataset)
        .then(decode)
        .then((weights) => Pool.create({ weights, binary: wasm, source, workers: wanted }));
      pools.set(dataset, made);
      made.then((pool) => (session.notice = notice(pool))).catch(() => pools.delete(dataset)); // another try may do
    }
    return pools.get(dataset);
  };
  const explain = (dataset) =>
    poolOf(dataset).catch((error) => {
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
  const session = new Session({ settings: config, pools: explain, targetOf, changed });
  root.classList.add("latent-live");
  view = new View(root, session);
  root.latentLive = session;
  const end = () => {
    session.pause();
    for (const pool of pools.values()) pool.then((one) => one.end()).catch(() => {});
  };
  return { session, listeners, end };
}
