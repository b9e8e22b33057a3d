// Jupyter: the same figure; traits follow the controls and the controls the traits; the kernel sends the weights, and
// evolves where the reader wants it to.
import { KernelEvolution, asking } from "./jupyter.js";
import { mount } from "./mount.js";

const TRAITS = {
  engine: "engine",
  dataset: "dataset",
  target: "target",
  fitness: "fitness",
  population: "population",
  mating_rate: "matingRate",
  mutation_rate: "mutationRate",
  seed: "seed",
  generations: "generations",
  descent: "descent",
};
const REPORT = 200; // least milliseconds between two reports to the kernel

const byTrait = (settings) => Object.fromEntries(Object.entries(TRAITS).map(([trait, name]) => [trait, settings[name]]));

// Everything the kernel wants to know of a run, after every generation that the loop had time to report.
function report(model, session) {
  const { settings, run } = session;
  for (const [trait, value] of Object.entries(byTrait(settings)))
    if (value !== "drawn" && model.get(trait) !== value) model.set(trait, value);
  model.set("running", session.running);
  if (run?.curve.length) {
    const { genomes, fitness } = run.group;
    const best = fitness.indexOf(Math.max(...fitness));
    const genes = genomes.length / fitness.length;
    model.set("generation", run.generation);
    model.set("passes", run.passes);
    model.set("best_fitness", fitness[best]);
    model.set("best_latent", Array.from(genomes.subarray(best * genes, (best + 1) * genes)));
  }
  model.save_changes();
}

function render({ model, el }) {
  const place = document.createElement("div");
  el.append(place);
  for (const name of ["keydown", "keyup"]) place.addEventListener(name, (event) => event.stopPropagation()); // JupyterLab's command mode takes arrow keys
  const config = Object.fromEntries(Object.entries(TRAITS).map(([trait, name]) => [name, model.get(trait)]));
  const ask = asking(model);
  const fetchWeights = (dataset) => ask({ ask: "weights", dataset }).then(({ file }) => file);
  const { session, listeners, end } = mount(place, config, fetchWeights, new KernelEvolution(ask, byTrait));
  let reported = 0;
  let planned = false;
  listeners.push(() => {
    if (planned) return;
    planned = true;
    setTimeout(() => ((planned = false), (reported = performance.now()), report(model, session)), Math.max(0, reported + REPORT - performance.now()));
  });
  for (const [trait, name] of Object.entries(TRAITS)) model.on(`change:${trait}`, () => session.set(name, model.get(trait)));
  model.on("change:running", () => {
    if (model.get("running") && !session.running) session.start();
    else if (!model.get("running") && session.running) session.pause();
  });
  return end;
}

export default { render };
