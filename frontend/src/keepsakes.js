// What a reader takes along: a link to the run, a picture of it, a film.
import { GIFEncoder } from "gifenc";
import { Address } from "./address.js";
import { button, element } from "./controls.js";
import { written } from "./link.js";
import { SIDE } from "./pictures.js";

const MOST_FRAMES = 120;
const SCALE = 2; // screen pixels for one of a generator's, in a film
const [COLUMNS, GAP] = [8, 2];
const SLOW = [20, 300, 100]; // so many frames slowly; milliseconds of those and of the others
const GREYS = Array.from({ length: 256 }, (_, grey) => [grey, grey, grey]);

export function save(blob, name) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const told = ({ settings: { population, matingRate, mutationRate, seed } }) =>
  `population ${population}, mating ${matingRate.toFixed(2)}, mutation ${mutationRate.toFixed(2)}, seed ${seed}`;

// Target, best image and population as they stand, with the numbers under them.
export function postcard({ target, best, grid, words }) {
  const [width, face] = [640, 150];
  const height = Math.round((grid.height / grid.width) * (width - 20));
  const card = Object.assign(document.createElement("canvas"), { width, height: face + height + 70 });
  const brush = card.getContext("2d");
  brush.imageSmoothingEnabled = false;
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, card.width, card.height);
  brush.drawImage(target, 10, 10, face - 10, face - 10);
  brush.drawImage(best, face + 10, 10, face - 10, face - 10);
  brush.drawImage(grid, 10, face + 10, width - 20, height);
  brush.fillStyle = "#22262b";
  brush.font = "16px sans-serif";
  brush.fillText("left: the target", 2 * face + 20, 30);
  brush.fillText("right: the best image", 2 * face + 20, 52);
  words.forEach((line, i) => brush.fillText(line, 10, face + height + 36 + 22 * i));
  return card;
}

// The frame's pixels, grey levels: target and best above, the fittest below.
function frameOf({ target, film }, frame) {
  const pitch = SIDE + GAP;
  const count = film[frame].length / SIDE ** 2;
  const [width, height] = [(COLUMNS * pitch - GAP) * SCALE, (Math.ceil(count / COLUMNS) * pitch + 2 * SIDE + GAP) * SCALE];
  const pixels = new Uint8Array(width * height).fill(255);
  const place = (value, left, top, scale) => {
    for (let y = 0; y < SIDE * scale; y++)
      for (let x = 0; x < SIDE * scale; x++) pixels[(top + y) * width + left + x] = value(Math.floor(y / scale) * SIDE + Math.floor(x / scale));
  };
  place((p) => 255 * target[p], 0, 0, 2 * SCALE);
  place((p) => film[frame][p], (2 * SIDE + GAP) * SCALE, 0, 2 * SCALE);
  for (let i = 0; i < count; i++)
    place((p) => film[frame][i * SIDE ** 2 + p], (i % COLUMNS) * pitch * SCALE, (2 * SIDE + GAP + Math.floor(i / COLUMNS) * pitch) * SCALE, SCALE);
  return { pixels, width, height };
}

// An animated GIF of a run: every generation, or as many as fit. `told` (share) hears how far it is.
export async function filmOf(run, told) {
  const gif = GIFEncoder();
  const count = Math.min(run.film.length, MOST_FRAMES);
  for (let i = 0; i < count; i++) {
    const frame = i < SLOW[0] ? i : Math.round(SLOW[0] + ((i - SLOW[0]) * (run.film.length - 1 - SLOW[0])) / Math.max(1, count - 1 - SLOW[0]));
    const { pixels, width, height } = frameOf(run, frame);
    const delay = i === count - 1 ? 2000 : SLOW[i < SLOW[0] ? 1 : 2];
    gif.writeFrame(pixels, width, height, { palette: i ? undefined : GREYS, delay });
    if (i % 4 === 0) {
      told(i / count);
      await new Promise((resolve) => setTimeout(resolve)); // the page breathes
    }
  }
  gif.finish();
  return new Blob([gif.bytes()], { type: "image/gif" });
}

export class Keepsakes extends Address {
  // `view`: of restoring_view.js.
  constructor(view) {
    super(view, "Link to this run", () => this.addressed());
    this.card = button("Save a picture", () => this.picture());
    this.film = button("Save a film", () => this.record());
    const row = element("div", { className: "ll-buttons" }, this.link, this.card, this.film);
    this.box = element("div", { className: "ll-keepsakes" }, row, this.address, this.said);
  }

  get session() {
    return this.view.session;
  }

  show(run) {
    for (const one of [this.card, this.film]) one.disabled = !run?.curve.length;
  }

  addressed() {
    const { session } = this;
    const { run } = session;
    const hash = written(session, run?.curve.length ? this.view.errorOf(run.curve) : NaN);
    const moved = run?.marks.length ? " A slider was moved during the run; the link has the values as they are now, from the start." : "";
    return { hash, words: `It holds the target and every setting, and the error to beat.${moved}` };
  }

  picture() {
    const { view, session: { run } } = this;
    const words = [`generation ${run.generation}, ${view.progress(run)}`, told(run)];
    const card = postcard({ target: view.target.canvas, best: view.best.canvas, grid: view.grid.canvas, words });
    card.toBlob((blob) => save(blob, `evolution-${run.generation}.png`));
  }

  async record() {
    const { run } = this.session;
    this.film.disabled = true;
    try {
      const blob = await filmOf({ target: run.target, film: [...run.film] }, (share) => (this.said.textContent = `Writing the film: ${Math.round(100 * share)}\u00a0%`));
      save(blob, `evolution-${run.generation}.gif`);
      this.say("The film is saved.");
    } finally {
      this.film.disabled = false;
    }
  }
}
