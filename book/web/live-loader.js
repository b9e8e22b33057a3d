// On every page, and small: only where a live figure or the scoreboard waits does it fetch what moves it.
(() => {
  const here = document.currentScript.src.replace(/[^/]*$/, "live/");
  const add = (element, given) => document.head.append(Object.assign(document.createElement(element), given));
  const load = () => {
    if (document.querySelector("[data-scoreboard]")) add("script", { src: `${here}scoreboard.js` });
    if (!document.querySelector("[data-latent-live]")) return;
    add("link", { rel: "stylesheet", href: `${here}live.css` });
    add("script", { src: `${here}live.js` });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", load);
  else load();
})();
