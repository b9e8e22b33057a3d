// The plane of the ring on a canvas: the discriminator's opinion as a soft ground, real points, generated ones.
import { logits, sigmoid } from "./adversaries.js";

const SIZE = 560; // pixels of a canvas
const REACH = 3; // of the plane that is shown, from its middle
const CELLS = 32; // of the ground, a side
const MOST = 0.45; // opacity of the ground where the discriminator is sure of real points
const GRID = Float64Array.from({ length: 2 * CELLS ** 2 }, (_, i) => {
  const cell = i >> 1;
  const along = i % 2 ? CELLS - 1 - Math.floor(cell / CELLS) : cell % CELLS; // rows from the top
  return REACH * ((2 * (along + 0.5)) / CELLS - 1);
});

const blank = (side) => Object.assign(document.createElement("canvas"), { width: side, height: side });

// Cells in a colour as style sheets write it, opaque where the discriminator is sure of real points.
function ground(discriminator, colour) {
  const canvas = blank(CELLS);
  const brush = canvas.getContext("2d");
  const picture = new ImageData(CELLS, CELLS);
  logits(discriminator, GRID).forEach((logit, i) => (picture.data[4 * i + 3] = 255 * MOST * sigmoid(logit)));
  brush.putImageData(picture, 0, 0);
  brush.globalCompositeOperation = "source-in"; // the colour, as opaque as what is there
  brush.fillStyle = colour;
  brush.fillRect(0, 0, CELLS, CELLS);
  return canvas;
}

// A dot is drawn once and stamped, which takes far less than drawing each.
function dots(brush, points, colour, radius, opacity) {
  const stamp = blank(2 * radius + 2);
  const middle = radius + 1;
  const pen = stamp.getContext("2d");
  pen.fillStyle = colour;
  pen.arc(middle, middle, radius, 0, 2 * Math.PI);
  pen.fill();
  brush.globalAlpha = opacity;
  const place = (value) => (SIZE / 2) * (1 + value / REACH);
  for (let i = 0; i < points.length; i += 2) brush.drawImage(stamp, place(points[i]) - middle, SIZE - place(points[i + 1]) - middle);
}

// `colours`: { ground, real, made }, as style sheets write them.
export function drawPlane(canvas, real, { points, discriminator }, colours) {
  Object.assign(canvas, { width: SIZE, height: SIZE }); // which clears it
  const brush = canvas.getContext("2d");
  brush.drawImage(ground(discriminator, colours.ground), 0, 0, SIZE, SIZE);
  dots(brush, real, colours.real, 5, 0.45);
  dots(brush, points, colours.made, 4, 0.85);
}
