// The figure to breed images by eye: nine of them, buttons, the family tree. Everything is a native element with a name.
import { Address } from "./address.js";
import { GENERATORS, formOf } from "./by_eye.js";
import { button, choice, element, newId } from "./controls.js";
import { FamilyTree } from "./family_tree.js";
import { save } from "./keepsakes.js";
import { and, described, surveyed } from "./narration.js";
import { Nine, drawMembers } from "./nine.js";
import { addressOf } from "./story.js";
import { View } from "./view.js";

const ABOUT = {
  sliders: [{ name: "strength", label: "Mutation strength", about: "how far children are from their parents: 0 mixes genes only, 1 leaves nothing of them", min: 0, max: 1, step: 0.05 }],
  loading: "Fetching the generator …",
  invitation: "Press Begin: nine random images appear here, and you choose who has children.",
  caption: "",
};
const HELP =
  "Pick one image or several and press Breed: the next nine are their children. A locked image stays. By keyboard, the arrows walk among the images, the space bar picks, L locks, Enter breeds.";
const SCALE = 4; // screen pixels for one of a generator's, in a saved picture
const FOOT = 34;

// The nine as they stand, with a line under them.
function portrait(members, form, words) {
  const [small, card] = [element("canvas"), element("canvas")];
  drawMembers(small, members, undefined, form, 3);
  Object.assign(card, { width: SCALE * small.width, height: SCALE * small.height + FOOT });
  const brush = card.getContext("2d");
  brush.imageSmoothingEnabled = false;
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, card.width, card.height);
  brush.drawImage(small, 0, 0, card.width, card.height - FOOT);
  brush.fillStyle = "#22262b";
  brush.font = "15px sans-serif";
  brush.fillText(words, 8, card.height - 11);
  return card;
}

export class ByEyeView extends View {
  get about() {
    return ABOUT;
  }

  get form() {
    return formOf(this.session.settings.dataset);
  }

  lay() {
    const { session } = this;
    const titles = Object.entries(GENERATORS).map(([value, { title }]) => ({ value, content: title }));
    this.datasets = choice("Generator", titles, (dataset) => session.set("dataset", dataset), "ll-segments");
    this.help = element("p", { id: newId(), className: "ll-numbers", textContent: HELP });
    const acts = { pick: (place) => session.pick(place), lock: (place) => session.lock(place), breed: () => session.breed() };
    this.nine = new Nine({ ...acts, look: (place) => this.look(place) }, this.help);
    this.tree = new FamilyTree((generation) => session.goTo(generation));
    this.looked = 0; // whose family is shown: who was reached or pointed at last
    const left = element("div", { className: "ll-left" }, this.empty, this.nine.box, ...this.sliders.map(({ row }) => row), this.row(), this.alert, this.help);
    const right = element("div", { className: "ll-right" }, this.tree.box, this.keepsakes(), ...this.choices());
    this.root.classList.add("ll-by-eye");
    this.root.replaceChildren(this.datasets.box, element("div", { className: "ll-body" }, left, right), this.speech);
  }

  row() {
    const { session } = this;
    this.breed = button("Begin", () => session.breed(), "ll-primary");
    this.again = button("Draw again", () => session.again());
    this.back = button("Back", () => session.back());
    this.forward = button("Forward", () => session.forward());
    this.afresh = button("Start over", () => session.go(0));
    this.again.title = "other children of the same parents; in the first generation, other random images";
    return element("div", { className: "ll-buttons" }, this.breed, this.again, this.back, this.forward, this.afresh);
  }

  keepsakes() {
    const words = "It holds the whole family, from the first nine on.";
    this.address = new Address(this, "Link to this family", () => ({ hash: addressOf(this.session.settings), words }));
    this.card = button("Save a picture", () => this.picture());
    const row = element("div", { className: "ll-buttons" }, this.address.link, this.card);
    return element("div", { className: "ll-keepsakes" }, row, this.address.address, this.address.said);
  }

  picture() {
    const { settings: { dataset }, brood: { members, generation } } = this.session;
    const name = `${GENERATORS[dataset].title}, bred by eye, generation ${generation}`;
    portrait(members, this.form, name).toBlob((blob) => save(blob, `by-eye-${generation}.png`));
  }

  look(place) {
    if (this.looked === place) return;
    this.looked = place;
    this.refresh();
  }

  draw() {
    const { session } = this;
    this.drawState();
    this.drawControls();
    this.nine.box.hidden = this.tree.box.hidden = !session.opened;
    this.empty.hidden = session.opened;
    if (session.opened) this.drawFamily();
    this.speak();
  }

  drawControls() {
    const { session } = this;
    super.drawControls();
    this.datasets.show(session.settings.dataset);
    for (const { show } of this.sliders) show();
    this.breed.textContent = session.opened ? "Breed" : "Begin";
    this.again.disabled = this.card.disabled = !session.drawn;
    this.back.disabled = this.afresh.disabled = session.at === 0;
    this.forward.disabled = session.at === session.story.length - 1;
  }

  drawFamily() {
    const { session, form } = this;
    const { brood, generations } = session;
    const told = (place) => ({ words: this.wordsOn(place), picked: session.has("picked", place), locked: session.has("locked", place) });
    const legend = session.fetching ? ABOUT.loading : `Generation ${brood.generation}: pick the parents of the next nine`;
    this.nine.show(legend, told, (canvas, place) =>
      drawMembers(canvas, [brood.members[place]], undefined, form),
    );
    this.tree.show(generations, this.looked, form, (canvas, members, marked) => drawMembers(canvas, members, marked, form));
  }

  // Places of an individual's parents among the nine before, from 1.
  parentsOf({ parents }) {
    const before = this.session.generations.at(-2);
    return before ? parents.map((one) => before.members.indexOf(one) + 1).filter(Boolean).sort() : [];
  }

  wordsOn(place) {
    const one = this.session.brood.members[place];
    return one.image ? described(this.session.settings.dataset, one, this.parentsOf(one)) : "not drawn yet";
  }

  // To those who listen: what the present nine are.
  speak() {
    const { state, brood, settings } = this.session;
    if (this.session.fetching) this.speech.textContent = ABOUT.loading;
    if (state !== "shown" || this.spoken === brood) return;
    this.spoken = brood;
    const parents = this.parentsOf(brood);
    const who = parents.length ? `children of ${and(parents)}` : "nine random images";
    this.speech.textContent = `Generation ${brood.generation}: ${who}. ${surveyed(settings.dataset, brood.members)}`;
  }
}
