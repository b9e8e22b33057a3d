// A live figure in an element: what the static page and Jupyter share. They differ in where weights come from.
import { BreedingView } from "./breeding_view.js";
import { BY_EYE, ByEyeSession } from "./by_eye.js";
import { ByEyeView } from "./by_eye_view.js";
import { CrossHands } from "./cross_hands.js";
import { DIVERSE } from "./diverse.js";
import { DiverseView } from "./diverse_view.js";
import { GeneHands } from "./gene_hands.js";
import { read } from "./link.js";
import { MutationHands } from "./mutation_hands.js";
import { RESTORING } from "./restoring.js";
import { RestoringView } from "./restoring_view.js";
import { seat } from "./seat.js";
import { WANTED } from "./wanted.js";
import { WantedView } from "./wanted_view.js";

// What can be mounted: a task, see session.js, and its view. A task also knows where its targets and weights come from,
// and by which names Python knows its settings. What is no run that goes on by itself has a session of its own.
const FIGURES = {
  restoring: { task: RESTORING, View: RestoringView },
  breeding: { task: RESTORING, View: BreedingView },
  wanted: { task: WANTED, View: WantedView },
  diverse: { task: DIVERSE, View: DiverseView },
  by_eye: { task: BY_EYE, View: ByEyeView, Kind: ByEyeSession },
};

// What is no run: genes in the reader's hands, see hands.js.
export const HANDS = { gene: GeneHands, cross: CrossHands, mutation: MutationHands };

export const taskOf = (figure = "restoring") => FIGURES[figure].task;

// What the page's address holds for a figure; null where that is nothing.
export const addressed = (figure, hash) => (taskOf(figure).read ?? read)(hash);

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

// `figure`: a name of FIGURES, `given`: as in seat.js, with `workers` and `wasm`. `room`: the engines. `kernel`: the one in
// Jupyter's kernel, where there is one.
export function mount(root, { figure = "restoring", workers, wasm, ...given }, room, kernel) {
  const { task } = FIGURES[figure];
  const inBrowser = (settings) =>
    room.pool(task.networks(settings), { workers, wasm }).then((pool) => new task.Evolution(pool, notice(pool)), (error) => {
      throw new Error(task.absent(settings, error));
    });
  const engines = (settings) => (settings.engine === "kernel" ? kernel : inBrowser(settings));
  const seated = seat(root, FIGURES[figure], given, engines, kernel ? ["browser", "kernel"] : ["browser"]);
  const end = () => {
    seated.end();
    kernel?.end();
    room.end();
  };
  return { ...seated, end };
}
