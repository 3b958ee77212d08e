// SPDX-License-Identifier: Apache-2.0
// How times, counts and states read.

const SIGNS = { waiting: "○", processing: "◐", completed: "✓", ready: "✓", failed: "✕", cancelled: "⊘", aborted: "⊘" };

export const isTerminal = (status) => ["completed", "failed", "cancelled"].includes(status);

/** A sign that tells states apart without colour; screen readers read the state's name. */
export const signOf = (status) => SIGNS[status] ?? "○";

export const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

/** The first part of an identifier; enough to tell a few dozen apart. */
export const shortId = (id) => String(id).slice(0, 8);

/** A time of day in UTC, with the date when that is not today's. */
export function moment(text) {
  const iso = new Date(text).toISOString();
  const [day, time] = [iso.slice(0, 10), iso.slice(11, 19)];
  return day === new Date().toISOString().slice(0, 10) ? time : `${day} ${time}`;
}

/** A time that passed, in the unit that suits it. */
export function duration(milliseconds) {
  if (milliseconds < 1000) return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 120) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** Milliseconds since 1970, with the microseconds that `Date` would drop. */
export function milliseconds(text) {
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? "0";
  return Math.floor(Date.parse(text) / 1000) * 1000 + Number(`0.${fraction}`) * 1000;
}

export function sentence(name) {
  const words = String(name).replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
