// Two shoes and their children: each gene comes from one parent or from the other, by the toss of a coin.
import { button, element } from "./controls.js";
import { Hands, genesOf, range } from "./hands.js";
import { founders } from "./lineage.js";
import { drawPeople } from "./people.js";
import { Random } from "./random.js";
import { picture } from "./view.js";

const SHOES = [318, 25, 43, 75, 221, 10, 101, 74, 253, 113, 16, 285]; // chosen by eye; neighbours are a pair
const CHILDREN = 6;

export class CrossHands extends Hands {
  lay() {
    Object.assign(this, { pair: 0, toss: 0, share: 0.5 });
    this.elders = picture("ll-grid", "");
    this.young = picture("ll-grid", "");
    this.slider = range({ label: "Genes of the second parent", min: 0, max: 1, step: 0.05, value: this.share, words: (share) => `${Math.round(100 * share)}\u00a0%` }, (share) => this.set({ share }));
    const again = button("Cross again", () => this.set({ toss: this.toss + 1 }));
    const others = button("Other parents", () => this.set({ pair: (this.pair + 1) % SHOES.length }));
    const side = element("div", { className: "ll-right" }, this.young.figure, this.slider.row, element("div", { className: "ll-buttons" }, again, others));
    return [element("div", { className: "ll-body" }, this.elders.figure, side)];
  }

  set(given) {
    Object.assign(this, given);
    this.slider.show(this.share);
    this.refresh();
  }

  // Parents and children as a followed group, see lineage.js.
  latents() {
    const parents = [0, 1].map((i) => genesOf(SHOES[(this.pair + i) % SHOES.length]));
    const genes = parents[0].length;
    const genomes = new Float32Array((2 + CHILDREN) * genes);
    const kin = founders(2 + CHILDREN, genes);
    parents.forEach((one, i) => genomes.set(one, i * genes));
    for (let child = 2; child < 2 + CHILDREN; child++) {
      const random = new Random(this.toss, child);
      for (let g = 0; g < genes; g++) {
        const from = Number(random.uniform() < this.share);
        genomes[child * genes + g] = parents[from][g];
        kin.founder[child * genes + g] = from;
      }
    }
    this.kin = kin;
    return genomes;
  }

  part(images, first, count) {
    const { founder, marks, parents } = this.kin;
    const genes = founder.length / (2 + CHILDREN);
    const cut = (values, width) => values.subarray(first * width, (first + count) * width);
    return { fitness: new Float32Array(count), images: cut(images, 784), founder: cut(founder, genes), marks: cut(marks, genes), parents: cut(parents, 2) };
  }

  paint(images) {
    drawPeople(this.elders.canvas, this.part(images, 0, 2), 2);
    drawPeople(this.young.canvas, this.part(images, 2, CHILDREN), CHILDREN);
    this.elders.words.textContent = "two parents; the bar: whose genes";
    this.elders.canvas.setAttribute("aria-label", "two parents");
    const words = `${CHILDREN} children, each with about ${Math.round(100 * this.share)}\u00a0% of its genes from the second parent`;
    this.young.words.textContent = words;
    this.young.canvas.setAttribute("aria-label", words);
  }
}
