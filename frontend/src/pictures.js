// Images on canvases, and a square to draw one's own target on.
export const SIDE = 28;
export const GREY = { side: SIDE, colours: 1 };
export const GAP = 2;
const FAINT = 90; // of 255

// Bytes (n squares, or three of each in colour) in rows of `columns` on a canvas, in device-independent pixels of one a
// generator pixel; where `marked` (n booleans) is given, the others are faint.
export function tile(canvas, bytes, columns, marked, { side, colours } = GREY) {
  const plane = side ** 2;
  const count = bytes.length / plane / colours;
  const rows = Math.ceil(count / columns);
  const pitch = side + (count > 1 ? GAP : 0);
  const [width, height] = [columns * pitch - (pitch - side), rows * pitch - (pitch - side)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const picture = new ImageData(width, height);
  for (let i = 0; i < count; i++) {
    const opacity = !marked || marked[i] ? 255 : FAINT;
    const corner = Math.floor(i / columns) * pitch * width + (i % columns) * pitch;
    for (let p = 0; p < plane; p++) {
      const at = 4 * (corner + Math.floor(p / side) * width + (p % side));
      for (let c = 0; c < 3; c++) picture.data[at + c] = bytes[(i * colours + (c % colours)) * plane + p];
      picture.data[at + 3] = opacity;
    }
  }
  canvas.getContext("2d").putImageData(picture, 0, 0);
}

// Whether there is nothing to see on a drawing.
export const blank = (pixels) => pixels.every((value) => value < 0.2);

export const toBytes = (pixels) => Uint8Array.from(pixels, (value) => Math.round(255 * value));

const BRUSH = 1.6; // pixels of the small image: about the stroke of an MNIST digit

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// A canvas of 28x28 that takes strokes of mouse, pen and finger, and of the keyboard, whose place `cursor` shows.
// `drawn` is called after each stroke, `whisper` with words on where the cursor is.
export class Pad {
  constructor(canvas, cursor, { drawn, whisper }) {
    this.pixels = new Float32Array(SIDE ** 2);
    Object.assign(this, { canvas, cursor, drawn, whisper });
    this.last = null;
    this.cell = [SIDE / 2, SIDE / 2];
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("focus", () => this.point(false));
    canvas.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      this.stroke(event);
    });
    canvas.addEventListener("pointermove", (event) => this.last && this.stroke(event));
    for (const name of ["pointerup", "pointercancel"])
      canvas.addEventListener(name, () => {
        if (this.last) this.drawn();
        this.last = null;
      });
    this.clear();
  }

  clear() {
    this.show(new Float32Array(SIDE ** 2));
  }

  show(pixels) {
    this.pixels.set(pixels);
    tile(this.canvas, toBytes(this.pixels), 1);
  }

  stroke(event) {
    const box = this.canvas.getBoundingClientRect();
    const here = [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
    this.line(this.last ?? here, here);
    this.last = here;
  }

  key(event) {
    const way = WAYS[event.key];
    if (!way && event.key !== " ") return;
    event.preventDefault(); // the page does not scroll
    const from = this.cell;
    this.cell = way ? from.map((at, i) => Math.min(SIDE - 1, Math.max(0, at + way[i]))) : from;
    const paints = !way || event.shiftKey;
    if (paints) this.line(...[from, this.cell].map((cell) => cell.map((at) => at + 0.5)));
    this.point(paints);
  }

  // Show the cursor and say where it is.
  point(painted) {
    const [column, row] = this.cell;
    this.cursor.style.left = `${(100 * column) / SIDE}%`;
    this.cursor.style.top = `${(100 * row) / SIDE}%`;
    this.whisper(`row ${row + 1}, column ${column + 1}${painted ? ", painted" : ""}`);
    if (painted) this.drawn();
  }

  line(from, here) {
    const steps = Math.max(1, Math.ceil(2 * Math.hypot(here[0] - from[0], here[1] - from[1])));
    for (let i = 0; i <= steps; i++) this.dot(from[0] + ((here[0] - from[0]) * i) / steps, from[1] + ((here[1] - from[1]) * i) / steps);
    tile(this.canvas, toBytes(this.pixels), 1);
  }

  dot(x, y) {
    for (let row = Math.floor(y - 3); row <= y + 3; row++)
      for (let column = Math.floor(x - 3); column <= x + 3; column++) {
        if (row < 0 || column < 0 || row >= SIDE || column >= SIDE) continue;
        const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
        const ink = Math.min(1, Math.max(0, BRUSH + 0.5 - distance));
        const at = row * SIDE + column;
        this.pixels[at] = Math.max(this.pixels[at], ink);
      }
  }
}
