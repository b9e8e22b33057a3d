// What all figures on the page share: controls, pictures of a population, curve. Everything is a native element with a
// name. A figure's own view extends it; what it must say stands last.
import { chart, legend } from "./chart.js";
import { buttonRow, choice, element, paces, slider } from "./controls.js";
import { pick, ranked } from "./genetic.js";
import { tile } from "./pictures.js";

const STATES = { ready: "Ready.", running: "Evolving", paused: "Paused", finished: "Finished" };
const ENGINES = { browser: "browser", kernel: "kernel (torch)" };
const EACH = 25; // generations between two announcements to a screen reader
const CALM = 1000; // milliseconds between two drawings where the reader wants little motion

// A canvas with a caption.
export function picture(className, caption) {
  const canvas = element("canvas", { className });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", "not drawn yet");
  const words = element("figcaption", { textContent: caption });
  return { canvas, words, figure: element("figure", {}, canvas, words) };
}

export class View {
  // `engines`: the places where evolution can run here.
  constructor(root, session, engines) {
    Object.assign(this, { root, session, engines, drawnAt: 0, spoken: "" });
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.grid = picture("ll-grid", this.about.caption);
    this.empty = root.querySelector(".ll-poster") ?? element("p", { className: "ll-empty", textContent: this.about.invitation });
    this.chart = element("div", { className: "ll-chart" });
    this.legend = element("ul", { className: "ll-legend" });
    this.numbers = element("p", { className: "ll-numbers" });
    this.speech = element("p", { className: "ll-unseen" });
    this.speech.setAttribute("role", "status");
    this.alert = element("p", { className: "ll-alert", hidden: true });
    this.alert.setAttribute("role", "alert");
    this.buttons = buttonRow(session);
    this.walk = paces(session);
    this.sliders = this.about.sliders.map((given) => slider(session, given));
    this.lay();
    this.refresh();
  }

  lay() {
    this.grid.figure.prepend(this.empty);
    const sliders = element("div", { className: "ll-sliders" }, ...this.sliders.map(({ row }) => row), ...this.choices());
    const left = element("div", { className: "ll-left" }, ...this.above(), this.buttons.row, this.walk.box, sliders);
    const curve = element("div", { className: "ll-curve" }, this.numbers, this.chart, this.legend);
    const right = element("div", { className: "ll-right" }, ...this.pictures(), curve, ...this.below());
    const body = element("div", { className: "ll-body" }, left, right);
    this.root.replaceChildren(this.problem(), this.alert, body, this.speech);
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
    for (const { show } of [this.buttons, this.walk, ...this.sliders]) show();
    this.drawControls();
    this.drawState();
    if (session.run?.curve.length) this.drawRun();
    else this.drawNothing();
    this.speak();
  }

  drawState() {
    const { session, root } = this;
    root.dataset.state = session.state;
    root.setAttribute("aria-busy", String(session.state === "loading"));
    const sentence = session.problem || session.refusal || session.engine?.notice || "";
    if (sentence !== (this.warned ?? "")) this.say((this.warned = sentence));
  }

  drawNothing() {
    this.grid.canvas.hidden = true;
    this.empty.hidden = false;
    this.numbers.textContent = this.session.problem ? "" : this.stateName();
    this.legend.replaceChildren();
    if (!this.session.earlier.length) this.chart.replaceChildren();
  }

  drawRun() {
    const { run, state, speed, pace } = this.session;
    this.grid.canvas.hidden = false;
    this.empty.hidden = true;
    this.drawGroup(run);
    this.drawCurve(run);
    const quick = state === "running" && speed && pace === "full";
    const images = quick ? ` · ${(Math.round(speed / 10) * 10).toLocaleString("en")} images a second` : "";
    this.numbers.textContent =
      `${this.stateName()}: generation ${run.generation.toLocaleString("en")} of ${run.limit.toLocaleString("en")} · ` +
      `${this.spent(run)}${images}`;
  }

  drawCurve(run) {
    const runs = [...this.session.earlier, run];
    this.chart.innerHTML = chart(runs, this.plan(run));
    const lines = [...legend(runs, (one) => this.reached(one)), ...this.besides(run)];
    const entries = lines.map(({ colour, text }) => {
      const key = element("span", { className: `ll-key ${colour}` });
      key.setAttribute("aria-hidden", "true");
      return element("li", {}, key, text);
    });
    this.legend.replaceChildren(...entries);
  }

  drawGroup(run) {
    this.drawPopulation(pick(run.group, ranked(run.group.fitness)), run);
  }

  // The population, fittest first; those not `marked` are faint.
  drawPopulation({ images, fitness }, run, marked) {
    const { canvas } = this.grid;
    tile(canvas, images, fitness.length > 200 ? 25 : 20, marked);
    canvas.setAttribute("aria-label", `${fitness.length} images of generation ${run.generation}, the fittest first`);
  }

  stateName() {
    const { state } = this.session;
    return state === "loading" ? this.about.loading : (STATES[state] ?? "");
  }

  // To those who listen: each change of state, and a word now and then on the way.
  speak() {
    const { state, run } = this.session;
    const mark = run ? Math.floor(run.generation / (state === "running" ? EACH : 1)) : 0;
    const key = `${state} ${mark}`;
    if (key === this.spoken || state === "failed") return;
    this.spoken = key;
    const words = run?.curve.length ? `: generation ${run.generation}, ${this.progress(run)}` : "";
    this.speech.textContent = this.stateName() + words;
  }

  // What a figure's own view says, beside `about`: { sliders, loading, invitation, caption }, `problem()`: the choice of
  // what is evolved, `plan(run)`: of the curve, see chart.js, and `reached(run)`: how far a run came, for the legend.
  above() {
    return []; // elements above the buttons
  }

  pictures() {
    return [this.grid.figure]; // elements above the curve
  }

  // What a run has cost, in words.
  spent({ passes }) {
    return `${passes.toLocaleString("en")} generator passes`;
  }

  // Elements beneath the sliders.
  choices() {
    const places = this.engines.map((value) => ({ value, content: ENGINES[value] }));
    this.engine = choice("Computed in the", places, (value) => this.session.set("engine", value), "ll-segments");
    this.engine.box.hidden = places.length < 2;
    return [this.engine.box];
  }

  below() {
    return []; // elements beneath the curve
  }

  // Whatever shows the settings.
  drawControls() {
    this.engine?.show(this.session.settings.engine);
  }

  besides() {
    return []; // further lines of the legend
  }

  progress(run) {
    return this.reached(run); // how far a run came, for those who listen
  }
}
