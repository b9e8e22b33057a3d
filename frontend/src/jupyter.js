// The kernel's side of the figure in Jupyter. The figure asks, the kernel answers; a question a generation, so that
// between two of them the kernel hears everyone else. See latentlib/widgets/live/kernel.py.
const PATIENCE = 60; // seconds; after them the kernel is taken for busy or gone

let count = 0; // of questions, so that each finds its answer
const page = Math.random().toString(36).slice(2); // two pages may show the same figure

// A function (question, buffers) that resolves to the answer's content, its buffers under `parts`.
export function asking(model, patience = PATIENCE) {
  return (question, buffers = []) =>
    new Promise((resolve, reject) => {
      const id = `${page} ${count++}`;
      const end = (act, value) => {
        clearTimeout(timer);
        model.off("msg:custom", take);
        act(value);
      };
      const take = (content, parts) => {
        if (content.id !== id) return;
        if (content.error) end(reject, new Error(content.error));
        else end(resolve, { ...content, parts });
      };
      const silence = `the kernel has not answered for ${patience} seconds, so it is busy with something else, or gone`;
      const timer = setTimeout(() => end(reject, new Error(silence)), 1000 * patience);
      model.on("msg:custom", take);
      model.send({ id, ...question }, undefined, buffers);
    });
}

const bytesOf = ({ buffer, byteOffset, byteLength }) => buffer.slice(byteOffset, byteOffset + byteLength);
const floatsOf = (part) => new Float32Array(bytesOf(part));

// What a population's buffers hold, in the order of latentlib/widgets/live/kernel.py; log-odds where a recogniser judged.
function groupOf([fitness, images, genomes, odds]) {
  const group = { fitness: floatsOf(fitness), images: new Uint8Array(bytesOf(images)), genomes: floatsOf(genomes) };
  return odds ? { ...group, odds: floatsOf(odds) } : group;
}

const KINDS = { images: Uint8Array, cells: Int32Array };

// Buffers with names, such as "fitness" of the group and "best fitness" of what is beside it.
function namedParts(names, parts) {
  const found = { group: {}, beside: { best: null, rival: null } };
  names.forEach((name, i) => {
    const [what, who] = name.split(" ").reverse();
    const values = new (KINDS[what] ?? Float32Array)(bytesOf(parts[i]));
    if (who) (found.beside[who] ??= {})[what] = what === "fitness" ? values[0] : values;
    else found.group[what] = values;
  });
  return found;
}

// Evolution by latentlib and torch in the kernel; the same questions as of evolution.js, wanted.js and
// diverse.js.
export class KernelEvolution {
  // `ask` as `asking` gives it; `named` (settings): by the names that Python uses.
  constructor(ask, named) {
    const view = `${page} ${count++}`;
    const explain = (error) => {
      throw new Error(`The kernel's evolution has stopped: ${error.message}. Press Run to begin again, or let the browser compute.`);
    };
    this.ask = (question, buffers) => ask({ view, ...question }, buffers).catch(explain);
    this.named = named;
    this.notice = "";
  }

  async population(question, buffers) {
    const { passes, work, names, parts } = await this.ask(question, buffers);
    return { passes, work, ...(names ? namedParts(names, parts) : { group: groupOf(parts) }) };
  }

  start(target, settings) {
    return this.population({ ask: "start", settings: this.named(settings) }, target ? [Float32Array.from(target).buffer] : []);
  }

  next(_, settings) {
    return this.population({ ask: "next", settings: this.named(settings) });
  }

  async sample(_, settings, count, draw) {
    const { generation, parts } = await this.ask({ ask: "sample", settings: this.named(settings), count, draw });
    return { generation, ...groupOf(parts) };
  }

  async look(_, place) {
    const { names, parts } = await this.ask({ ask: "look", place });
    return namedParts(names, parts).beside.look;
  }

  async descend({ steps }) {
    const { fitness, parts } = await this.ask({ ask: "descend", steps });
    return { fitness, image: floatsOf(parts[0]) };
  }

  end() {
    this.ask({ ask: "end" }).catch(() => {}); // the kernel may be gone before the page
  }
}
