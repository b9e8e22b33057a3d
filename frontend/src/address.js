// What a reader can be told by an address.
import { button, element } from "./controls.js";

// Numbers of an address within their ranges; what is out of range is left out.
export function numbers(told, ranges) {
  const found = {};
  for (const [name, { low, high, even, whole }] of Object.entries(ranges)) {
    const value = told.has(name) ? Number(told.get(name)) : NaN;
    if (value >= low && value <= high && !(even && value % 2) && !(whole && value % 1)) found[name] = value;
  }
  return found;
}

// A button that shows the address of what is shown, and copies it.
export class Address {
  // `written`: a function that gives what stands behind the page's own, and words on what it holds.
  constructor(view, label, written) {
    Object.assign(this, { view, written });
    this.link = button(label, () => this.share());
    this.link.hidden = !view.session.linked; // another page's address, or Jupyter's, would lead to nothing
    this.address = element("input", { className: "ll-address", readOnly: true, hidden: true });
    this.address.setAttribute("aria-label", label);
    this.said = element("p", { className: "ll-numbers" });
  }

  say(words) {
    this.said.textContent = this.view.speech.textContent = words;
  }

  async share() {
    const { hash, words } = this.written();
    this.address.value = new URL(hash, location.href).href;
    this.address.hidden = false;
    this.address.select();
    const copied = await (navigator.clipboard?.writeText(this.address.value).then(() => true, () => false) ?? false);
    this.say(`${copied ? "Copied." : "Copy this address."} ${words}`);
  }
}
