// A live figure in an element: what the static page and Jupyter share. They differ in where weights come from.
import binary from "../engine/kernel.wasm";
import source from "worker-source";
import { DIVERSE } from "./diverse.js";
import { DiverseView } from "./diverse_view.js";
import { Pool } from "./pool.js";
import { RESTORING } from "./restoring.js";
import { RestoringView } from "./restoring_view.js";
import { Session } from "./session.js";
import { WANTED } from "./wanted.js";
import { WantedView } from "./wanted_view.js";
import { decode } from "./weights.js";

// What can be mounted: a task, see session.js, and its view. A task also knows where its targets and weights come from,
// and by which names Python knows its settings.
const FIGURES = {
  restoring: { task: RESTORING, View: RestoringView },
  wanted: { task: WANTED, View: WantedView },
  diverse: { task: DIVERSE, View: DiverseView },
};
const MOST_WORKERS = 3;

export const taskOf = (figure = "restoring") => FIGURES[figure].task;

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

// `figure`: a name of FIGURES, `config`: settings, `workers`, `wasm`. `fetchWeights` (name): a promise of a weights file,
// else an Error whose message is for the reader. `kernel`: the engine in Jupyter's kernel, where there is one.
export function mount(root, { figure = "restoring", ...config }, fetchWeights, kernel) {
  const { task, View } = FIGURES[figure];
  const pools = new Map();
  const wanted = workersWanted(config);
  const wasm = config.wasm === false || typeof WebAssembly === "undefined" ? null : binary;
  const poolOf = (names) => {
    const key = names.join(" ");
    if (!pools.has(key)) {
      const made = Promise.all(names.map((name) => fetchWeights(name).then(decode))).then(([weights, recogniser]) =>
        Pool.create({ weights, recogniser, binary: wasm, source, workers: wanted }),
      );
      pools.set(key, made);
      made.catch(() => pools.delete(key)); // another try may do
    }
    return pools.get(key);
  };
  const inBrowser = (settings) =>
    poolOf(task.networks(settings)).then((pool) => new task.Evolution(pool, notice(pool)), (error) => {
      throw new Error(task.absent(settings, error));
    });
  const targetOf = (settings) => (settings.target === "drawn" ? session.drawing : task.targetOf(settings));
  let view = null;
  const listeners = [];
  const changed = () => {
    view?.refresh();
    for (const tell of listeners) tell(session);
  };
  const engines = (settings) => (settings.engine === "kernel" ? kernel : inBrowser(settings));
  const session = new Session({ task, settings: config, engines, targetOf, changed });
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
