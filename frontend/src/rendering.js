// A figure as a Jupyter widget: traits follow the controls and the controls the traits.
const REPORT = 200; // least milliseconds between two reports to the kernel

export const byTrait = ({ traits }, settings) =>
  Object.fromEntries(Object.entries(traits).map(([trait, name]) => [trait, settings[name]]));

// Everything the kernel wants to know of a run, after every generation that the loop had time to report.
function report(model, session) {
  const { task, settings } = session;
  for (const [trait, value] of session.refusal ? [] : Object.entries(byTrait(task, settings)))
    if (value !== "drawn" && model.get(trait) !== value) model.set(trait, value);
  for (const [trait, value] of Object.entries(session.report())) model.set(trait, value);
  model.save_changes();
}

// `taskOf` (figure): see session.js. `mount` (place, config, model): puts its session there.
export const rendering = (taskOf, mount) => ({ model, el }) => {
  const place = document.createElement("div");
  el.append(place);
  for (const name of ["keydown", "keyup"]) place.addEventListener(name, (event) => event.stopPropagation()); // JupyterLab's command mode takes arrow keys
  const figure = model.get("figure");
  const task = taskOf(figure);
  const config = Object.fromEntries(Object.entries(task.traits).map(([trait, name]) => [name, model.get(trait)]));
  const { session, listeners, end } = mount(place, { figure, ...config }, model);
  let reported = 0;
  let planned = false;
  listeners.push(() => {
    if (planned) return;
    planned = true;
    setTimeout(() => ((planned = false), (reported = performance.now()), report(model, session)), Math.max(0, reported + REPORT - performance.now()));
  });
  for (const [trait, name] of Object.entries(task.traits)) model.on(`change:${trait}`, () => session.set(name, model.get(trait)));
  model.on("change:running", () => {
    if (model.get("running") && !session.running) session.start();
    else if (!model.get("running") && session.running) session.pause();
  });
  return end;
};
