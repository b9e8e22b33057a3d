// One individual between its two parents: pictures, genes in the colours of their founders, and which came from whom.
import { element } from "./controls.js";
import { EVER, NOW, SECOND, colourOf, kinOf, pale } from "./lineage.js";
import { SIDE, tile } from "./pictures.js";

const WIDTH = 400;
const HEIGHT = 132;
const STRIP = 14;
const ROWS = { first: 15, child: 59, second: 103 }; // of strips, beside the middles of three pictures

const css = (colour) => `rgb(${colour.join(" ")})`;

// A strip of genes; those that were disturbed just now stand out where `now` is set.
function strip({ founder, marks }, place, genes, y, now) {
  const wide = WIDTH / genes;
  let cells = "";
  for (let g = 0; g < genes; g++) {
    const at = place * genes + g;
    const fresh = now && marks[at] & NOW;
    const fill = marks[at] & EVER ? pale(colourOf(founder[at])) : colourOf(founder[at]);
    const look = fresh ? 'class="ll-fresh"' : `fill="${css(fill)}"`;
    cells += `<rect ${look} x="${(g * wide).toFixed(2)}" y="${y}" width="${(wide + 0.2).toFixed(2)}" height="${STRIP}"/>`;
  }
  return cells;
}

// A thread for each gene, from the parent that gave it, in the colour of its founder.
function threads({ founder, marks }, place, genes) {
  const paths = new Map();
  for (let g = 0; g < genes; g++) {
    const at = place * genes + g;
    const x = (((g + 0.5) * WIDTH) / genes).toFixed(1);
    const [from, to] = marks[at] & SECOND ? [ROWS.second, ROWS.child + STRIP] : [ROWS.first + STRIP, ROWS.child];
    paths.set(founder[at], `${paths.get(founder[at]) ?? ""}M${x} ${from}V${to}`);
  }
  return [...paths].map(([founder, d]) => `<path d="${d}" stroke="${css(colourOf(founder))}"/>`).join("");
}

const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

function ancestry({ founders, ever }) {
  const [first, second] = founders.map(([founder, share]) => `founder ${founder + 1} (${plural(share, "gene")})`);
  const more = founders.length > 2 ? ` and ${founders.length - 2} more` : "";
  const names = second ? `${first}, ${second}${more}` : first;
  return `Descends from ${names}${ever ? `; ${ever} of its genes have mutated since` : ""}.`;
}

// Where its genes come from, in a sentence or two.
export function wordsOf(kin) {
  if (kin.first < 0) return `Founder ${kin.founders[0][0] + 1}: its ${kin.genes} genes are random numbers.`;
  const mutated = kin.now ? `, ${kin.now} mutated` : "";
  if (kin.second >= 0) return `${kin.genes - kin.exchanged} genes from A, ${kin.exchanged} from B${mutated}. ${ancestry(kin)}`;
  return `${kin.now ? `A child of A alone${mutated}` : "A, unchanged"}. ${ancestry(kin)}`;
}

export class Pedigree {
  constructor() {
    const place = (name) => {
      const canvas = element("canvas", { className: "ll-face", width: SIDE, height: SIDE });
      canvas.setAttribute("role", "img");
      return { canvas, box: element("div", {}, element("span", { textContent: name }), canvas) };
    };
    this.faces = { first: place("A"), child: place("child"), second: place("B") };
    this.genes = element("div", { className: "ll-genes" });
    this.title = element("p", { className: "ll-who" });
    this.words = element("p", { className: "ll-numbers" });
    const faces = element("div", { className: "ll-faces" }, ...Object.values(this.faces).map(({ box }) => box));
    this.box = element("div", { className: "ll-pedigree" }, this.title, element("div", { className: "ll-family" }, faces, this.genes), this.words);
  }

  // One of a followed group; `before` the group of its parents; `title` who it is.
  show({ group, before, place, title }) {
    const kin = kinOf(group, place);
    const members = { first: [before, kin.first, "parent A"], child: [group, place, "the individual"], second: [before, kin.second, "parent B"] };
    for (const [name, [source, at, words]] of Object.entries(members)) {
      const { canvas, box } = this.faces[name];
      const there = at >= 0 && Boolean(source);
      box.style.visibility = there ? "" : "hidden";
      if (there) tile(canvas, source.images.subarray(at * SIDE ** 2, (at + 1) * SIDE ** 2), 1);
      canvas.setAttribute("aria-label", words);
    }
    const parts = [strip(group, place, kin.genes, ROWS.child, true)];
    if (kin.first >= 0 && before) parts.push(strip(before, kin.first, kin.genes, ROWS.first), threads(group, place, kin.genes));
    if (kin.second >= 0 && before) parts.push(strip(before, kin.second, kin.genes, ROWS.second));
    const words = wordsOf(kin);
    this.genes.innerHTML = `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="Genes by founder. ${words}">${parts.join("")}</svg>`;
    this.title.textContent = title;
    this.words.textContent = words;
    return `${title}. ${words}`;
  }
}
