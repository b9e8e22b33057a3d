// The figure of the ring: evolution beside gradient descent, the modes that each covers, and how it scores.
import { Address } from "./address.js";
import { chart } from "./chart.js";
import { button, choice, element } from "./controls.js";
import { drawPlane } from "./plane.js";
import { reveal } from "./prose.js";
import { REAL, written } from "./ring.js";
import { MODES } from "./ring_data.js";
import { View, picture } from "./view.js";

const EVOLVES = [
  { value: "both", content: "Both" },
  { value: "generator", content: "Generator" },
  { value: "discriminator", content: "Discriminator" },
];
const ABOUT = {
  sliders: [
    { name: "population", label: "Population", about: "networks of each kind; a generation costs a pass for each of them", min: 4, max: 100, step: 2 },
    { name: "mutationRate", label: "Mutation rate", about: "share of each child's weights that are moved", min: 0, max: 1, step: 0.01 },
    { name: "mutationStep", label: "Mutation step", about: "standard deviation of such a move", min: 0.01, max: 0.5, step: 0.01 },
    { name: "seed", label: "Seed", about: "other first networks, other luck", min: 0, max: 9, step: 1 },
  ],
  loading: "Drawing the first networks …",
  invitation: "Press Run: points of evolution and of gradient descent appear here, side by side.",
  caption: "",
};
const KEY = "Grey: real points. In colour: generated points. Green ground: here the discriminator of that side takes points for real.";
const RULES =
  "Both sides begin with the same two networks, of some 350 weights each, and may spend as many passes. In a pass one network is judged on one batch of 64 points. A generation takes a pass for each of its networks, a step of gradient descent (Adam, learning rate 0.005) takes three.";
const TRIES = [
  ["Does a larger population cover more modes for the same passes?", ["Population 4", { population: 4 }], ["Population 100", { population: 100 }]],
  ["How far does crossover get without mutation?", ["Mutation rate 0", { mutationRate: 0 }]],
  ["Which of the two networks holds evolution back? Gradient descent trains the other.", ["Evolve the generator only", { evolves: "generator" }], ["Evolve the discriminator only", { evolves: "discriminator" }]],
  ["Do a high real_score and a low fake_score mean good points? Compare the scores with the pictures.", ["Large steps", { mutationStep: 0.5 }]],
];

const percent = (share) => `${Math.round(100 * share)}\u00a0%`;
const two = (value) => value.toFixed(2);
const thousands = (value) => value.toLocaleString("en");

export class RingView extends View {
  get about() {
    return ABOUT;
  }

  problem() {
    this.evolves = choice("Evolved on the left", EVOLVES, (value) => this.session.set("evolves", value), "ll-segments");
    return element("div", { className: "ll-problems" }, this.evolves.box);
  }

  pictures() {
    this.rival = picture("", "");
    for (const { canvas } of [this.grid, this.rival]) canvas.className = "ll-grid ll-plane";
    this.pair = element("div", { className: "ll-pair" }, this.grid.figure, this.rival.figure);
    this.key = element("p", { className: "ll-numbers", textContent: KEY });
    return [element("div", { className: "ll-planes" }, this.empty, this.pair, this.key)];
  }

  lay() {
    super.lay();
    this.themes = new MutationObserver(() => this.refresh()); // a canvas does not change its colours by itself
    const attributeFilter = ["data-theme", "data-jp-theme-light"];
    for (const one of [document.documentElement, document.body]) this.themes.observe(one, { attributeFilter });
  }

  choices() {
    return [...super.choices(), element("p", { className: "ll-numbers", textContent: RULES })];
  }

  below() {
    this.scores = element("div", { className: "ll-chart" });
    this.said = element("p", { className: "ll-numbers" });
    this.told = element("div", { className: "ll-curve" }, this.scores, this.said);
    const tries = TRIES.map(([question, ...ways]) =>
      element("li", {}, `${question} `, ...ways.map(([label, settings]) => button(label, () => this.attempt(settings)))),
    );
    const invitation = element("div", {}, element("p", { className: "ll-who", textContent: "What to try" }), element("ul", { className: "ll-tries" }, ...tries));
    this.link = new Address(this, "Link to this run", () => this.addressed());
    const keep = element("div", { className: "ll-keepsakes", hidden: !this.session.linked }, element("div", { className: "ll-buttons" }, this.link.link), this.link.address, this.link.said);
    return [this.told, invitation, keep];
  }

  // A run by other settings, from the beginning; the one before stays in the chart.
  attempt(settings) {
    const { session } = this;
    for (const [name, value] of Object.entries(settings)) session.set(name, value);
    if (session.run) session.restart();
    session.start();
    reveal(this.root);
  }

  addressed() {
    const moved = this.session.run?.marks.length ? " A slider was moved during the run; the link has the values as they are now, from the start." : "";
    return { hash: written(this.session.settings), words: `It holds every setting.${moved}` };
  }

  drawControls() {
    this.evolves.show(this.session.settings.evolves);
    super.drawControls();
  }

  drawNothing() {
    super.drawNothing();
    this.pair.hidden = this.key.hidden = this.told.hidden = true;
  }

  drawGroup({ group, beside, generation, used }) {
    this.pair.hidden = this.key.hidden = this.told.hidden = false;
    const style = getComputedStyle(this.root);
    const colour = (name) => style.getPropertyValue(name);
    const by = used.evolves === "both" ? "evolution" : `evolution of the ${used.evolves}`;
    for (const [{ canvas, words }, side, name, made] of [[this.grid, group, by, "--c0"], [this.rival, beside, "gradient descent", "--c3"]]) {
      drawPlane(canvas, REAL, side, { ground: colour("--c2"), real: colour("--quiet-ink"), made: colour(made) });
      words.textContent = `${name}: ${side.modes} of ${MODES} modes, ${percent(side.near)} of its points near one`;
      canvas.setAttribute("aria-label", `Points in the plane at generation ${generation}, ${words.textContent}`);
    }
  }

  drawCurve(run) {
    super.drawCurve(run);
    const { realScore, fakeScore, rival } = run.curve.at(-1);
    const words = `real_score: evolution ${two(realScore)}, gradient descent ${two(rival.realScore)}; fake_score: evolution ${two(fakeScore)}, gradient descent ${two(rival.fakeScore)}`;
    const plan = {
      ...this.axes(run),
      up: ({ realScore }) => realScore,
      vertical: "real_score and fake_score",
      most: 1,
      className: "ll-c2",
      beside: [
        { className: "ll-c1", curve: run.curve, up: ({ fakeScore }) => fakeScore },
        { className: "ll-c2 ll-part", curve: rivalsOf(run), up: ({ realScore }) => realScore },
        { className: "ll-c1 ll-part", curve: rivalsOf(run), up: ({ fakeScore }) => fakeScore },
      ],
      label: `Scores over passes. ${words}`,
    };
    this.scores.innerHTML = chart([run], plan);
    this.said.textContent = `Green is ${words.replace("; fake_score", "; orange is fake_score")}; gradient descent is dashed. Each is the discriminator's mean probability that points are real, of real points and of generated ones.`;
  }

  axes({ curve }) {
    const { passes } = curve.at(-1);
    return { across: ({ passes }) => passes, horizontal: "passes of each side", least: Math.max(1000, passes) };
  }

  plan(run) {
    return {
      ...this.axes(run),
      up: ({ modes }) => modes,
      vertical: "modes covered",
      most: MODES,
      beside: [{ className: "ll-descent", curve: rivalsOf(run) }],
      label: `Modes covered of ${MODES} over ${thousands(run.passes)} passes: ${this.progress(run)}`,
    };
  }

  besides(run) {
    return [{ colour: "ll-descent", text: `gradient descent: ${rivalsOf(run).at(-1).modes} of ${MODES} modes` }];
  }

  reached({ curve }) {
    return `${curve.at(-1).modes} of ${MODES} modes`;
  }

  progress({ curve }) {
    const { modes, rival } = curve.at(-1);
    return `evolution covers ${modes} of ${MODES} modes, gradient descent ${rival.modes}`;
  }

  spent({ passes }) {
    return `${thousands(passes)} passes`;
  }
}

const rivalsOf = ({ curve }) => curve.map(({ rival }) => rival);
