// What a figure on the static page does with the page: it plays while it is in view, and takes its run from the address.
const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches || navigator.connection?.saveData;
export const loaded = new Promise((resolve) => (document.readyState === "complete" ? resolve() : window.addEventListener("load", resolve)));

// Calls with whether an element is in view, at first and whenever that changes.
export function watch(place, seen, rootMargin = "0px") {
  new IntersectionObserver((entries) => seen(entries.at(-1).isIntersecting), { rootMargin }).observe(place);
}

// A run that plays by itself while it is in view, until the reader takes over; not for those who want little motion or
// few bytes.
function play(place, session) {
  let ours = !calm(); // whether it is ours to start it
  for (const name of ["pointerdown", "keydown"]) place.addEventListener(name, () => (ours = false));
  watch(place, async (inView) => {
    if (inView) await loaded; // the page first
    if (!ours) return;
    if (inView && session.state !== "finished") session.start();
    else if (!inView && session.running) session.pause();
  });
}

// `mount` (place, config) puts a session there; `read` (hash) finds settings in an address, or null.
export function bring(place, { play: plays, ...config }, mount, read) {
  const given = config.linked && read(location.hash);
  const { session } = mount(place, { ...config, ...given });
  if (plays) play(place, session);
  if (given) loaded.then(() => (place.scrollIntoView(), session.open?.()));
}
