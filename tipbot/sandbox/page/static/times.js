// Moments as people read them, each by the clock where they are.

const LOCALE = "en-GB";
const formats = new Map();

function formatted(moment, zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(LOCALE, { timeZone: zone, ...options }));
  return formats.get(key).format(moment);
}

/** Return 09:05. */
export function clockTime(moment, zone) {
  return formatted(moment, zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** Return Mon 09:05. */
export function dayAndTime(moment, zone) {
  return `${formatted(moment, zone, { weekday: "short" })} ${clockTime(moment, zone)}`;
}

/** Return Monday 23 November. */
export function longDay(moment, zone) {
  return formatted(moment, zone, { weekday: "long", day: "numeric", month: "long" });
}

/** Return the time of today's moments, and the day of others. */
export function shortest(moment, zone, now) {
  const today = longDay(moment, zone) === longDay(now, zone);
  return today ? clockTime(moment, zone) : formatted(moment, zone, { weekday: "short" });
}

/** Return a moment in the shape that a tg-time asks for: r, or w, d, D, t, T together (Bot API, date_time). */
export function shaped(moment, shape, zone, now) {
  if (shape === "r") return relative(moment, now);
  const parts = [];
  if (shape.includes("w")) parts.push(formatted(moment, zone, { weekday: "long" }));
  if (shape.includes("d")) parts.push(formatted(moment, zone, { dateStyle: "short" }));
  if (shape.includes("D")) parts.push(formatted(moment, zone, { dateStyle: "long" }));
  if (shape.includes("t")) parts.push(clockTime(moment, zone));
  if (shape.includes("T")) parts.push(formatted(moment, zone, { timeStyle: "medium" }));
  return parts.join(", ");
}

function relative(moment, now) {
  const words = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
  const seconds = (moment - now) / 1000;
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= size) ?? units.at(-1);
  return words.format(Math.round(seconds / length), unit);
}
