// One gene after the other: a shoe, its hundred genes as bars, and each bar can be dragged.
import { button, element } from "./controls.js";
import { Hands, genesOf, range } from "./hands.js";
import { tile } from "./pictures.js";
import { picture } from "./view.js";

const SHOE = 160; // chosen by eye, as was the gene that moves its heel
const HEEL = 14; // from 0
const LOW = -2.5; // where the heel is flat
const MOST = 3; // a gene is a draw from N(0, 1): one in 370 lies beyond
const [WIDTH, HEIGHT] = [400, 90];

const signed = (value) => value.toFixed(1).replace("-", "−");

export class GeneHands extends Hands {
  lay() {
    this.shoe = picture("ll-one", "what the generator draws");
    this.strip = element("div", { className: "ll-strip" });
    this.strip.addEventListener("pointerdown", (event) => this.grasp(event));
    this.strip.addEventListener("pointermove", (event) => this.held && this.drag(event));
    for (const name of ["pointerup", "pointercancel"]) this.strip.addEventListener(name, () => (this.held = false));
    this.value = range({ label: "", min: -MOST, max: MOST, step: 0.1, value: 0, words: signed }, (value) => this.set(this.at, value));
    this.which = range({ label: "Which gene", min: 1, max: 100, step: 1, value: HEEL + 1 }, (number) => this.choose(number - 1));
    const back = button("Back to the shoe", () => this.reset());
    const anew = button("All genes anew", () => this.anew());
    const side = element("div", { className: "ll-right" }, this.strip, this.value.row, this.which.row, element("div", { className: "ll-buttons" }, back, anew));
    this.draws = 0;
    this.shoe.canvas.width = this.shoe.canvas.height = 28; // its place until it is drawn
    this.start();
    return [element("div", { className: "ll-body" }, this.shoe.figure, side)];
  }

  start() {
    this.genes = genesOf(SHOE);
    this.at = HEEL;
    this.genes[HEEL] = LOW;
    this.show();
  }

  reset() {
    this.start();
    this.refresh();
  }

  anew() {
    this.draws = (this.draws + 1) % SHOE;
    this.genes = genesOf(this.draws);
    this.refresh();
  }

  choose(at) {
    this.at = at;
    this.refresh();
  }

  set(at, value) {
    this.at = at;
    this.genes[at] = Math.min(MOST, Math.max(-MOST, value));
    this.refresh();
  }

  placeOf({ clientX, clientY }) {
    const box = this.strip.getBoundingClientRect();
    return [Math.floor(((clientX - box.left) / box.width) * 100), MOST * (1 - (2 * (clientY - box.top)) / box.height)];
  }

  grasp(event) {
    event.preventDefault();
    this.strip.setPointerCapture(event.pointerId);
    this.held = true;
    const [at, value] = this.placeOf(event);
    this.set(Math.min(99, Math.max(0, at)), value);
  }

  drag(event) {
    this.set(this.at, this.placeOf(event)[1]);
  }

  latents() {
    return this.genes.slice();
  }

  show() {
    const [wide, middle] = [WIDTH / 100, HEIGHT / 2];
    const bars = Array.from(this.genes, (gene, g) => {
      const height = (Math.min(MOST, Math.abs(gene)) / MOST) * middle;
      const look = g === this.at ? "ll-held" : "ll-gene";
      return `<rect class="${look}" x="${(g * wide).toFixed(1)}" y="${(gene > 0 ? middle - height : middle).toFixed(1)}" width="${wide - 0.8}" height="${Math.max(height, 0.5).toFixed(1)}"/>`;
    });
    const chosen = `<rect class="ll-chosen" x="${(this.at * wide - 1).toFixed(1)}" y="0" width="${wide + 1.2}" height="${HEIGHT}"/>`;
    this.strip.innerHTML = `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="A hundred genes as bars, above the line where they are positive; gene ${this.at + 1} is chosen">${chosen}${bars.join("")}<path class="ll-axis" d="M0 ${middle}H${WIDTH}"/></svg>`;
    this.value.show(this.genes[this.at], `Gene ${this.at + 1}`);
    this.which.show(this.at + 1);
  }

  paint(images) {
    tile(this.shoe.canvas, images, 1);
    this.shoe.canvas.setAttribute("aria-label", `the image of these genes, gene ${this.at + 1} being ${signed(this.genes[this.at])}`);
  }
}
