// Jupyter: the same figure; traits follow the controls and the controls the traits; the kernel sends the weights.
import { mount } from "./mount.js";

const TRAITS = {
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

function fetchFrom(model) {
  return (dataset) =>
    new Promise((resolve, reject) => {
      const take = (message) => {
        if (message.weights !== dataset) return;
        model.off("msg:custom", take);
        if (message.error) reject(new Error(message.error));
        else resolve(message.file);
      };
      model.on("msg:custom", take);
      model.send({ weights: dataset });
    });
}

// Everything the kernel wants to know of a run, after every generation that the loop had time to report.
function report(model, session) {
  const { settings, run } = session;
  for (const [trait, name] of Object.entries(TRAITS))
    if (settings[name] !== "drawn" && model.get(trait) !== settings[name]) model.set(trait, settings[name]);
  model.set("running", session.running);
  if (run?.curve.length) {
    const best = run.group.fitness.indexOf(Math.max(...run.group.fitness));
    const genes = session.pool.genes;
    model.set("generation", run.generation);
    model.set("passes", run.passes);
    model.set("best_fitness", run.group.fitness[best]);
    model.set("best_latent", Array.from(run.group.genomes.subarray(best * genes, (best + 1) * genes)));
  }
  model.save_changes();
}

function render({ model, el }) {
  const place = document.createElement("div");
  el.append(place);
  for (const name of ["keydown", "keyup"]) place.addEventListener(name, (event) => event.stopPropagation()); // JupyterLab's command mode takes arrow keys
  const config = Object.fromEntries(Object.entries(TRAITS).map(([trait, name]) => [name, model.get(trait)]));
  const { session, listeners, end } = mount(place, config, fetchFrom(model));
  let reported = 0;
  let planned = false;
  listeners.push(() => {
    if (planned) return;
    planned = true;
    setTimeout(() => ((planned = false), (reported = performance.now()), report(model, session)), Math.max(0, reported + 200 - performance.now()));
  });
  for (const [trait, name] of Object.entries(TRAITS)) model.on(`change:${trait}`, () => session.set(name, model.get(trait)));
  model.on("change:running", () => {
    if (model.get("running") && !session.running) session.start();
    else if (!model.get("running") && session.running) session.pause();
  });
  return end;
}

export default { render };
