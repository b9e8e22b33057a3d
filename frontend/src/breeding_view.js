// The figure of the first screen: the same evolution, smaller, with the few controls that fit beside it.
import { button, element } from "./controls.js";
import { RestoringView } from "./restoring_view.js";
import { targetsOf } from "./targets.js";

const RATES = [
  { name: "mutationRate", label: "Mutation rate", about: "share of the children that are disturbed", min: 0, max: 1, step: 0.05 },
  { name: "matingRate", label: "Mating rate", about: "share of the pairs that exchange genes", min: 0, max: 1, step: 0.05 },
];

const NARROW = 480; // pixels

export class BreedingView extends RestoringView {
  get about() {
    return { ...super.about, sliders: RATES, invitation: "Press Run: random guesses appear here, and breed." };
  }

  get columns() {
    return this.root.clientWidth < NARROW ? 10 : 8;
  }

  // Beneath the controls, so that these stay beside the population on a phone.
  tell(tally) {
    this.grid.words.textContent = "the population, fittest first";
    this.tally.textContent = `Under each picture ${tally}`;
  }

  lay() {
    this.grid.figure.prepend(this.empty);
    const pair = this.above();
    const [grid, kin] = this.pictures();
    this.buttons.row.append(button("Other target", () => this.another()));
    this.tally = element("p", { className: "ll-numbers" });
    kin.prepend(this.tally);
    const sliders = element("div", { className: "ll-sliders" }, ...this.sliders.map(({ row }) => row));
    const side = element("div", { className: "ll-left" }, ...pair, this.buttons.row, this.walk.box, sliders);
    const body = element("div", { className: "ll-body" }, grid, side);
    this.root.classList.add("ll-small");
    this.root.replaceChildren(this.alert, this.numbers, body, kin, this.speech);
  }

  another() {
    const { dataset, target } = this.session.settings;
    this.session.set("target", (target + 1) % targetsOf(dataset).images.length);
  }

  drawCurve() {} // there is no room for one
}
