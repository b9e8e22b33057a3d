// What a Web Worker does: draws and judges latents, or steps down a gradient. Answers carry the number of the question.
import { createEngine } from "./engine.js";
import { Descent, Network } from "./descent.js";

const state = {};

const answers = {
  async load({ weights, recogniser, binary }) {
    state.weights = weights;
    state.engine = await createEngine(weights, binary, recogniser);
    return { compiled: state.engine.compiled };
  },
  aim({ target }) {
    state.engine.aim(target);
    return {};
  },
  evaluate({ latents, asked }) {
    return state.engine.evaluate(latents, asked);
  },
  descend({ fitness, seed, steps, afresh, target }) {
    if (afresh) state.descent = new Descent((state.network ??= new Network(state.weights)), target, fitness, seed);
    const done = [];
    for (let i = 0; i < steps; i++) done.push(state.descent.step());
    return { fitness: done.map((step) => step.fitness), image: done.at(-1).image };
  },
};

let queue = Promise.resolve();

export async function answer({ id, ask, ...given }) {
  try {
    return { id, result: await answers[ask](given) };
  } catch (error) {
    return { id, error: String(error?.message ?? error) };
  }
}

if (typeof self !== "undefined" && typeof window === "undefined")
  self.onmessage = ({ data }) => {
    queue = queue.then(async () => self.postMessage(await answer(data))); // one question after the other
  };
