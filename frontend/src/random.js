// Random numbers that depend on the seed and the generation alone: the same run wherever and however it is computed.

function mixed(state) {
  // splitmix32: neighbouring seeds give unrelated streams
  let z = (state + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

export class Random {
  constructor(seed, stream = 0) {
    const start = mixed(mixed(seed | 0) ^ mixed(stream + 0x51ed270b));
    this.state = [0, 1, 2, 3].map((i) => mixed(start + Math.imul(i, 0x9e3779b9)));
    this.spare = null;
    for (let i = 0; i < 12; i++) this.bits();
  }

  // sfc32
  bits() {
    const s = this.state;
    const t = (s[0] + s[1] + s[3]) | 0;
    s[3] = (s[3] + 1) | 0;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = (s[2] + (s[2] << 3)) | 0;
    s[2] = ((s[2] << 21) | (s[2] >>> 11)) + t;
    return t >>> 0;
  }

  // In [0, 1).
  uniform() {
    return this.bits() / 4294967296;
  }

  below(count) {
    return Math.floor(this.uniform() * count);
  }

  // N(0, 1), by the polar method.
  normal() {
    if (this.spare !== null) {
      const kept = this.spare;
      this.spare = null;
      return kept;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.spare = y * factor;
      return x * factor;
    }
  }
}
