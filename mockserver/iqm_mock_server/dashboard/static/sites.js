// SPDX-License-Identifier: Apache-2.0
// The figures of a machine as tables: those of one site or coupler, and all of them.

import { find, make, setText } from "./dom.js";
import { METRICS, change, changeUnit, keyOf, signed, titleOf, withUnit } from "./figures.js";

const metricsOf = (figures, pair) =>
  Object.keys(METRICS).filter((metric) => METRICS[metric].pair === pair && figures.has(metric));

/** Show the figures of one site or coupler, and of a site its couplers' too. */
export function showSite(machine, locus, figures, reference) {
  setText(find("site-title"), `${locus.length === 1 ? siteKind(machine, locus[0]) : "Coupler"} ${titleOf(locus)}`);
  const head = ["Figure", "Value"];
  if (reference !== null) head.push("Default set", "Change");
  find("site-head").replaceChildren(make("tr", {}, ...head.map((text) => make("th", { scope: "col" }, text))));
  const couplers = locus.length === 2 ? [locus] : machine.couplers.filter((pair) => pair.includes(locus[0]));
  const rows = locus.length === 1 ? metricsOf(figures, false)
    .filter((metric) => figures.at(metric, locus) !== undefined || !isResonator(machine, locus[0]))
    .map((metric) => row(METRICS[metric].name, metric, locus, figures, reference)) : [];
  for (const pair of couplers) {
    for (const metric of metricsOf(figures, true)) {
      rows.push(row(`${METRICS[metric].name} ${titleOf(pair)}`, metric, pair, figures, reference));
    }
  }
  find("site-figures").replaceChildren(...rows);
  find("site").hidden = false;
}

/** What a screen reader says about a choice. */
export function describe(locus, figures) {
  const parts = metricsOf(figures, locus.length === 2)
    .map((metric) => `${METRICS[metric].name} ${withUnit(metric, figures.at(metric, locus))}`);
  return `${titleOf(locus)}: ${parts.join(", ")}`;
}

/** Show all figures of a set. */
export function showAll(target, machine, figures) {
  const sites = machine.sites.map((site) => [site.name]);
  target.replaceChildren(
    table("Sites", "Site", sites, metricsOf(figures, false), figures),
    table("Couplers", "Coupler", machine.couplers, metricsOf(figures, true), figures),
  );
}

function row(title, metric, locus, figures, reference) {
  const value = figures.at(metric, locus);
  const cells = [make("th", { scope: "row" }, title), make("td", {}, withUnit(metric, value))];
  if (reference !== null) {
    const other = reference.at(metric, locus);
    const difference = change(metric, value, other);
    const unit = difference === undefined ? "" : ` ${changeUnit(metric)}`;
    cells.push(make("td", {}, withUnit(metric, other)), make("td", {}, signed(metric, difference) + unit));
  }
  return make("tr", {}, ...cells);
}

function table(caption, what, loci, metrics, figures) {
  const head = [what, ...metrics.map((metric) => METRICS[metric].name)];
  const rows = loci.map((locus) => make("tr", { "data-key": keyOf(locus) },
    make("th", { scope: "row" }, titleOf(locus)),
    ...metrics.map((metric) => make("td", { class: "number" }, withUnit(metric, figures.at(metric, locus))))));
  return make("table", {},
    make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col" }, text)))),
    make("tbody", {}, ...rows));
}

const isResonator = (machine, name) => machine.sites.some((site) => site.name === name && site.resonator);

const siteKind = (machine, name) => (isResonator(machine, name) ? "Resonator" : "Qubit");
