// The engine at work for tests/live/test_engine.py: a question as JSON on standard input, the answer on standard output.
import { readFileSync } from "node:fs";
import { createEngine } from "../src/engine.js";
import { Network } from "../src/descent.js";
import { firstGenomes, nextGeneration } from "../src/genetic.js";
import { MEASURES } from "../src/measures.js";
import { DiverseEvolution } from "../src/diverse.js";
import { judged } from "../src/variety.js";
import { WANTED, WantedEvolution } from "../src/wanted.js";
import { binary, targets, weights } from "./shipped.js";

const asked = JSON.parse(readFileSync(0, "utf8"));
const shipped = weights(asked.dataset);
const target = asked.target === undefined ? null : targets(asked.dataset)[asked.target];

async function images() {
  const engine = await createEngine(shipped, binary);
  const drawn = [];
  for (const latent of asked.latents) {
    engine.kernel.latents.set(latent);
    engine.kernel.draw(1);
    drawn.push(Array.from(engine.kernel.images.subarray(0, engine.pixels)));
  }
  engine.aim(target);
  const all = Float32Array.from(asked.latents.flat());
  const [mse, ssim] = ["mse", "ssim"].map((fitness) => Array.from(engine.evaluate(all, fitness).fitness));
  return { images: drawn, mse, ssim };
}

function gradients() {
  const network = new Network(shipped);
  return asked.latents.map((latent) => {
    const passed = network.forward(latent);
    const { value, slope } = MEASURES[asked.fitness].judge(passed.image, target);
    return { value, gradient: Array.from(network.backward(passed, slope)) };
  });
}

async function evolved(seed) {
  const engine = await createEngine(shipped, binary);
  engine.aim(target);
  const evaluate = (latents) => engine.evaluate(latents, "mse");
  const genomes = firstGenomes(asked.population, engine.latent, seed);
  let group = { genomes, ...evaluate(genomes) };
  let passes = asked.population;
  for (let generation = 1; generation <= asked.generations; generation++) {
    const next = await nextGeneration(group, { ...asked, seed }, generation, evaluate);
    group = next.group;
    passes += next.passes;
  }
  return { best: Math.max(...group.fitness), passes };
}

async function runs() {
  const done = [];
  for (let seed = 0; seed < asked.seeds; seed++) done.push(await evolved(seed));
  return done;
}

// What is shown, and what a network that names it says, where there is one.
async function seen() {
  const engine = await createEngine(shipped, binary, asked.narrator && weights(asked.narrator));
  const { images, odds } = engine.evaluate(Float32Array.from(asked.latents.flat()), asked.narrator ? "odds" : "images");
  return { images: Array.from(images), odds: odds && Array.from(odds) };
}

const recognising = () => createEngine(shipped, binary, weights("recogniser"));

async function odds() {
  const engine = await recognising();
  return Array.from(engine.evaluate(Float32Array.from(asked.latents.flat()), "odds").odds);
}

// Pools evolved until enough of them is wanted: the share of each generation.
async function pools() {
  const engine = await recognising();
  const evolution = new WantedEvolution({ genes: engine.latent, evaluate: (...given) => engine.evaluate(...given) }, "");
  const done = [];
  for (let seed = 0; seed < asked.seeds; seed++) {
    const run = { used: { ...asked, seed }, curve: [], ...(await evolution.start(null, { ...asked, seed })) };
    for (;;) {
      run.curve.push(WANTED.point(run));
      if (WANTED.enough(run) || run.curve.length > asked.generations) break;
      Object.assign(run, await evolution.next(run.group, run.used, run.curve.length));
    }
    done.push(run.curve.map(({ share }) => share));
  }
  return done;
}

const judging = () => createEngine(shipped, binary, weights("judge"));

// Sets of latents one behind the other: similarities of the pairs of each, row by row, and what else is said of it.
async function sets() {
  const engine = await judging();
  const { metric, size } = asked;
  return asked.latents.map((latents) => {
    const given = Float32Array.from(latents.flat());
    const { fitness, maximum } = engine.evaluate(given, { metric, size });
    const seen = engine.evaluate(given, "odds");
    return { alike: Array.from(engine.kernel.alike.subarray(0, size ** 2)), fitness: fitness[0], maximum: maximum[0], odds: Array.from(seen.odds), features: Array.from(seen.features), ...judged(seen) };
  });
}

// Runs of a search for a diverse set: fitness of the best and of random sampling's, sets judged, cells filled.
async function diverse() {
  const engine = await judging();
  const pool = { genes: engine.latent, evaluate: async (...given) => engine.evaluate(...given) };
  const done = [];
  for (let seed = 0; seed < asked.seeds; seed++) {
    const evolution = new DiverseEvolution(pool, "");
    let { group, passes, beside } = await evolution.start(null, { ...asked, seed });
    let spent = passes;
    for (let generation = 1; generation <= asked.generations; generation++) {
      ({ group, passes, beside } = await evolution.next(group, { ...asked, seed }, generation));
      spent += passes;
    }
    done.push({ best: beside.best.fitness, rival: beside.rival?.fitness, sets: spent / asked.size, filled: group.cells?.length });
  }
  return done;
}

console.log(JSON.stringify(await { images, gradients, runs, seen, odds, pools, sets, diverse }[asked.what]()));
