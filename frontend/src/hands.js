// What the figures in the reader's hands share: a generator that draws whatever genes they hold, now.
import { element } from "./controls.js";
import { firstGenomes } from "./genetic.js";

export const DATASET = "fashion_mnist";
const GENES = 100;
const FIRST = 400; // genomes of seed 0, of which shoes were chosen by eye

let drawn = null;

// The genes of one of them, by its number.
export function genesOf(number) {
  drawn ??= firstGenomes(FIRST, GENES, 0);
  return drawn.slice(number * GENES, (number + 1) * GENES);
}

let count = 0; // of ids on a page

// A range with a name and its value in words; `set` (number) hears of each move.
export function range({ label, min, max, step, value, words = String }, set) {
  const id = `ll-hand-${count++}`;
  const input = element("input", { type: "range", id, min, max, step, value });
  const output = element("output", {});
  output.setAttribute("for", id);
  const name = element("label", { htmlFor: id, textContent: label });
  const show = (given, called) => {
    input.value = String(given);
    output.textContent = words(given);
    input.setAttribute("aria-valuetext", output.textContent);
    if (called) name.textContent = called;
  };
  input.addEventListener("input", () => set(Number(input.value)));
  show(value);
  return { row: element("div", { className: "ll-slider" }, name, output, input), show };
}

export class Hands {
  // `draw` (latents): a promise of their images.
  constructor(root, draw) {
    Object.assign(this, { root, draw, asked: 0, busy: false, images: null });
    this.alert = element("p", { className: "ll-alert", hidden: true });
    this.alert.setAttribute("role", "alert");
    this.speech = element("p", { className: "ll-unseen" });
    this.speech.setAttribute("role", "status");
    root.classList.add("latent-live", "ll-hands");
    root.replaceChildren(this.alert, ...this.lay(), this.speech);
    root.latentHands = this;
    root.dataset.state = "waiting";
  }

  // Draw the present genes; while an answer is awaited, only the last wish counts.
  async refresh() {
    this.asked += 1;
    this.show?.();
    if (this.busy) return;
    this.busy = true;
    try {
      for (let done = 0; done !== this.asked; ) {
        done = this.asked;
        const { images } = await this.draw(this.latents());
        this.images = images;
        this.paint(images);
      }
      this.alert.hidden = true;
      this.root.dataset.state = "drawn";
    } catch (error) {
      this.alert.textContent = `The generator could not be loaded: ${error.message}. Move something to try again.`;
      this.alert.hidden = false;
    }
    this.busy = false;
  }

  // A figure's own: `lay()`: its elements, `latents()`: what to draw, `paint(images)`, and `show()` of what needs no drawing.
}
