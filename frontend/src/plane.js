// The plane of the ring on a canvas: the discriminator's opinion as a soft ground, real points, generated ones.
import { logits, sigmoid } from "./adversaries.js";

const SIZE = 640; // pixels of a canvas
export const REACH = 3; // of the plane that is shown, from its middle
const CELLS = 48; // of the ground, a side
const MOST = 0.45; // opacity of the ground where the discriminator is sure of real points
const GRID = Float64Array.from({ length: 2 * CELLS ** 2 }, (_, i) => {
  const cell = i >> 1;
  const along = i % 2 ? CELLS - 1 - Math.floor(cell / CELLS) : cell % CELLS; // rows from the top
  return REACH * ((2 * (along + 0.5)) / CELLS - 1);
});

// Red, green and blue of a colour as style sheets write it.
function channels(colour) {
  const brush = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  brush.fillStyle = colour;
  brush.fillRect(0, 0, 1, 1);
  return brush.getImageData(0, 0, 1, 1).data.slice(0, 3);
}

// The discriminator's probability that a point is real, for the cells of a square grid, row by row from the top.
export const opinion = (discriminator) => logits(discriminator, GRID).map(sigmoid);

function ground(discriminator, colour) {
  const canvas = Object.assign(document.createElement("canvas"), { width: CELLS, height: CELLS });
  const picture = new ImageData(CELLS, CELLS);
  opinion(discriminator).forEach((probability, i) => picture.data.set([...colour, 255 * MOST * probability], 4 * i));
  canvas.getContext("2d").putImageData(picture, 0, 0);
  return canvas;
}

function dots(brush, points, colour, radius, opacity) {
  brush.fillStyle = colour;
  brush.globalAlpha = opacity;
  const place = (value) => (SIZE / 2) * (1 + value / REACH);
  for (let i = 0; i < points.length; i += 2) {
    brush.beginPath();
    brush.arc(place(points[i]), SIZE - place(points[i + 1]), radius, 0, 2 * Math.PI);
    brush.fill();
  }
}

// `colours`: { ground, real, made }, as style sheets write them.
export function drawPlane(canvas, real, { points, discriminator }, colours) {
  Object.assign(canvas, { width: SIZE, height: SIZE }); // which clears it
  const brush = canvas.getContext("2d");
  brush.imageSmoothingQuality = "high";
  brush.drawImage(ground(discriminator, channels(colours.ground)), 0, 0, SIZE, SIZE);
  dots(brush, real, colours.real, 5, 0.45);
  dots(brush, points, colours.made, 4, 0.85);
}
