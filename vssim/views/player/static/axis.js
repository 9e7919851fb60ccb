// Round numbers for an axis.

/** Round values from 0 to `most`, about so many steps. */
export function ticksOf(most, about) {
  if (!(most > 0)) {
    return [0];
  }
  const raw = most / about;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 3, 5, 10].map((factor) => factor * size).find((one) => one >= raw - 1e-9) ?? 10 * size;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, number) => Math.round(number * step * 1000) / 1000);
}
