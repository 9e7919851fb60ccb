// Reads a trace: how it is laid out is said in trace.py.

const MAGIC = "VSTRACE1";
const TYPES = { uint32: Uint32Array, int16: Int16Array, uint8: Uint8Array };

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
  for (const [name, type] of trace.columns) {
    const end = start + TYPES[type].BYTES_PER_ELEMENT * trace.events;
    trace[name] = new TYPES[type](buffer.slice(start, end));
    start = end;
  }
  trace.at = new Float64Array(trace.events);
  let now = 0;
  for (let event = 0; event < trace.events; event += 1) {
    now += trace.after[event];
    trace.at[event] = now;
  }
  return trace;
}
