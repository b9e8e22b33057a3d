// On every page: the switch for folded code, which is kept from page to page; a cue where a table or figure goes
// on to the right; folds open on paper; what a page is about, in the results of the search. Without it all code is in folds.
(() => {
  const root = document.documentElement;
  const scriptFolder = document.currentScript.src.replace(/[^/]*$/, "");
  const KEY = "code";
  root.classList.add("one-switch"); // before the page is drawn: no fold flashes up

  // a definition beside a term goes with Escape, and comes back with the next term
  addEventListener("keydown", ({ key }) => { if (key === "Escape") root.classList.add("no-definitions"); });
  for (const kind of ["focusin", "pointerover"]) {
    addEventListener(kind, ({ target }) => { if (target.closest?.("[data-definition]")) root.classList.remove("no-definitions"); });
  }

  const kept = {
    read() { try { return localStorage.getItem(KEY) === "shown"; } catch { return false; } },
    write(shown) { try { localStorage.setItem(KEY, shown ? "shown" : "hidden"); } catch { /* for this page only */ } },
  };

  function codeSwitch() {
    const folds = [...document.querySelectorAll("article .cell > details.hide")];
    const place = document.querySelector(".article-header-buttons");
    if (!folds.length || !place) return root.classList.remove("one-switch");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm code-switch" });
    const show = (shown) => {
      const still = [...document.querySelectorAll("article :is(h2, h3, p, figure, .cell_output)")]
        .find((part) => part.checkVisibility() && part.getBoundingClientRect().top >= 60);
      const before = still?.getBoundingClientRect().top;
      root.dataset.code = shown ? "shown" : "hidden";
      for (const fold of folds) fold.open = shown;
      button.textContent = shown ? "Hide code" : "Show code";
      if (still && window.scrollY) window.scrollBy({ top: still.getBoundingClientRect().top - before, behavior: "instant" });
    };
    button.addEventListener("click", () => {
      const shown = root.dataset.code !== "shown";
      kept.write(shown);
      show(shown);
    });
    place.prepend(button);
    show(kept.read());
  }

  function cues() {
    const seen = new ResizeObserver((entries) => entries.forEach(({ target }) => mark(target)));
    const mark = (place) => {
      const wider = place.scrollWidth > place.clientWidth + 1;
      place.classList.toggle("wider", wider);
      place.classList.toggle("at-end", place.scrollLeft + place.clientWidth >= place.scrollWidth - 2);
      if (wider) place.setAttribute("tabindex", "0"); // for the arrow keys
    };
    const frames = "article :is(.picture, :is(.text_html, .pst-scrollable-table-container):has(table))";
    for (const place of document.querySelectorAll(frames)) {
      place.addEventListener("scroll", () => mark(place), { passive: true });
      seen.observe(place);
    }
  }

  async function formulasForKeys() { // a formula that is too wide scrolls by the arrow keys
    await window.MathJax?.startup?.promise;
    for (const formula of document.querySelectorAll("mjx-container[display]")) formula.tabIndex = 0;
  }

  function names() {
    document.querySelectorAll("article button.copybtn").forEach((button, place) => {
      button.setAttribute("aria-label", `Copy code ${place + 1}`);
    });
    document.querySelectorAll("article button.toggle-button").forEach((button, place) => {
      button.setAttribute("aria-label", `Show or hide solution ${place + 1}`);
    });
  }

  function onPaper() { // folds are open, and nobody prints light letters on white
    let opened = [], theme;
    addEventListener("beforeprint", () => {
      theme = root.dataset.theme;
      root.dataset.theme = "light";
      opened = [...document.querySelectorAll("article details:not([open], .hide)")];
      for (const fold of opened) fold.open = true;
    });
    addEventListener("afterprint", () => {
      for (const fold of opened) fold.open = false;
      root.dataset.theme = theme;
    });
  }

  function searchSummaries() {
    const results = document.querySelector("#search-results");
    if (!results) return;
    const tell = () => {
      for (const link of results.querySelectorAll("ul.search > li:not([data-told]) > a[href]")) {
        const name = decodeURIComponent(link.pathname.slice(new URL(".", location).pathname.length)).replace(/\.html$/, "");
        link.parentElement.dataset.told = "";
        if (window.bookSummaries[name] && !link.hash) {
          link.after(Object.assign(document.createElement("p"), { className: "context", textContent: window.bookSummaries[name] }));
        }
      }
    };
    const script = Object.assign(document.createElement("script"), { src: `${scriptFolder}summaries.js` });
    script.addEventListener("load", () => {
      tell();
      new MutationObserver(tell).observe(results, { childList: true, subtree: true });
    });
    document.head.append(script);
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const part of [codeSwitch, cues, onPaper, searchSummaries]) part();
  });
  addEventListener("load", () => { // after the scripts that make buttons and formulas
    names();
    formulasForKeys();
  });
})();
