// Sides that are drawn as one: what stands in which lane and column is that of the first side on all of them.

/**
 * Give traces of one organisation the lanes, columns and round cards of the first. Each trace tells them by what happened in its own
 * run, so the two sides of a change may differ: a type would stand in one lane at the left and in another at the right. Returns the
 * traces that are another now than they were.
 */
export function alike(traces) {
  const own = traces.map((trace) => (trace.own ??= { types: trace.types, lanes: trace.lanes, flowColumns: trace.flowColumns }));
  const names = own.map(({ types }, place) => JSON.stringify([types.map(({ name }) => name), traces[place].steps]));
  const [first, ...others] = own;
  const lanes = first.lanes.map(({ name, types }) => ({ name, types: [...types] }));
  const laneOf = first.types.map(({ lane }) => lane);
  for (const other of others) {
    other.types.forEach(({ lane }, type) => lane >= 0 && laneOf[type] === -1 && join(lanes, laneOf, other.lanes[lane], type));
  }
  return traces.filter((trace, place) => {
    const same = names[place] === names[0]; // else they have nothing in common
    const types = own[place].types.map((type, number) => ({ ...type, lane: laneOf[number], round: first.types[number]?.round }));
    const wanted = same ? { types, lanes, flowColumns: first.flowColumns } : own[place];
    const { types: had, lanes: were, flowColumns } = trace;
    Object.assign(trace, wanted);
    return JSON.stringify(wanted) !== JSON.stringify({ types: had, lanes: were, flowColumns });
  });
}

/** A type that the first side has not got, in the lane of those with which it is in one on its own side. */
function join(lanes, laneOf, own, type) {
  const there = lanes.findIndex(({ types }) => types.some((one) => own.types.includes(one)));
  if (there < 0) {
    lanes.push({ name: own.name, types: [type] });
  } else {
    lanes[there].types.push(type);
  }
  laneOf[type] = there < 0 ? lanes.length - 1 : there;
}
