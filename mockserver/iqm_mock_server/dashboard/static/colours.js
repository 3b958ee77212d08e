// SPDX-License-Identifier: Apache-2.0
// Colours that people with any colour vision can put in order: they differ in lightness, not only in hue.

import { METRICS, change, changeUnit, short, signed, unitOf } from "./figures.js";

// Cividis (Nuñez, Anderton, Renslow 2018), from low to high.
const SEQUENTIAL = ["#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369",
  "#e1cc55", "#fee838"];
// From worse (orange) over equal (near white) to better (purple).
const DIVERGING = ["#7f3b08", "#b35806", "#e08214", "#fdb863", "#f2f0f2", "#b2abd2", "#8073ac", "#542788",
  "#2d004b"];

/** A mapping from values to colours, with what its legend needs. */
class Scale {
  constructor(stops, low, high, forward, backward, text, title) {
    Object.assign(this, { stops, forward, text, title });
    this.low = forward(low);
    this.high = forward(high);
    this.ticks = [low, backward((this.low + this.high) / 2), high];
  }

  colour(value) {
    const width = this.high - this.low;
    return mix(this.stops, width > 0 ? (this.forward(value) - this.low) / width : 0.5);
  }

  swatches(count) {
    return Array.from({ length: count }, (_, index) => mix(this.stops, index / (count - 1)));
  }
}

/** The scale for the values of one calibration set; null when it has none. */
export function valueScale(metric, figures) {
  const values = figures.all(metric);
  if (values.length === 0) return null;
  const title = `${METRICS[metric].name} in ${unitOf(metric)}`;
  // Fidelities by the size of their error: most lie between 99 and 100 %, and one bad one must not hide that.
  const [forward, backward] = METRICS[metric].time
    ? [(value) => value, (value) => value]
    : [(value) => -Math.log10(Math.max(1 - value, 1e-6)), (value) => 1 - 10 ** -value];
  return new Scale(SEQUENTIAL, Math.min(...values), Math.max(...values), forward, backward,
    (value) => short(metric, value), title);
}

/** The scale for differences to another set; null when no value can be compared. */
export function changeScale(metric, loci, figures, reference) {
  const changes = loci
    .map((locus) => change(metric, figures.at(metric, locus), reference.at(metric, locus)))
    .filter((value) => value !== undefined);
  if (changes.length === 0) return null;
  const most = Math.max(...changes.map(Math.abs), 1e-3);
  const same = (value) => value;
  return new Scale(DIVERGING, -most, most, same, same, (value) => signed(metric, value),
    `Change of ${METRICS[metric].name} against the default set, in ${changeUnit(metric)}`);
}

/** The colour, black or white, that reads better on another. */
export function inkOn(colour) {
  const [red, green, blue] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return luminance > 0.179 ? "#000000" : "#ffffff";
}

function mix(stops, position) {
  const place = Math.min(Math.max(position, 0), 1) * (stops.length - 1);
  const index = Math.min(Math.floor(place), stops.length - 2);
  const [from, to] = [channels(stops[index]), channels(stops[index + 1])];
  const mixed = from.map((value, channel) => Math.round(value + (to[channel] - value) * (place - index)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

function channels(colour) {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
}
