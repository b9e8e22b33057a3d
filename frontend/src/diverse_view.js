// The figure of the chapter on diverse sets: the best set beside that of random sampling, their curves, MAP-Elites' map, and
// what a judge that is no fitness makes of them.
import { chart } from "./chart.js";
import { button, choice, element, toggle } from "./controls.js";
import { EliteMap, wordsOf } from "./elite_map.js";
import { SIDE, tile } from "./pictures.js";
import { judged } from "./variety.js";
import { View, picture } from "./view.js";

const ALGORITHMS = [
  { value: "genetic", content: "Genetic algorithm" },
  { value: "map_elites", content: "MAP-Elites" },
  { value: "random", content: "Random sampling" },
];
const METRICS = [
  { value: "rmse", content: "RMSE" },
  { value: "ncc", content: "NCC" },
];
const BINS = [100, 50, 20, 10].map((value) => ({ value, content: `${value}×${value}` }));
const ABOUT = {
  sliders: [
    { name: "mutationRate", label: "Mutation rate", about: "share of each child's genes that are drawn anew", min: 0, max: 0.5, step: 0.01 },
    { name: "matingRate", label: "Crossover rate", about: "share of the pairs that exchange genes", min: 0, max: 1, step: 0.05 },
    { name: "size", label: "Images in the set", about: "more of them take longer", min: 16, max: 50, step: 1 },
    { name: "population", label: "Population", about: "sets that are judged in a generation", min: 6, max: 50, step: 2 },
    { name: "seed", label: "Seed", about: "other first sets, other luck", min: 0, max: 9, step: 1 },
  ],
  loading: "Fetching generator and judge …",
  invitation: "Press Run: the best of a first few random sets appears here.",
  caption: "the best set",
};
const SOURCES =
  "Chapter one's generator draws the images. Random sampling begins with the same sets and judges as many. In the browser weights are rounded to 8 bits.";
const JUDGE = "Show what a judge sees that is no fitness";
const four = (value) => value.toFixed(4);

// What the judge makes of a set, in words.
const verdict = ({ different, evenness, spread }) =>
  `${different} of 10 digits, evenness ${evenness.toFixed(2)}, mean distance in its features ${spread.toFixed(1)}`;

const counted = ({ counts }) => counts.map((count, digit) => `${digit}: ${count}`).join(", ");

function showSet({ canvas, words }, set, caption, name) {
  const n = set.images.length / SIDE ** 2;
  tile(canvas, set.images, Math.ceil(Math.sqrt(n)));
  words.textContent = caption;
  canvas.setAttribute("aria-label", `${n} images, ${name}: ${caption}. A judge takes them for these digits: ${counted(judged(set))}`);
}

export class DiverseView extends View {
  get about() {
    return ABOUT;
  }

  problem() {
    const made = (legend, name, options) => choice(legend, options, (value) => this.session.set(name, value), "ll-segments");
    this.picked = {
      algorithm: made("Algorithm", "algorithm", ALGORITHMS),
      metric: made("Similarity of two images", "metric", METRICS),
      bins: made("Cells of the map", "bins", BINS),
    };
    return element("div", { className: "ll-problems ll-row" }, ...Object.values(this.picked).map(({ box }) => box));
  }

  pictures() {
    this.rival = picture("ll-grid", "");
    this.back = button("Back to the best set", () => this.session.look(-1));
    this.grid.figure.append(this.back);
    return [element("div", { className: "ll-pair" }, this.grid.figure, this.rival.figure)];
  }

  choices() {
    this.judge = toggle(this.session, "judge", JUDGE);
    return [this.judge.box, ...super.choices(), element("p", { className: "ll-numbers", textContent: SOURCES })];
  }

  below() {
    this.map = new EliteMap((place) => this.session.look(place));
    this.said = element("p", { className: "ll-numbers" });
    this.judgeChart = element("div", { className: "ll-chart" });
    this.opinion = element("div", { className: "ll-curve ll-opinion" }, this.said, this.judgeChart);
    return [this.map.box, this.opinion];
  }

  drawControls() {
    super.drawControls();
    const { settings, run } = this.session;
    for (const [name, { show }] of Object.entries(this.picked)) show(settings[name]);
    this.judge.show();
    this.picked.bins.box.hidden = settings.algorithm !== "map_elites";
    const there = Boolean(run?.curve.length);
    this.rival.figure.hidden = !(there && run.beside.rival);
    this.back.hidden = !(there && run.look);
    this.map.box.hidden = !(there && run.group.cells);
    this.opinion.hidden = !(there && settings.judge);
  }

  drawGroup(run) {
    const { beside: { best, rival }, look, used } = run;
    const shown = look ?? best;
    if (shown !== this.shown) {
      const words = look
        ? `the set of the chosen cell (${wordsOf(look.cell, used.bins)}), as of generation ${look.generation}: mean similarity ${four(-look.fitness)}`
        : `the best set: mean similarity ${four(-best.fitness)}`;
      showSet(this.grid, shown, words, look ? "a set of the map" : "the best set");
      if (look || this.shown?.cell !== undefined) this.speech.textContent = words;
      this.shown = shown;
    }
    if (rival && rival !== this.shownRival)
      showSet(this.rival, (this.shownRival = rival), `the best of as many random sets: ${four(-rival.fitness)}`, "random sampling");
    if (run.group.cells) this.map.show(run, used.bins, look?.cell);
    if (used.judge || this.session.settings.judge) this.drawJudge(run);
  }

  drawJudge(run) {
    const { best, rival } = run.curve.at(-1);
    const beside = rival ? ` The best random set: ${verdict(rival)}.` : "";
    this.said.textContent = `A small classifier that had no say in the search sees in the best set ${verdict(best)}.${beside}`;
    const runs = [...this.session.earlier, run];
    this.judgeChart.innerHTML = chart(runs, this.planOf(run, ({ spread }) => spread, "distance by the judge", ({ spread }) => spread.toFixed(2)));
  }

  // Curves of what `value` says of the best set and of random sampling's, over the sets judged.
  planOf(run, value, vertical, words) {
    const { curve, used } = run;
    const [first, last] = [curve[0], curve.at(-1)];
    const others = last.rival ? `; random sampling ends at ${words(last.rival)}` : "";
    return {
      across: ({ passes }) => passes / used.size,
      up: ({ best }) => value(best),
      horizontal: "sets judged",
      vertical,
      beside: [{ className: "ll-rival", curve, up: ({ rival }) => rival && value(rival) }],
      least: 10 * used.population,
      close: true,
      label: `${vertical}, over ${(last.passes / used.size).toLocaleString("en")} sets: from ${words(first.best)} to ${words(last.best)}${others}`,
    };
  }

  plan(run) {
    return this.planOf(run, ({ mean }) => mean, "mean similarity", ({ mean }) => four(mean));
  }

  besides({ curve }) {
    const { rival } = curve.at(-1);
    return rival ? [{ colour: "ll-rival", text: `random sampling beside it: ${four(rival.mean)}` }] : [];
  }

  reached({ curve }) {
    return four(curve.at(-1).best.mean);
  }

  progress({ curve }) {
    const { best, rival, filled } = curve.at(-1);
    const cells = filled ? `, ${filled} cells filled` : "";
    return `mean similarity ${four(best.mean)}${rival ? `, random sampling ${four(rival.mean)}` : ""}${cells}`;
  }

  spent({ passes, used: { size } }) {
    return `${(passes / size).toLocaleString("en")} sets judged, ${passes.toLocaleString("en")} generator passes`;
  }
}
