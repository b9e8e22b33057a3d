// One run at a time, stepped by one loop, so that no click can make two steps overlap: buttons and sliders only leave
// wishes, which the loop reads between two generations. Knows nothing of the page, nor of what is evolved: that is its
// task, restoring.js, wanted.js or diverse.js:
//   defaults  of the settings
//   problem   names of settings of which another value makes another run
//   fresh     names of those that do so before the first generation
//   marked    names of those of which a change is marked
//   key       (settings) what earlier runs must have in common with the present one to stay for comparison
//   point     (run) what its curve shows of the present population
//   enough    (run) whether it ends here; may be absent
//   refusal   (settings, drawing) a sentence on why they cannot be run, or ""

const KEPT = 4; // earlier runs
const DESCENT_STEPS = 2; // of the rival, a generation
const STEP_PASSES = 3; // of a step of the rival, as the book counts them: one forwards, a way back about two

// Milliseconds between two generations of a run that is watched.
const SLOW_START = 20; // generations
const PACES = { slow: () => 1000, gentle: (generation) => (generation < SLOW_START ? 500 : 100), full: () => 0 };

export class Session {
  // `engines` (settings): a promise of what evolves, as in evolution.js. `targetOf` (settings): pixels in [0, 1], or
  // undefined for a task without a target.
  constructor({ task, settings, engines, targetOf, changed }) {
    Object.assign(this, { task, engines, targetOf, changed });
    this.settings = { ...task.defaults, ...settings };
    this.earlier = [];
    this.run = null;
    this.running = this.busy = this.afresh = false;
    this.wishes = 0; // single steps
    this.problem = null; // what went wrong, in a sentence
    this.speed = 0;
    this.pace = "full"; // or another of PACES
    this.wake = () => {};
  }

  get state() {
    if (this.problem) return "failed";
    if (this.busy && !this.run) return "loading";
    if (this.running) return "running";
    if (!this.run) return "ready";
    return this.run.generation >= this.run.limit ? "finished" : "paused";
  }

  get refusal() {
    return this.task.refusal(this.settings, this.drawing);
  }

  start() {
    if (!this.refusal && this.run?.generation >= this.run?.limit) this.run.limit += this.settings.generations;
    this.running = true;
    return this.pump();
  }

  pause() {
    this.running = false;
    this.wishes = 0;
    this.wake();
    this.changed();
  }

  walk(pace) {
    this.pace = pace;
    this.wake();
    this.changed();
  }

  step() {
    this.running = false;
    this.wishes += 1;
    return this.pump();
  }

  restart() {
    this.wishes = 0;
    this.afresh = true;
    return this.pump();
  }

  set(name, value) {
    if (this.settings[name] === value) return;
    this.settings = { ...this.settings, [name]: value };
    const first = this.run?.generation === 0 && this.task.fresh.includes(name);
    if ((this.run || this.busy || this.problem) && (first || this.task.problem.includes(name))) this.restart();
    else this.changed();
  }

  // A target of the reader's own, pixels in [0, 1].
  draw(pixels) {
    this.drawing = pixels;
    this.settings = { ...this.settings, target: null };
    return this.set("target", "drawn");
  }

  // The loop: does what is wished until nothing is, or until it cannot be done.
  async pump() {
    this.problem = null;
    this.wake();
    if (this.busy) return;
    this.busy = true;
    try {
      while (!this.refusal && (this.afresh || this.running || this.wishes)) {
        this.changed();
        if (this.afresh || !this.run) await this.begin();
        else if (this.running && this.run.generation >= this.run.limit) this.running = false;
        else await this.advance();
        if (this.running && this.run.generation < this.run.limit) await this.rest();
      }
      if (this.refusal) {
        if (this.afresh) this.end(); // nothing of the run before stands for what cannot be run
        this.drop();
      }
    } catch (error) {
      this.drop();
      this.problem = error.message;
      this.end();
    } finally {
      this.busy = false;
      this.changed();
    }
  }

  // Until the next generation is due; whatever is clicked ends it.
  rest() {
    const wait = PACES[this.pace](this.run.generation);
    if (!wait) return undefined;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.wake = () => (clearTimeout(timer), resolve());
    });
  }

  // Forget what was wished.
  drop() {
    this.running = this.afresh = false;
    this.wishes = 0;
  }

  end() {
    const last = this.run;
    this.run = null;
    if (!last || last.generation === 0) return;
    const same = (run) => !run.marks.length && JSON.stringify(run.settings) === JSON.stringify(last.settings);
    this.earlier = [...this.earlier.filter((run) => !same(run)), last].slice(-KEPT); // the same again shows nothing
  }

  // A first population, judged.
  async begin() {
    this.afresh = false;
    this.end();
    const settings = this.settings;
    const key = this.task.key(settings);
    const target = this.targetOf(settings);
    this.earlier = this.earlier.filter((run) => run.key === key && run.target === target);
    this.engine = await this.engines(settings);
    const { group, passes, beside } = await this.engine.start(target, settings);
    const run = { settings, used: settings, key, target, group, beside, generation: 0, passes };
    this.run = { ...run, limit: settings.generations, curve: [], marks: [], descent: null };
    if (settings.descent) await this.descend(true);
    this.note();
  }

  // One generation, by the settings as they are now.
  async advance() {
    this.wishes = Math.max(0, this.wishes - 1);
    const { run, settings } = this;
    const began = performance.now();
    this.mark(settings);
    const before = run.group;
    const judged = run.used.fitness;
    run.used = settings;
    const { group, passes, beside, work = passes } = await this.engine.next(run.group, settings, run.generation + 1, judged);
    Object.assign(run, { group, beside, before });
    run.passes += passes;
    run.generation += 1;
    run.limit = Math.max(run.limit, run.generation); // single steps go on beyond the end
    if (performance.now() > began) this.speed = (work / (performance.now() - began)) * 1000;
    if (run.descent) await this.descend(false);
    this.note();
  }

  mark(settings) {
    const { run } = this;
    if (run.generation === 0) return void (run.settings = { ...settings }); // moved before it began
    const moved = this.task.marked.filter((name) => settings[name] !== run.used[name]);
    for (const name of moved)
      run.marks.push({ passes: run.passes, generation: run.generation + 1, name, from: run.used[name], to: settings[name] });
  }

  // The rival takes a few steps on the same target.
  async descend(afresh) {
    const { run } = this;
    const { fitness, seed } = run.settings;
    const done = await this.engine.descend({ afresh, fitness, seed, steps: afresh ? 1 : DESCENT_STEPS });
    run.descent ??= { fitness, curve: [] };
    for (const value of done.fitness)
      run.descent.curve.push({ passes: STEP_PASSES * (run.descent.curve.length + 1), error: { [fitness]: 1 - value } });
    run.descent.image = done.image;
  }

  // Individuals bred from the present population, for a look at them: nobody is selected.
  async sample(count) {
    const { run, settings } = this;
    if (!run || this.refusal) return this.changed();
    run.samples = (run.samples ?? 0) + 1;
    try {
      const { generation } = run;
      run.sample = { generation, settings, ...(await this.engine.sample(run.group, settings, count, run.samples)) };
    } catch (error) {
      this.problem = error.message;
    }
    return this.changed();
  }

  // What Python is told of it, by the names of traits.
  report() {
    const { run, running, task } = this;
    return { running, ...(run?.curve.length && { generation: run.generation, passes: run.passes, ...task.report(run) }) };
  }

  // A closer look at one of the present group, by its place there; none for -1.
  async look(place) {
    const { run } = this;
    const looks = (run.looks = (run.looks ?? 0) + 1); // the last that was asked for counts, whichever comes last
    try {
      const look = place < 0 ? null : { generation: run.generation, cell: run.group.cells?.[place], ...(await this.engine.look(run.group, place)) };
      if (run.looks === looks) run.look = look;
    } catch (error) {
      this.problem = error.message;
    }
    return this.changed();
  }

  // A point of the curve.
  note() {
    const { run, task } = this;
    run.curve.push({ passes: run.passes, generation: run.generation, ...task.point(run) });
    if (task.enough?.(run)) run.limit = run.generation;
    this.changed();
  }
}
