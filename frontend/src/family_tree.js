// The family of one of nine images: the nine of each generation in a row, the newest on top, its ancestors bright and
// joined by threads. Each row leads back to its generation.
import { NINE, lineOf } from "./broods.js";
import { button, element } from "./controls.js";
import { and } from "./narration.js";
import { GAP } from "./pictures.js";

const THREAD = 12; // height between two rows, of which an image has about 28

const numbers = (members, some) => members.flatMap((one, place) => (some.has(one) ? [place + 1] : []));

// From each of the newer row to its parents in the older, or to itself, where it was there already.
function threads(newer, older, kin, side) {
  const middle = (place) => place * (side + GAP) + side / 2;
  const wide = NINE * (side + GAP) - GAP;
  const lines = newer.members.flatMap((one, place) => {
    if (!kin.has(one)) return [];
    const from = older.members.includes(one) ? [one] : one.parents;
    return from.map((parent) => `M${middle(place)} 0L${middle(older.members.indexOf(parent))} ${THREAD}`);
  });
  return `<svg viewBox="0 0 ${wide} ${THREAD}" preserveAspectRatio="none" aria-hidden="true"><path d="${lines.join("")}"/></svg>`;
}

// Where an image comes from, in a sentence or two.
export function wordsOf(generations, place) {
  const one = generations.at(-1).members[place];
  const line = lineOf(generations, one);
  const born = line.findIndex((some) => some.has(one));
  const who = `Image ${place + 1}`;
  const kept = born < generations.length - 1 ? `, locked since generation ${born},` : "";
  if (!one.parents.length) return `${who}${kept} has no parents: its genes were drawn at random.`;
  const parents = numbers(generations[born - 1].members, line[born - 1]);
  const child = `${who}${kept} is a child of ${and(parents)} of generation ${born - 1}`;
  if (born === 1) return `${child}.`;
  const founders = numbers(generations[0].members, line[0]);
  return `${child}, and descends from ${and(founders)} of the first nine.`;
}

export class FamilyTree {
  // `goTo` (generation) is told where the reader wants to go back to.
  constructor(goTo) {
    this.goTo = goTo;
    this.title = element("p", { className: "ll-who", textContent: "Family tree" });
    this.words = element("p", { className: "ll-numbers" });
    this.list = element("ol", { className: "ll-tree" });
    this.rows = [];
    this.box = element("div", { className: "ll-kin" }, this.title, this.words, this.list);
  }

  // Rows stay the same elements, so that a button keeps the focus.
  row(generation) {
    const canvas = element("canvas", {});
    canvas.setAttribute("role", "img");
    const back = button(String(generation), () => this.goTo(generation));
    back.setAttribute("aria-label", `${generation}: back to this generation`);
    const between = element("div", { className: "ll-threads" });
    return { canvas, back, between, box: element("li", {}, back, canvas, between) };
  }

  // `draw` (canvas, members, marked): a row of images.
  show(generations, place, form, draw) {
    const now = generations.length - 1;
    const line = lineOf(generations, generations[now].members[place]);
    while (this.rows.length < generations.length) this.rows.push(this.row(this.rows.length));
    this.rows.length = generations.length;
    this.rows.forEach(({ canvas, back, between }, i) => {
      const { members } = generations[i];
      back.disabled = i === now;
      draw(canvas, members, members.map((one) => line[i].has(one)));
      const some = numbers(members, line[i]);
      canvas.setAttribute("aria-label", i === now ? `generation ${i}, now: image ${place + 1}` : `generation ${i}: ${and(some)}`);
      between.innerHTML = i ? threads(generations[i], generations[i - 1], line[i], form.side) : "";
    });
    const boxes = this.rows.map(({ box }) => box).reverse();
    if (boxes.length !== this.list.children.length || boxes[0] !== this.list.firstChild) this.list.replaceChildren(...boxes);
    this.words.textContent = wordsOf(generations, place);
  }
}
