// Breeding by eye: the reader is the fitness. What the reader does is a story, see story.js, and images follow from it, see
// broods.js; so marks and broods change at once, and no click can come between. Only the drawing takes time.
import { ALL, broodsOf, generationsOf, has, listed, nextBrood } from "./broods.js";
import { GREY } from "./pictures.js";
import { LONGEST, leads, readAddress, told, understood, unmarked } from "./story.js";

const COLOUR = { side: 32, colours: 3 };

// The generators, and who can put their images into words.
export const GENERATORS = {
  mnist: { title: "MNIST", form: GREY, narrator: "recogniser" },
  fashion_mnist: { title: "Fashion-MNIST", form: GREY, narrator: "judge-fashion_mnist" },
  celeba: { title: "CelebA", form: COLOUR },
};
export const formOf = (dataset) => (GENERATORS[dataset] ?? GENERATORS.mnist).form;

// What draws, as a session asks an engine: latents of individuals, one behind the other, to { group: { images, and a
// recogniser's log-odds where there is one } }. Jupyter's kernel answers the same question, see jupyter.js.
class Drawing {
  constructor(pool, notice) {
    Object.assign(this, { pool, notice });
  }

  async start(latents, { dataset }) {
    return { group: await this.pool.evaluate(latents, GENERATORS[dataset].narrator ? "odds" : "images") };
  }
}

export const BY_EYE = {
  defaults: { engine: "browser", dataset: "mnist", seed: 0, strength: 0.4, story: "" },
  Evolution: Drawing,
  targetOf: () => undefined,
  networks: ({ dataset }) => [dataset, GENERATORS[dataset].narrator].filter(Boolean),
  absent: ({ dataset }, error) =>
    `The generator for ${GENERATORS[dataset].title} is not to be had: ${error.message}. The others and everything else on this page still work; press a button to try again.`,
  traits: { engine: "engine", dataset: "dataset", seed: "seed", strength: "strength", story: "story" },
  read: (hash) => readAddress(hash, Object.keys(GENERATORS)),
};

const FULL = "All nine are locked, so there is no room for a child. Unlock one of them.";
const NOBODY = "Nobody is picked yet. Pick one image or several: the next nine are their children.";
const LONG = `A family has at most ${LONGEST} broods, and this one has them all. Go back, or start over.`;

export class ByEyeSession {
  // As session.js.
  constructor({ task, settings, engines, changed }) {
    Object.assign(this, { task, engines, changed });
    this.settings = { ...task.defaults, ...settings };
    this.elsewhere = {}; // families of the other generators
    this.opened = this.busy = this.fetching = false;
    this.problem = null; // what went wrong, in a sentence
    this.refusal = ""; // why the last wish cannot be met, in another
    this.retell();
  }

  // The family that the settings tell of.
  retell() {
    this.story = understood(this.settings.story) ?? [unmarked()];
    this.broods = broodsOf(this.story, this.settings.seed);
    this.at = this.story.length - 1;
  }

  get marks() {
    return this.story[this.at];
  }

  get brood() {
    return this.broods[this.at];
  }

  // The brood of each generation so far, oldest first.
  get generations() {
    return generationsOf(this.broods.slice(0, this.at + 1));
  }

  get drawn() {
    return this.brood.members.every(({ image }) => image);
  }

  get state() {
    if (this.problem) return "failed";
    if (!this.opened) return "ready";
    return this.drawn ? "shown" : "loading";
  }

  set(name, value) {
    const { settings } = this;
    if (settings[name] === value) return;
    this.settings = { ...settings, [name]: value };
    if (name === "seed") Object.assign(this, { elsewhere: {}, settings: { ...this.settings, story: "" } });
    if (name === "dataset") this.move(settings.dataset, value);
    else if (name !== "strength") this.retell();
    this.follow();
  }

  // To another generator, whose family is as it was left.
  move(from, to) {
    const { story, at } = this;
    this.elsewhere[from] = { story, at };
    Object.assign(this, this.elsewhere[to] ?? { story: [unmarked()], at: 0 });
    this.broods = broodsOf(this.story, this.settings.seed);
  }

  open() {
    this.opened = true;
    return this.follow();
  }

  // As a run's.
  start() {
    return this.open();
  }

  pause() {} // nothing goes on by itself

  pick(place) {
    this.mark("picked", place);
  }

  lock(place) {
    this.mark("locked", place);
  }

  mark(name, place) {
    const marks = { ...this.marks, [name]: this.marks[name] ^ (1 << place) };
    this.story = this.story.map((one, at) => (at === this.at ? marks : one));
    this.follow();
  }

  // Children of the picked.
  breed() {
    return this.advance(false);
  }

  // Others of the same parents; in the first generation, others at random.
  again() {
    return this.advance(true);
  }

  advance(again) {
    const marks = { ...this.marks, strength: this.settings.strength, again };
    if (!this.opened) return this.open();
    if (!leads(marks)) return this.refuse(marks.locked === ALL ? FULL : NOBODY);
    if (this.at + 1 >= LONGEST) return this.refuse(LONG);
    this.story = [...this.story.slice(0, this.at), marks, unmarked(marks.locked)];
    this.broods = [...this.broods.slice(0, this.at + 1), nextBrood(this.brood, marks, this.settings.seed, this.at + 1)];
    return this.go(this.at + 1);
  }

  refuse(sentence) {
    this.refusal = sentence;
    this.changed();
  }

  // To a brood of the story. Those after it stay, until another is bred.
  go(at) {
    this.at = Math.min(this.story.length - 1, Math.max(0, at));
    return this.follow();
  }

  back() {
    return this.go(this.at - 1);
  }

  forward() {
    return this.go(this.at + 1);
  }

  goTo(generation) {
    return this.go(this.broods.findLastIndex((brood, at) => at <= this.at && brood.generation === generation));
  }

  // What was done is told, and drawn.
  follow() {
    this.refusal = "";
    this.settings = { ...this.settings, story: told(this.story.slice(0, this.at + 1)) };
    this.changed();
    return this.draw();
  }

  undrawn() {
    const shown = [this.brood, ...this.generations].flatMap(({ members }) => members);
    return [...new Set(shown)].filter(({ image }) => !image);
  }

  // Until all that is shown has its image; what is wished meanwhile is drawn next.
  async draw() {
    if (!this.opened || this.busy) return;
    this.busy = true;
    this.problem = null;
    for (let some = this.undrawn(); some.length && !this.problem; some = this.undrawn()) {
      const { settings } = this;
      const stale = () => ["engine", "dataset"].some((name) => settings[name] !== this.settings[name]);
      try {
        this.fetching = true; // what draws; the drawing itself is short
        this.engine = await this.engines(settings);
        this.fetching = false;
        await this.portray(some, settings);
      } catch (error) {
        if (!stale()) this.problem = error.message;
      }
      this.changed();
    }
    this.busy = this.fetching = false;
    this.changed();
  }

  async portray(some, settings) {
    const { group } = await this.engine.start(Float32Array.from(some.flatMap(({ genome }) => [...genome])), settings);
    const part = (values, i) => values.slice((i * values.length) / some.length, ((i + 1) * values.length) / some.length);
    some.forEach((one, i) => Object.assign(one, { image: part(group.images, i), odds: group.odds && part(group.odds, i) }));
  }

  // What Python is told: where the reader is, the nine latents there, and the places of those picked.
  report() {
    const { generation, members } = this.brood;
    return { generation, latents: members.map(({ genome }) => Array.from(genome)), picked: listed(this.marks.picked) };
  }

  has(name, place) {
    return has(this.marks[name], place);
  }
}
