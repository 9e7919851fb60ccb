// Reads a trace: how it is laid out is said in trace.py.

const MAGIC = "VSTRACE1";
const TYPES = { uint32: Uint32Array, uint16: Uint16Array, float32: Float32Array, int16: Int16Array, uint8: Uint8Array };

/** The bytes of a trace that was deflated (zlib) and written in base 64. */
export async function inflate(text) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

/** The header of a trace, with its columns as typed arrays and `at`, the time of each event [moments]. */
export function decode(buffer) {
  const text = new TextDecoder();
  if (text.decode(buffer.slice(0, 8)) !== MAGIC) {
    throw new Error("not a trace");
  }
  const length = new DataView(buffer).getUint32(8, true);
  const trace = JSON.parse(text.decode(buffer.slice(12, 12 + length)));
  let start = 12 + length;
  const tables = [
    [trace.columns, trace.events],
    [trace.itemColumns, trace.items],
    [trace.openingColumns, trace.openings],
  ];
  for (const [columns, count] of tables) {
    for (const [name, type] of columns) {
      const end = start + TYPES[type].BYTES_PER_ELEMENT * count;
      trace[name] = new TYPES[type](buffer.slice(start, end));
      start = end;
    }
  }
  trace.at = summed(trace.after);
  trace.openAt = summed(trace.openAfter);
  return trace;
}

function summed(steps) {
  const sums = new Float64Array(steps.length);
  let now = 0;
  for (let place = 0; place < steps.length; place += 1) {
    now += steps[place];
    sums[place] = now;
  }
  return sums;
}
