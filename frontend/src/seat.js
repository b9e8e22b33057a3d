// A task, see session.js, and its view in an element.
import { Session } from "./session.js";

// `pace`: of session.js, `linked`: whether the page's address can hold its run, `drawing`: a target of the reader's own,
// `challenge`: an error to beat, `config`: settings. `engines` (settings): a promise of what evolves. `places`: names of
// where it can.
export function seat(root, { task, View, Kind = Session }, { pace = "full", linked = false, drawing, challenge, ...config }, engines, places) {
  const targetOf = (settings) => (settings.target === "drawn" ? session.drawing : task.targetOf(settings));
  let view = null;
  const listeners = [];
  const changed = () => {
    view?.refresh();
    for (const tell of listeners) tell(session);
  };
  const session = new Kind({ task, settings: config, engines, targetOf, changed });
  Object.assign(session, { pace, linked, drawing, challenge });
  root.classList.add("latent-live");
  view = new View(root, session, places);
  root.latentLive = session;
  return { session, listeners, end: () => session.pause() };
}
