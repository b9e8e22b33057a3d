// Evolution by the workers of a pool. A session asks an engine for no more than this: `start` and `next` resolve to
// { group, passes }, with the generator passes they took; `descend` to the rival's next steps. See also jupyter.js;
// wanted.js, where an engine has `sample` instead; and diverse.js, where it has `look`, and tells more.
import { firstGenomes, nextGeneration } from "./genetic.js";
import { founders } from "./lineage.js";

export class Evolution {
  // `notice`: what the reader must know of this way, or "".
  constructor(pool, notice) {
    Object.assign(this, { pool, notice });
  }

  // A first population, judged by its nearness to the target.
  async start(target, { population, seed, fitness }) {
    this.target = target;
    const genomes = firstGenomes(population, this.pool.genes, seed);
    const judged = await this.pool.evaluate(genomes, fitness, target);
    return { group: { genomes, ...judged, ...founders(population, this.pool.genes) }, passes: population };
  }

  // One generation by the settings as they are now; `judged` is the measure that the group's fitness is of.
  async next(group, settings, generation, judged) {
    const evaluate = (latents) => this.pool.evaluate(latents, settings.fitness, this.target);
    const again = settings.fitness !== judged; // another measure: judge everyone again
    const known = again ? { ...group, ...(await evaluate(group.genomes)) } : group;
    const next = await nextGeneration(known, settings, generation, evaluate);
    return { group: next.group, passes: next.passes + (again ? known.fitness.length : 0) };
  }

  // { fitness of each step, image of the best so far }; `afresh` begins at another random start.
  descend(given) {
    return this.pool.descend({ ...given, target: this.target });
  }
}
