// Copies of one shoe, and accidents: mutation alone, by a rate of the reader's, with nobody selected.
import { button, element } from "./controls.js";
import { OPERATORS } from "./genetic.js";
import { Hands, genesOf, range } from "./hands.js";
import { EVER, NOW, founders } from "./lineage.js";
import { census, drawPeople } from "./people.js";
import { Random } from "./random.js";
import { picture } from "./view.js";

const SHOE = 43; // chosen by eye
const COPIES = 16;
const COLUMNS = 8;

export class MutationHands extends Hands {
  lay() {
    Object.assign(this, { rate: 0.3, rounds: 1 });
    this.copies = picture("ll-grid", "");
    this.slider = range({ label: "Mutation rate", min: 0, max: 1, step: 0.05, value: this.rate, words: (rate) => rate.toFixed(2) }, (rate) => this.set({ rate }));
    const more = (rounds) => () => this.set({ rounds: this.rounds + rounds });
    const buttons = [
      button("Mutate again", more(1)),
      button("Ten times more", more(10)),
      button("Back to the shoe", () => this.set({ rounds: 0 })),
    ];
    return [this.copies.figure, this.slider.row, element("div", { className: "ll-buttons" }, ...buttons)];
  }

  set(given) {
    Object.assign(this, given);
    this.slider.show(this.rate);
    this.refresh();
  }

  latents() {
    const shoe = genesOf(SHOE);
    const genes = shoe.length;
    const genomes = new Float32Array(COPIES * genes);
    const kin = { ...founders(COPIES, genes), founder: new Uint16Array(COPIES * genes) };
    for (let copy = 0; copy < COPIES; copy++) {
      genomes.set(shoe, copy * genes);
      const random = new Random(0, copy);
      for (let round = 1; round <= this.rounds; round++) {
        const before = genomes.slice(copy * genes, (copy + 1) * genes);
        OPERATORS.mutate(genomes, copy, genes, this.rate, random);
        before.forEach((gene, g) => {
          const at = copy * genes + g;
          if (gene !== genomes[at]) kin.marks[at] |= EVER | (round === this.rounds && NOW);
        });
      }
    }
    this.kin = kin;
    return genomes;
  }

  paint(images) {
    const group = { fitness: new Float32Array(COPIES), images, ...this.kin };
    drawPeople(this.copies.canvas, group, COLUMNS);
    const { mutated, since } = census(group);
    const times = this.rounds === 1 ? "once" : `${this.rounds} times`;
    const words = this.rounds
      ? `${COPIES} copies of one shoe, mutated ${times}: in the last round ${mutated} of them (orange); ${Math.round(100 * since)}\u00a0% of all genes have changed (pale)`
      : `${COPIES} copies of one shoe`;
    this.copies.words.textContent = words;
    this.copies.canvas.setAttribute("aria-label", words);
    this.speech.textContent = words;
  }
}
