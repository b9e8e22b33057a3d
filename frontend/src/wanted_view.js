// The figure of GAGAN's chapter: a wish, the pool with the wanted images bright, the share of them, new images bred from it.
import { shown } from "./chart.js";
import { button, element } from "./controls.js";
import { pick, ranked } from "./genetic.js";
import { tile } from "./pictures.js";
import { View, picture } from "./view.js";
import { share } from "./wanted.js";
import { wishBuilder } from "./wish_builder.js";
import { alternatives, met, recognition } from "./wishes.js";

const SAMPLES = 50;
const ABOUT = {
  sliders: [
    { name: "mutationRate", label: "Mutation rate", about: "share of each child's genes that are disturbed", min: 0, max: 1, step: 0.05 },
    { name: "population", label: "Pool", about: "latent vectors that are kept", min: 20, max: 500, step: 20 },
    { name: "seed", label: "Seed", about: "another first pool, other luck", min: 0, max: 9, step: 1 },
  ],
  loading: "Fetching generator and recogniser …",
  invitation: "Press Run: a first pool of random images appears here.",
  caption: "the pool, what the recogniser is surest of first; faint: not wanted",
};
const SOURCES =
  "Chapter one's generator, whose weights these pages already ship, draws the images; this chapter's recogniser judges them. In the browser the weights of both are rounded to 8 bits.";

const percent = (share) => `${Number((100 * share).toFixed(1))}\u00a0%`;

export class WantedView extends View {
  get about() {
    return ABOUT;
  }

  problem() {
    this.wish = wishBuilder(this.session);
    return this.wish.box;
  }

  choices() {
    return [...super.choices(), element("p", { className: "ll-numbers", textContent: SOURCES })];
  }

  below() {
    this.breed = button("Draw new images from the pool", () => this.session.sample(SAMPLES));
    this.sample = picture("ll-grid", "");
    return [element("div", { className: "ll-buttons" }, this.breed), this.sample.figure];
  }

  drawControls() {
    super.drawControls();
    this.wish.show();
    this.breed.disabled = !this.session.run?.curve.length;
    const sample = this.session.run?.sample;
    this.sample.figure.hidden = !sample;
    if (!sample || this.shownSample === sample) return;
    this.shownSample = sample;
    const hits = met(sample.settings.wish, sample.odds);
    const found = hits.filter(Boolean).length;
    tile(this.sample.canvas, sample.images, 10, hits);
    const words =
      `${hits.length} new images, bred from the pool of generation ${sample.generation} without selection: ` +
      `${percent(found / hits.length)} wanted (${shown(sample.settings.wish)})`;
    this.sample.words.textContent = words;
    this.sample.canvas.setAttribute("aria-label", words);
    this.speech.textContent = words;
  }

  // The wish by which a pool is looked at: a new one also before the next generation, unless it cannot be met.
  wishOf(run) {
    const { run: present, refusal, settings } = this.session;
    return run === present && !refusal ? settings.wish : run.used.wish;
  }

  drawGroup(run) {
    this.drawPopulation(pick(run.group, ranked(recognition(this.wishOf(run), run.group.odds))), run);
  }

  drawPopulation(group, run) {
    super.drawPopulation(group, run, met(this.wishOf(run), group.odds));
    const { canvas } = this.grid;
    canvas.setAttribute("aria-label", `${canvas.getAttribute("aria-label")}; ${this.reached(run)}`);
  }

  reached(run) {
    const wish = this.wishOf(run);
    if (wish === run.used.wish) return `${percent(run.curve.at(-1).share)} wanted`;
    return `${percent(share(met(wish, run.group.odds)))} of this pool meet the new wish, which acts from the next generation on`;
  }

  plan({ curve }) {
    const digits = [...new Set(curve.flatMap(({ parts }) => Object.keys(parts)))];
    return {
      across: ({ generation }) => generation,
      up: ({ share }) => share,
      horizontal: "generation",
      vertical: "share of the pool, %",
      beside: digits.map((digit) => ({ className: "ll-c0 ll-part", curve, up: ({ parts }) => parts[digit], name: digit })),
      least: 10,
      most: 1.2, // room for marks
      tick: (share) => 100 * share,
      label: `share of the pool that is wanted, over ${curve.at(-1).generation} generations: from ${percent(curve[0].share)} to ${percent(curve.at(-1).share)}`,
    };
  }

  besides(run) {
    const { curve, used } = run;
    if (this.wishOf(run) !== used.wish) return [];
    const { parts } = curve.at(-1);
    const words = alternatives(used.wish).map((digit) => `${digit}: ${percent(parts[digit])}`);
    return words.length ? [{ colour: "ll-c0 ll-part", text: words.join(", ") }] : [];
  }
}
