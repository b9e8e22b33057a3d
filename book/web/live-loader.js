// On every page, and small: only where a live figure waits does it fetch the figure's script and style.
(() => {
  const here = document.currentScript.src.replace(/[^/]*$/, "live/");
  const load = () => {
    if (!document.querySelector("[data-latent-live]")) return;
    const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: `${here}live.css` });
    document.head.append(style, Object.assign(document.createElement("script"), { src: `${here}live.js` }));
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", load);
  else load();
})();
