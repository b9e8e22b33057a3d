// Wishes for digits, as latentlib.fitness.wishes writes them: digits and contraries of digits, all joined by | or all by
// &, such as "Digit(4) | Digit(8)". Here { join, signs: for each digit 1 wanted, -1 not wanted, 0 no matter }.
const CLASSES = 10;
const DIGITS = Array.from({ length: CLASSES }, (_, digit) => digit);
const WORLDS = DIGITS.map((shown) => DIGITS.map((digit) => (digit === shown ? 1 : -1))); // an image shows one digit

export function read(text) {
  const join = text.includes("&") ? "&" : "|";
  const signs = DIGITS.map(() => 0);
  for (const [, not, digit] of text.matchAll(/(~?)Digit\((\d)\)/g)) signs[digit] = not ? -1 : 1;
  return { join, signs };
}

const named = ({ signs }) => DIGITS.filter((digit) => signs[digit]);

export const write = (wish) =>
  named(wish).map((digit) => `${wish.signs[digit] < 0 ? "~" : ""}Digit(${digit})`).join(` ${wish.join} `);

// The log-odds of a wish by those of the digits: NOT is another sign, AND the smallest, OR the largest.
export function score(wish, odds) {
  const terms = named(wish).map((digit) => wish.signs[digit] * odds[digit]);
  return wish.join === "&" ? Math.min(...terms) : Math.max(...terms);
}

const oddsOf = (odds, i) => odds.subarray(i * CLASSES, (i + 1) * CLASSES);
const each = (odds, act) => Array.from({ length: odds.length / CLASSES }, (_, i) => act(oddsOf(odds, i)));

// R of the wish for each of n images, whose log-odds stand one behind the other.
export function recognition(text, odds) {
  const wish = read(text);
  return Float32Array.from(each(odds, (one) => 1 / (1 + Math.exp(-score(wish, one)))));
}

// The digit that each image is taken for, the likeliest.
export const likeliest = (odds) => each(odds, (one) => one.indexOf(Math.max(...one)));

// Whether each image meets the wish by the digit it is taken for.
export function met(text, odds) {
  const wish = read(text);
  return likeliest(odds).map((digit) => score(wish, WORLDS[digit]) > 0);
}

// Digits of which an image is wanted, where there are several: those of an OR.
export function alternatives(text) {
  const { join, signs } = read(text);
  const digits = DIGITS.filter((digit) => signs[digit] > 0);
  return join === "|" && digits.length > 1 ? digits : [];
}

// Why a wish cannot be run, in a sentence; "" where it can.
export function refusal(text) {
  const wish = read(text);
  if (!named(wish).length) return "Nothing is wanted yet: choose a digit, and evolution can begin.";
  if (WORLDS.some((world) => score(wish, world) > 0)) return "";
  return `No image can meet ${write(wish)}, as it shows exactly one digit: join the digits by OR, or take one back. Evolution waits.`;
}
