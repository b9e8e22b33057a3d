// The figure of chapter one: a target, the best image so far, gradient descent as a rival, who begot whom, the error curve.
import { choice, element, newId } from "./controls.js";
import { pick, ranked } from "./genetic.js";
import { Keepsakes } from "./keepsakes.js";
import { MEASURES } from "./measures.js";
import { Pedigree } from "./pedigree.js";
import { People, talliedIn } from "./people.js";
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
const HELP = "Point at one, tap it, or walk by the arrow keys to see its parents; Escape goes back to the fittest.";

export class RestoringView extends View {
  get about() {
    return ABOUT;
  }

  problem() {
    const whisper = (words) => (this.speech.textContent = words);
    this.targets = problemChoice(this.session, { whisper });
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

  pictures() {
    this.help = element("p", { id: newId(), className: "ll-numbers", textContent: HELP });
    this.people = new People(this.grid.canvas, this.help, (at, stays) => this.look(at, stays));
    this.pedigree = new Pedigree();
    this.kin = element("div", { className: "ll-kin" }, this.pedigree.box, this.help);
    return [this.grid.figure, this.kin];
  }

  below() {
    this.keepsakes = new Keepsakes(this);
    this.dare = element("p", { className: "ll-dare", hidden: true });
    return [this.dare, this.keepsakes.box];
  }

  // The error that came with a link.
  drawDare(run) {
    const { challenge } = this.session;
    this.dare.hidden = !challenge;
    if (!challenge) return;
    const now = run?.curve.length ? this.errorOf(run.curve) : Infinity;
    const after = challenge.after.toLocaleString("en");
    this.dare.textContent =
      now < challenge.error
        ? `Beaten: ${now.toFixed(4)}, where the run of the link had ${challenge.error.toFixed(4)} after ${after} generations.`
        : `The run of the link reached an error of ${challenge.error.toFixed(4)} after ${after} generations. Press Run to repeat it; move a slider or the seed to beat it.`;
  }

  choices() {
    const measures = Object.entries(MEASURES).map(([value, { label }]) => ({ value, content: label }));
    this.fitness = choice("Fitness", measures, (value) => this.session.set("fitness", value), "ll-segments");
    return [this.fitness.box, ...super.choices()];
  }

  drawControls() {
    const { settings } = this.session;
    this.targets?.show();
    this.fitness?.show(settings.fitness);
    super.drawControls();
    this.keepsakes?.show(this.session.run);
    if (this.dare) this.drawDare(this.session.run);
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
    this.people.box.hidden = this.kin.hidden = true;
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

  get columns() {
    return this.session.run.group.fitness.length > 200 ? 25 : 20;
  }

  // The population with its kinship, where the engine follows it.
  drawGroup(run) {
    this.people.box.hidden = false;
    this.kin.hidden = !run.group.founder;
    if (this.kin.hidden) {
      this.people.point(-1);
      return super.drawGroup(run);
    }
    if (this.shown?.group === run.group) return this.drawKin();
    const { group, before, generation } = run;
    this.shown = { run, group, before, generation, order: ranked(group.fitness) };
    this.people.show(pick(group, this.shown.order), this.columns);
    const count = group.fitness.length;
    this.grid.canvas.setAttribute("aria-label", `${count} images of generation ${generation}, the fittest first. ${talliedIn(group, generation)}`);
    this.tell(talliedIn(group, generation));
    return this.drawKin();
  }

  tell(tally) {
    this.grid.words.textContent = `fittest first; ${tally}`;
  }

  // Whom the reader looks at stays as it was, even if the run goes on; else the fittest of the moment.
  drawKin() {
    if (this.held?.run !== this.shown.run) this.held = this.pinned = null;
    const one = this.held ?? this.member(0);
    if (one.group !== this.told?.group || one.place !== this.told.place) this.pedigree.show(one);
    this.told = one;
    this.people.point(one === this.held && one.group === this.shown.group ? one.at : -1);
  }

  // One of those shown, by rank.
  member(at) {
    const { group, generation, order } = this.shown;
    const place = order[at];
    const who = at ? `Number ${at + 1} of ${group.fitness.length}` : "The fittest";
    return { ...this.shown, place, at, title: `${who} of generation ${generation}: error ${(1 - group.fitness[place]).toFixed(4)}` };
  }

  look(at, stays) {
    if (!this.shown || this.kin.hidden || (this.pinned && !stays)) return;
    this.pinned = stays && at >= 0;
    if (this.held?.group !== this.shown.group || this.held.at !== at) this.held = at < 0 ? null : this.member(at);
    this.drawKin();
    if (stays) this.speech.textContent = `${this.pedigree.title.textContent}. ${this.pedigree.words.textContent}`;
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
      beside: [{ className: "ll-rival", curve: rival, level: true }],
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
    const { length } = descent.curve;
    const passes = descent.curve.at(-1).passes.toLocaleString("en");
    return [{ colour: "ll-rival", text: `gradient descent: ${this.errorOf(descent.curve).toFixed(4)} after ${length} steps, or ${passes} passes` }];
  }
}
