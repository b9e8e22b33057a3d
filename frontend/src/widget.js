// Jupyter: the figures of the page; the kernel sends the weights, and evolves where the reader wants it to.
import { EngineRoom } from "./engine_room.js";
import { KernelEvolution, asking } from "./jupyter.js";
import { mount, taskOf } from "./mount.js";
import { byTrait, rendering } from "./rendering.js";

function mountAsking(place, config, model) {
  const ask = asking(model);
  const fetchWeights = (name) => ask({ ask: "weights", name }).then(({ file }) => file);
  const kernel = new KernelEvolution(ask, (settings) => byTrait(taskOf(config.figure), settings));
  return mount(place, config, new EngineRoom(fetchWeights), kernel);
}

export default { render: rendering(taskOf, mountAsking) };
