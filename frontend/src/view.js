// The figure on the page: controls, pictures, curve. Everything is a native element with a name.
import { chart, legend } from "./chart.js";
import { controls } from "./controls.js";
import { pick, ranked } from "./genetic.js";
import { tile, toBytes } from "./pictures.js";
import { DATASETS, targetsOf } from "./targets.js";

const STATES = {
  ready: "Ready.",
  loading: "Fetching the generator …",
  running: "Evolving",
  paused: "Paused",
  finished: "Finished",
};
const EACH = 25; // generations between two announcements to a screen reader
const CALM = 1000; // milliseconds between two drawings where the reader wants little motion

const element = (name, given = {}, ...children) => {
  const made = Object.assign(document.createElement(name), given);
  made.append(...children);
  return made;
};

function figures() {
  const picture = (className, caption) => {
    const canvas = element("canvas", { className });
    canvas.setAttribute("role", "img");
    const figure = element("figure", {}, canvas, element("figcaption", { textContent: caption }));
    return { canvas, figure };
  };
  return {
    target: picture("ll-one", "target"),
    best: picture("ll-one", "best so far"),
    rival: picture("ll-one", "gradient descent"),
    grid: picture("ll-grid", "the population, fittest first"),
  };
}

export class View {
  // `engines`: the places where evolution can run here.
  constructor(root, session, engines) {
    Object.assign(this, { root, session, drawnAt: 0, spoken: "" });
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.figures = figures();
    this.chart = element("div", { className: "ll-chart" });
    this.legend = element("ul", { className: "ll-legend" });
    this.numbers = element("p", { className: "ll-numbers" });
    this.speech = element("p", { className: "ll-unseen" });
    this.speech.setAttribute("role", "status");
    this.alert = element("p", { className: "ll-alert", hidden: true });
    this.alert.setAttribute("role", "alert");
    const say = (sentence) => this.say(sentence);
    const whisper = (words) => (this.speech.textContent = words);
    this.controls = controls(session, { engines, say, whisper });
    this.lay();
    this.refresh();
  }

  lay() {
    const { target, best, rival, grid } = this.figures;
    rival.figure.hidden = !this.session.settings.descent;
    const pair = element("div", { className: "ll-pair" }, target.figure, best.figure, rival.figure);
    this.empty = element("p", { className: "ll-empty", textContent: "Press Run: a first population of random guesses appears here." });
    grid.figure.prepend(this.empty);
    const left = element("div", { className: "ll-left" }, pair, this.controls.buttons, this.controls.sliders);
    const curve = element("div", { className: "ll-curve" }, this.numbers, this.chart, this.legend);
    const right = element("div", { className: "ll-right" }, grid.figure, curve);
    const body = element("div", { className: "ll-body" }, left, right);
    this.root.replaceChildren(this.controls.problems, this.alert, body, this.speech);
  }

  // Show a sentence that the reader must not miss; none hides it.
  say(sentence = "") {
    this.alert.hidden = !sentence;
    if (this.alert.textContent !== sentence) this.alert.textContent = sentence;
  }

  // Called on every change; draws with the next frame.
  refresh() {
    const calm = this.calm.matches && this.session.state === "running";
    if (this.planned && (calm || !this.timer)) return;
    clearTimeout(this.timer); // what no longer moves is shown at once
    const draw = () => {
      this.planned = false;
      this.timer = 0;
      this.drawnAt = performance.now();
      this.draw();
    };
    const wait = calm ? Math.max(0, this.drawnAt + CALM - performance.now()) : 0;
    this.planned = true;
    this.timer = wait && setTimeout(draw, wait);
    if (!wait && document.hidden) setTimeout(draw);
    else if (!wait) requestAnimationFrame(draw);
  }

  draw() {
    const { session } = this;
    this.root.dataset.state = session.state;
    this.root.setAttribute("aria-busy", String(session.state === "loading"));
    this.controls.refresh();
    const sentence = session.problem ?? session.engine?.notice ?? "";
    if (sentence !== (this.told ?? "")) this.say((this.told = sentence));
    this.drawTarget();
    if (session.run?.curve.length) this.drawRun();
    else this.drawNothing();
    this.speak();
  }

  drawTarget() {
    const { settings } = this.session;
    const { canvas } = this.figures.target;
    const pixels = this.session.targetOf(settings);
    if (this.shownTarget === pixels) return;
    this.shownTarget = pixels;
    tile(canvas, toBytes(pixels), 1);
    canvas.setAttribute("aria-label", `target: ${this.nameOfTarget()}`);
  }

  nameOfTarget() {
    const { dataset, target } = this.session.settings;
    const { title, labels } = targetsOf(DATASETS.includes(dataset) ? dataset : DATASETS[0]);
    return target === "drawn" ? "your drawing" : `${title}, ${labels[target]}`;
  }

  drawNothing() {
    const { best, rival, grid } = this.figures;
    for (const { canvas } of [best, rival]) {
      tile(canvas, new Uint8Array(784).fill(0), 1);
      canvas.setAttribute("aria-label", "nothing yet");
    }
    grid.canvas.hidden = true;
    this.empty.hidden = false;
    this.numbers.textContent = this.session.problem ? "" : STATES[this.session.state];
    this.legend.replaceChildren();
    if (!this.session.earlier.length) this.chart.replaceChildren();
  }

  drawRun() {
    const { run, state, earlier, settings, speed } = this.session;
    const { best, rival, grid } = this.figures;
    const measure = settings.fitness;
    const error = run.curve.at(-1).error[measure];
    tile(best.canvas, run.best, 1);
    best.canvas.setAttribute("aria-label", `best image of generation ${run.generation}, error ${error.toFixed(4)}`);
    if (run.descent?.image) {
      tile(rival.canvas, toBytes(run.descent.image), 1);
      rival.canvas.setAttribute("aria-label", `image reached by gradient descent after ${run.descent.curve.length} steps`);
    }
    grid.canvas.hidden = false;
    this.empty.hidden = true;
    tile(grid.canvas, pick(run.group, ranked(run.group.fitness)).images, run.group.fitness.length > 200 ? 25 : 20);
    grid.canvas.setAttribute("aria-label", `${run.group.fitness.length} images of generation ${run.generation}, the fittest first`);
    const runs = [...earlier, run];
    this.chart.innerHTML = chart(runs, measure).svg;
    const entries = legend(runs, measure).map(({ colour, text }) => {
      const key = element("span", { className: `ll-key ${colour}` });
      key.setAttribute("aria-hidden", "true");
      return element("li", {}, key, text);
    });
    this.legend.replaceChildren(...entries);
    const pace = state === "running" && speed ? ` · ${(Math.round(speed / 10) * 10).toLocaleString("en")} images a second` : "";
    this.numbers.textContent =
      `${STATES[state] ?? ""}: generation ${run.generation.toLocaleString("en")} of ${run.limit.toLocaleString("en")} · ` +
      `${run.passes.toLocaleString("en")} generator passes${pace}`;
  }

  // To those who listen: each change of state, and a word now and then on the way.
  speak() {
    const { state, run, settings } = this.session;
    const mark = run ? Math.floor(run.generation / (state === "running" ? EACH : 1)) : 0;
    const key = `${state} ${mark}`;
    if (key === this.spoken || state === "failed") return;
    this.spoken = key;
    const error = run?.curve.at(-1)?.error[settings.fitness];
    this.speech.textContent = error === undefined ? STATES[state] : `${STATES[state]}: generation ${run.generation}, error ${error.toFixed(4)}`;
  }
}
