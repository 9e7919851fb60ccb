// Dates: where the times of a run fall in the calendar, as `Calendar` of the program has them.
// `first` is the day of time 0, `worked` the days of the week that the clock counts (0 Monday), `day` how long each is [units].

const NEARLY = 1e-6;

/** The date of a time [units] at which something ends: of the day that is under way, or that has just ended; "" without a calendar. */
export function evening(calendar, time) {
  return calendar ? dated(calendar, Math.max(0, Math.ceil(time / calendar.day - NEARLY) - 1)) : "";
}

/** The date of a time [units] at which something begins: of the day that is under way, or that begins; "" without a calendar. */
export function morning(calendar, time) {
  return calendar ? dated(calendar, Math.floor(time / calendar.day + NEARLY)) : "";
}

/** The date of the day before which so many are over. */
function dated({ first, worked }, over) {
  const date = new Date(`${first}T00:00:00Z`);
  const weekday = (date.getUTCDay() + 6) % 7;
  const place = worked.filter((one) => one < weekday).length + over;
  date.setUTCDate(date.getUTCDate() - weekday + 7 * Math.floor(place / worked.length) + worked[place % worked.length]);
  return date.toISOString().slice(0, 10);
}
