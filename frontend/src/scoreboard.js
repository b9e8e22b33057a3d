// The scoreboard's chips and search choose rows, the address keeps the choice, and a permalink opens its row. Without this
// script all rows are there, closed.
const FACETS = ["verdict", "study", "kind"];
const panel = document.querySelector("[data-scoreboard]");
const field = panel.querySelector("input");
const all = panel.querySelector("[data-clear]");
const status = panel.querySelector("[role=status]");
const chips = [...panel.querySelectorAll("[data-facet]")];
const rows = [...document.querySelectorAll(".claim")];
const sections = [...new Set(rows.map((row) => row.closest("section")))];
const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

const pressed = (chip) => chip.getAttribute("aria-pressed") === "true";
const press = (chip, on) => chip.setAttribute("aria-pressed", String(on));
const chosen = (facet) => chips.filter((chip) => chip.dataset.facet === facet && pressed(chip)).map((chip) => chip.dataset.value);

function show() {
  const wanted = FACETS.map((facet) => [facet, chosen(facet)]).filter(([, values]) => values.length);
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const row of rows) {
    const fits = wanted.every(([facet, values]) => values.includes(row.dataset[facet])) && words.every((word) => texts.get(row).includes(word));
    row.hidden = !fits;
    count += fits;
  }
  for (const section of sections) section.hidden = !section.querySelector(".claim:not([hidden])");
  all.hidden = !field.value && !wanted.length;
  status.textContent = count === rows.length ? `All ${count} claims are shown.` : `${count} of ${rows.length} claims are shown.`;
}

function keep() {
  const given = new URLSearchParams(location.search);
  const choice = { q: field.value.trim(), ...Object.fromEntries(FACETS.map((facet) => [facet, chosen(facet).join(",")])) };
  for (const [name, value] of Object.entries(choice)) value ? given.set(name, value) : given.delete(name);
  const query = given.toString().replaceAll("%2C", ",");
  history.replaceState(null, "", `${location.pathname}${query && `?${query}`}${location.hash}`);
}

function read() {
  const given = new URLSearchParams(location.search);
  field.value = given.get("q") ?? "";
  for (const chip of chips) press(chip, (given.get(chip.dataset.facet) ?? "").split(",").includes(chip.dataset.value));
  show();
}

function clear() {
  if (document.activeElement === all) field.focus(); // it is about to vanish
  field.value = "";
  for (const chip of chips) press(chip, false);
  show();
  keep();
}

// The row that the address names is shown, whatever is chosen, and open.
function open() {
  const row = document.getElementById(location.hash.slice(1));
  if (!rows.includes(row)) return;
  if (row.hidden) clear();
  row.querySelector("details").open = true;
  row.scrollIntoView();
}

panel.addEventListener("click", ({ target }) => {
  const chip = target.closest(".chip");
  if (!chip) return;
  if ("clear" in chip.dataset) return void clear();
  press(chip, !pressed(chip));
  show();
  keep();
});
field.addEventListener("input", () => (show(), keep()));
addEventListener("popstate", () => (read(), open()));
addEventListener("hashchange", open);
document.addEventListener("click", ({ target }) => {
  if (target.closest("a")?.hash && target.closest("a").hash === location.hash) open(); // no event tells of the same address
});

panel.hidden = false;
read();
open();
