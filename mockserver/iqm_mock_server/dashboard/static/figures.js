// SPDX-License-Identifier: Apache-2.0
// What can be shown about a machine, and how its numbers read.

/** `pair`: a property of couplers; `time`: in seconds, else a fidelity in [0, 1]. */
export const METRICS = {
  t1: { label: "T1", name: "T1", time: true, pair: false },
  t2: { label: "T2", name: "T2", time: true, pair: false },
  prx: { label: "PRX", name: "PRX fidelity", time: false, pair: false },
  measure: { label: "Readout", name: "Readout fidelity", time: false, pair: false },
  cz: { label: "CZ", name: "CZ fidelity", time: false, pair: true },
  move: { label: "MOVE", name: "MOVE fidelity", time: false, pair: true },
};

/** One key for a coupler, whichever end comes first. */
export const keyOf = (locus) => [...locus].sort().join(" ");

export const titleOf = (locus) => locus.join("-");

export const unitOf = (metric) => (METRICS[metric].time ? "µs" : "%");

/** The figures of one calibration set, for looking up. */
export class Figures {
  constructor(content) {
    this.id = content.id;
    this.created = content.created;
    this.values = new Map();
    for (const [metric, entries] of Object.entries(content.metrics)) {
      if (!(metric in METRICS)) continue;
      this.values.set(metric, new Map(entries.map(({ locus, value }) => [keyOf(locus), value])));
    }
  }

  has(metric) {
    return (this.values.get(metric)?.size ?? 0) > 0;
  }

  /** Undefined where nothing is calibrated. */
  at(metric, locus) {
    return this.values.get(metric)?.get(keyOf(locus));
  }

  all(metric) {
    return [...(this.values.get(metric)?.values() ?? [])];
  }
}

/** A value in the unit of its metric: microseconds or per cent. */
const scaled = (metric, value) => value * (METRICS[metric].time ? 1e6 : 100);

export function withUnit(metric, value) {
  if (value === undefined) return "not calibrated";
  return `${scaled(metric, value).toFixed(METRICS[metric].time ? 1 : 3)} ${unitOf(metric)}`;
}

export function short(metric, value) {
  if (value === undefined) return "–";
  return scaled(metric, value).toFixed(METRICS[metric].time ? 1 : 2);
}

/** How a value differs from another one: times in per cent of that, fidelities in percentage points. */
export function change(metric, value, reference) {
  if (value === undefined || reference === undefined) return undefined;
  return METRICS[metric].time ? (value / reference - 1) * 100 : (value - reference) * 100;
}

export const changeUnit = (metric) => (METRICS[metric].time ? "%" : "percentage points");

export function signed(metric, difference) {
  if (difference === undefined) return "–";
  const text = Math.abs(difference).toFixed(METRICS[metric].time ? 1 : 2);
  return Number(text) === 0 ? "0" : `${difference < 0 ? "−" : "+"}${text}`;
}
