// SPDX-License-Identifier: Apache-2.0
// The history of calibrations: sets to look at, and the runs that made them.

import { find, make, setText, showList } from "./dom.js";
import { showStatus } from "./jobs.js";
import { moment, shortId } from "./texts.js";

/**
 * Show the history.
 *
 * @param {*} live
 * @param {string} shown  id of the set that the lattice shows
 * @param {function(string)} onShow
 */
export function showCalibrations(live, shown, onShow) {
  showList(find("set-rows"), live.calibration_sets, (set) => set.id, (set) => setRow(set, onShow), (row, set) => {
    row.querySelector("button").setAttribute("aria-pressed", String(set.id === shown));
    setText(row.lastElementChild, set.id === live.default_set ? "default" : "");
  });
  find("runs").hidden = live.calibration_runs.length === 0;
  showList(find("run-rows"), live.calibration_runs, (run) => run.id, runRow, (row, run) => {
    showStatus(row.children[1].firstElementChild, run.status, run.status);
    setText(row.lastElementChild, outcome(run));
  });
}

/** Say what happened to calibrations between two looks; an empty text when nothing did. */
export function changesOf(before, after) {
  const earlier = new Set(before.calibration_sets.map((set) => set.id));
  const parts = after.calibration_sets
    .filter((set) => !earlier.has(set.id))
    .map((set) => `New calibration set ${shortId(set.id)}.`);
  if (before.default_set !== after.default_set) {
    parts.push(`Calibration set ${shortId(after.default_set)} is the default now.`);
  }
  return parts.join(" ");
}

function setRow(set, onShow) {
  return make("tr", {},
    make("th", { scope: "row" }, make("button", {
      type: "button", class: "link", "aria-label": `Show calibration set ${shortId(set.id)}`, title: set.id,
      onclick: () => onShow(set.id),
    }, make("code", {}, shortId(set.id)))),
    make("td", {}, make("time", { datetime: set.created }, moment(set.created))),
    make("td", {}),
  );
}

function runRow(run) {
  return make("tr", {},
    make("th", { scope: "row", title: run.id }, make("code", {}, shortId(run.id))),
    make("td", {}, make("span", { class: "status" })),
    make("td", {}),
  );
}

function outcome(run) {
  if (run.error) return run.error;
  return run.calibration_set_id ? `Set ${shortId(run.calibration_set_id)}` : "";
}
