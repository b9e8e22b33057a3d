// A wish clicked together: ten digits, each no matter, wanted or not wanted, joined by OR or AND.
import { button, choice, element, newId } from "./controls.js";
import { read, write } from "./wishes.js";

const MEANING = { 0: "no matter", 1: "wanted", "-1": "not wanted" };
const NEXT = { 0: 1, 1: -1, "-1": 0 };
const JOINS = [
  { value: "|", content: "OR" },
  { value: "&", content: "AND" },
];

export function wishBuilder(session) {
  let wish = read(session.settings.wish);
  const changed = () => {
    session.set("wish", write(wish));
    show();
  };
  const digits = wish.signs.map((_, digit) => button("", () => ((wish.signs[digit] = NEXT[wish.signs[digit]]), changed())));
  const joins = choice("joined by", JOINS, (join) => ((wish.join = join), changed()), "ll-segments");
  const formula = element("output", { className: "ll-formula" });
  const show = () => {
    const { wish: text } = session.settings;
    if (text !== write(wish)) wish = read(text); // Python's; else the choice of AND outlives a wish of one digit
    digits.forEach((made, digit) => {
      const sign = wish.signs[digit];
      made.textContent = sign < 0 ? `~${digit}` : digit;
      made.dataset.sign = sign;
      made.setAttribute("aria-label", `${made.textContent}: ${MEANING[sign]}`);
    });
    joins.show(wish.join);
    if (formula.value !== write(wish)) formula.value = write(wish);
  };
  const help = element("p", { id: newId(), className: "ll-numbers", textContent: "one click: wanted; two: not wanted; three: no matter" });
  const legend = element("legend", { textContent: "Wish: which digits an image is to show" });
  const fieldset = element("fieldset", { className: "ll-choice ll-wish" }, legend, element("div", {}, ...digits), help);
  fieldset.setAttribute("aria-describedby", help.id);
  const reads = element("p", { className: "ll-reads" }, "reads ", formula);
  return { box: element("div", { className: "ll-problems ll-wishes" }, fieldset, joins.box, reads), show };
}
