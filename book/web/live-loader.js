// On every page, and small: only where a live figure or the scoreboard waits does it fetch what moves it.
(() => {
  const here = document.currentScript.src.replace(/[^/]*$/, "live/");
  const add = (element, given) => document.head.append(Object.assign(document.createElement(element), given));
  const load = () => {
    if (document.querySelector("[data-scoreboard]")) add("script", { src: `${here}scoreboard.js` });
    const places = [...document.querySelectorAll("[data-latent-live]")];
    if (!places.length) return;
    add("link", { rel: "stylesheet", href: `${here}live.css` });
    const scripts = places.map(({ dataset }) => (JSON.parse(dataset.latentLive || "{}").figure === "ring" ? "ring" : "live"));
    for (const name of new Set(scripts)) add("script", { src: `${here}${name}.js` });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", load);
  else load();
})();
