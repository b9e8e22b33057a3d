// Chapter one's task: the latent vector whose image is nearest to a target.
import { Evolution } from "./evolution.js";
import { pick, ranked } from "./genetic.js";
import { MEASURES } from "./measures.js";
import { blank } from "./pictures.js";
import { DATASETS, targetsOf } from "./targets.js";

const BLANK = "The drawing is blank. Draw something in the black square, or choose one of the images.";

// Kept of a run for a film: generations, and images of each.
const FRAMES = 400;
const SHOWN = 40;

const floats = {};

function targetOf({ dataset, target }) {
  const key = `${dataset} ${target}`;
  return (floats[key] ??= Float32Array.from(targetsOf(dataset).images[target], (byte) => byte / 255));
}

// Errors of the best image. The measure in use comes from the engine, the other one from the shown bytes.
function point(run) {
  const best = ranked(run.group.fitness)[0];
  const pixels = run.target.length;
  run.film ??= [];
  if (run.film.length < FRAMES) run.film.push(pick({ fitness: run.group.fitness, images: run.group.images }, ranked(run.group.fitness).slice(0, SHOWN)).images);
  run.best = run.group.images.slice(best * pixels, (best + 1) * pixels);
  const image = Float32Array.from(run.best, (byte) => byte / 255);
  const error = Object.fromEntries(
    Object.entries(MEASURES).map(([name, { judge }]) => [name, 1 - judge(image, run.target).value]),
  );
  error[run.used.fitness] = 1 - run.group.fitness[best];
  return { error };
}

// What Python learns of a run.
function report({ group: { genomes, fitness } }) {
  const best = ranked(fitness)[0];
  const genes = genomes.length / fitness.length;
  return { best_fitness: fitness[best], best_latent: Array.from(genomes.subarray(best * genes, (best + 1) * genes)) };
}

function absent({ dataset }, error) {
  const other = DATASETS.filter((name) => name !== dataset).map((name) => targetsOf(name).title);
  return `The generator for ${targetsOf(dataset).title} is not to be had: ${error.message}. ${other.join(", ")} and everything else on this page still work; press Run to try again.`;
}

export const RESTORING = {
  defaults: {
    engine: "browser",
    dataset: "mnist",
    target: 0,
    fitness: "mse",
    population: 200,
    matingRate: 0.3,
    mutationRate: 0.3,
    seed: 0,
    generations: 200,
    descent: false,
  },
  problem: ["engine", "dataset", "target", "seed"],
  fresh: ["population", "fitness"],
  marked: ["mutationRate", "matingRate", "population", "fitness"],
  key: ({ dataset, target }) => `${dataset} ${target}`,
  point,
  refusal: ({ target }, drawing) => (target === "drawn" && (!drawing || blank(drawing)) ? BLANK : ""),
  targetOf,
  Evolution,
  networks: ({ dataset }) => [dataset],
  absent,
  traits: {
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
  },
  report,
};
