// A population to look into: its pictures on a canvas, under each a bar of its genes by founder, in the corner of some a
// mark that it was mutated just now; pointed at, tapped or walked to by arrow keys, one of them is chosen.
import { element } from "./controls.js";
import { EVER, NOW, colourOf, kinOf, pale } from "./lineage.js";
import { SIDE } from "./pictures.js";

const BAR = 5; // pixels of the drawing, of which a picture has 28
const [ACROSS, DOWN] = [SIDE + 2, SIDE + BAR + 3]; // from one to the next
const CORNER = 6;
const MARK = [255, 140, 40];
const WAYS = { ArrowLeft: -1, ArrowRight: 1 };

const paint = (picture, x, y, [red, green, blue]) => picture.data.set([red, green, blue, 255], 4 * (y * picture.width + x));

function drawBar(picture, left, top, { founders, genes }) {
  let [drawn, told] = [0, 0];
  for (const [founder, share, pure] of founders) {
    const colours = [colourOf(founder), pale(colourOf(founder))];
    for (const [i, some] of [pure, share - pure].entries()) {
      told += some;
      for (const end = Math.round((SIDE * told) / genes); drawn < end; drawn++)
        for (let y = 0; y < BAR; y++) paint(picture, left + drawn, top + y, colours[i]);
    }
  }
}

// A followed group, fittest first, in rows.
export function drawPeople(canvas, group, columns) {
  const count = group.fitness.length;
  const [width, height] = [columns * ACROSS - 2, Math.ceil(count / columns) * DOWN - 3];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const picture = new ImageData(width, height);
  for (let i = 0; i < count; i++) {
    const [left, top] = [(i % columns) * ACROSS, Math.floor(i / columns) * DOWN];
    for (let p = 0; p < SIDE ** 2; p++) {
      const value = group.images[i * SIDE ** 2 + p];
      paint(picture, left + (p % SIDE), top + Math.floor(p / SIDE), [value, value, value]);
    }
    const kin = kinOf(group, i);
    if (kin.now) for (let y = 0; y < CORNER; y++) for (let x = y; x < CORNER; x++) paint(picture, left + SIDE - CORNER + x, top + y, MARK);
    drawBar(picture, left, top + SIDE, kin);
  }
  canvas.getContext("2d").putImageData(picture, 0, 0);
}

// What the eye is to see, in words.
export function census({ fitness, founder, marks, parents }) {
  const count = fitness.length;
  const genes = founder.length / count;
  const mutated = Array.from({ length: count }, (_, i) => marks.subarray(i * genes, (i + 1) * genes).some((bits) => bits & NOW));
  const since = marks.filter((bits) => bits & EVER).length / marks.length;
  return {
    mutated: mutated.filter(Boolean).length,
    crossed: Array.from({ length: count }, (_, i) => parents[2 * i + 1]).filter((second) => second >= 0).length,
    founders: new Set(founder).size,
    since,
  };
}

const plural = (count, one, more) => `${count} ${count === 1 ? one : more}`;

// The same, in words.
export function talliedIn(group, generation) {
  if (!generation) return "the bar: genes by founder, and at first everybody is one";
  const { mutated, crossed, founders, since } = census(group);
  return (
    `the bar: genes by founder, pale once mutated. Just now ${mutated} of ${group.fitness.length} mutated (orange corner), ` +
    `${plural(crossed, "has", "have")} two parents. ${plural(founders, "founder", "founders")} left, ${Math.round(100 * since)}\u00a0% of the genes mutated since.`
  );
}

// `chosen` (place in the order shown, or -1; whether it is to stay) is told whom the reader looks at.
export class People {
  constructor(canvas, help, chosen) {
    this.ring = element("span", { className: "ll-ring", hidden: true });
    this.box = element("div", { className: "ll-people", tabIndex: 0 });
    this.box.setAttribute("role", "application"); // else a screen reader keeps the arrow keys
    this.box.setAttribute("aria-label", "Individuals to look into");
    this.box.setAttribute("aria-describedby", help.id);
    canvas.replaceWith(this.box);
    this.box.append(canvas, this.ring);
    Object.assign(this, { canvas, chosen, count: 0, at: -1 });
    this.box.addEventListener("pointermove", (event) => event.pointerType === "mouse" && chosen(this.under(event), false));
    this.box.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && chosen(-1, false));
    this.box.addEventListener("click", (event) => chosen(this.under(event), true));
    this.box.addEventListener("keydown", (event) => this.key(event));
  }

  show(group, columns) {
    Object.assign(this, { columns, count: group.fitness.length });
    drawPeople(this.canvas, group, columns);
  }

  point(at) {
    this.at = at;
    this.ring.hidden = at < 0 || at >= this.count;
    if (this.ring.hidden) return;
    const { width, height } = this.canvas;
    const places = { left: ((at % this.columns) * ACROSS) / width, top: (Math.floor(at / this.columns) * DOWN) / height, width: SIDE / width, height: (SIDE + BAR) / height };
    for (const [name, share] of Object.entries(places)) this.ring.style[name] = `${100 * share}%`;
  }

  under({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor(((clientX - box.left) / box.width) * (this.canvas.width / ACROSS));
    const row = Math.floor(((clientY - box.top) / box.height) * (this.canvas.height / DOWN));
    const at = row * this.columns + column;
    return column >= 0 && column < this.columns && row >= 0 && at < this.count ? at : -1;
  }

  key(event) {
    const step = WAYS[event.key] ?? { ArrowUp: -this.columns, ArrowDown: this.columns }[event.key];
    if ((step === undefined && event.key !== "Escape") || !this.count) return;
    event.preventDefault(); // the page does not scroll
    if (step === undefined) return void this.chosen(-1, true);
    const to = this.at < 0 ? 0 : this.at + step;
    if (to >= 0 && to < this.count) this.chosen(to, true);
  }
}
