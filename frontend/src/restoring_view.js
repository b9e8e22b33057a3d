// The figure of chapter one: a target, the best image so far, gradient descent as a rival, the error curve.
import { choice, element } from "./controls.js";
import { MEASURES } from "./measures.js";
import { tile, toBytes } from "./pictures.js";
import { problemChoice } from "./problems.js";
import { DATASETS, targetsOf } from "./targets.js";
import { View, picture } from "./view.js";

const ABOUT = {
  sliders: [
    { name: "mutationRate", label: "Mutation rate", about: "share of the children that are disturbed", min: 0, max: 1, step: 0.05 },
    { name: "matingRate", label: "Mating rate", about: "share of the pairs that exchange genes", min: 0, max: 1, step: 0.05 },
    { name: "population", label: "Population", about: "guesses in a generation", min: 20, max: 400, step: 20 },
    { name: "seed", label: "Seed", about: "another first population, other luck", min: 0, max: 9, step: 1 },
  ],
  loading: "Fetching the generator …",
  invitation: "Press Run: a first population of random guesses appears here.",
  caption: "the population, fittest first",
};

export class RestoringView extends View {
  get about() {
    return ABOUT;
  }

  problem() {
    const say = (sentence) => this.say(sentence);
    const whisper = (words) => (this.speech.textContent = words);
    this.targets = problemChoice(this.session, { say, whisper });
    return this.targets.box;
  }

  above() {
    this.target = picture("ll-one", "target");
    this.best = picture("ll-one", "best so far");
    this.rival = picture("ll-one", "gradient descent");
    this.rival.figure.hidden = !this.session.settings.descent;
    const figures = [this.target, this.best, this.rival].map(({ figure }) => figure);
    return [element("div", { className: "ll-pair" }, ...figures)];
  }

  choices() {
    const measures = Object.entries(MEASURES).map(([value, { label }]) => ({ value, content: label }));
    this.fitness = choice("Fitness", measures, (value) => this.session.set("fitness", value), "ll-segments");
    return [this.fitness.box, ...super.choices()];
  }

  drawControls() {
    const { settings } = this.session;
    this.targets.show();
    this.fitness.show(settings.fitness);
    super.drawControls();
    const pixels = this.session.targetOf(settings);
    if (this.shownTarget === pixels) return;
    this.shownTarget = pixels;
    tile(this.target.canvas, toBytes(pixels), 1);
    this.target.canvas.setAttribute("aria-label", `target: ${this.nameOfTarget()}`);
  }

  nameOfTarget() {
    const { dataset, target } = this.session.settings;
    const { title, labels } = targetsOf(DATASETS.includes(dataset) ? dataset : DATASETS[0]);
    return target === "drawn" ? "your drawing" : `${title}, ${labels[target]}`;
  }

  drawNothing() {
    for (const { canvas } of [this.best, this.rival]) {
      tile(canvas, new Uint8Array(784).fill(0), 1);
      canvas.setAttribute("aria-label", "nothing yet");
    }
    super.drawNothing();
  }

  drawRun() {
    const { run } = this.session;
    tile(this.best.canvas, run.best, 1);
    this.best.canvas.setAttribute("aria-label", `best image of generation ${run.generation}, ${this.progress(run)}`);
    if (run.descent?.image) {
      tile(this.rival.canvas, toBytes(run.descent.image), 1);
      const words = `image reached by gradient descent after ${run.descent.curve.length} steps`;
      this.rival.canvas.setAttribute("aria-label", words);
    }
    super.drawRun();
  }

  errorOf(curve) {
    return curve.at(-1).error[this.session.settings.fitness];
  }

  reached(run) {
    return this.errorOf(run.curve).toFixed(4);
  }

  progress(run) {
    return `error ${this.reached(run)}`;
  }

  plan(run) {
    const measure = this.session.settings.fitness;
    const vertical = MEASURES[measure].error;
    const rival = run.descent?.fitness === measure ? run.descent.curve : [];
    return {
      across: ({ passes }) => passes,
      up: ({ error }) => error[measure],
      horizontal: "generator passes",
      vertical,
      beside: [{ className: "ll-rival", curve: rival }],
      least: 400,
      logarithmic: rival.length > 0,
      label:
        `${vertical} of the best image over ${run.passes.toLocaleString("en")} generator passes: ` +
        `from ${run.curve[0].error[measure].toFixed(4)} to ${this.reached(run)}` +
        (rival.length ? `; gradient descent reaches ${this.errorOf(rival).toFixed(4)}` : ""),
    };
  }

  besides({ descent }) {
    if (descent?.fitness !== this.session.settings.fitness) return [];
    const text = `gradient descent: ${this.errorOf(descent.curve).toFixed(4)} after ${descent.curve.length} steps`;
    return [{ colour: "ll-rival", text }];
  }
}
