// SPDX-License-Identifier: Apache-2.0
// The page: what is chosen, and the loop that keeps it up to date while somebody can see it.

import { changesOf as calibrationChanges, showCalibrations } from "./calibrations.js";
import { changeScale, valueScale } from "./colours.js";
import { announce, find, make, setText } from "./dom.js";
import { Figures, METRICS, keyOf } from "./figures.js";
import { changesOf as jobChanges, showCircuits, showHistogram, showJob, showJobs } from "./jobs.js";
import { Lattice, showLegend } from "./lattice.js";
import { Missing, Unauthorized, read, useToken } from "./server.js";
import { describe, showAll, showSite } from "./sites.js";
import { isTerminal, moment, sentence, shortId } from "./texts.js";

const EVERY = 1000; // milliseconds between two looks at a server that answers
const AT_MOST = 10000; // and at one that does not

const chosen = { machine: null, metric: "t1", set: null, compare: false, locus: null, job: null, circuit: 0 };
let machines = [];
let live = null;
let figures = null;
let standard = null; // the default set's figures
let shownJob = null;
let program = null; // shots and circuit names of the chosen job
let timer = null;
let failures = 0;
let looking = false;
let again = false; // somebody chose something while a look was under way

const lattice = new Lattice(chooseSite);

function machine() {
  return machines.find((each) => each.alias === chosen.machine);
}

/** The set to compare with: the default one, unless that is what is shown. */
function reference() {
  return chosen.compare && figures.id !== standard.id ? standard : null;
}

// --- looking at the server -----------------------------------------------------------------------

/** Look now, and again and again as long as the page can be seen. */
async function look() {
  clearTimeout(timer);
  again = looking;
  if (looking || document.hidden) return;
  looking = true;
  try {
    await refresh();
    failures = 0;
    showConnection("live", "Live");
  } catch (error) {
    if (error instanceof Unauthorized) {
      lock();
      return;
    }
    // Another server may have taken this one's place, with other machines.
    if (error instanceof Missing) machines = [];
    failures += 1;
    showConnection("lost", "No answer, trying again");
  } finally {
    looking = false;
  }
  timer = setTimeout(look, again ? 0 : Math.min(EVERY * 2 ** Math.min(failures, 5), AT_MOST));
}

async function refresh() {
  if (machines.length === 0) await open();
  const alias = chosen.machine;
  const { changed, content } = await read("machines", alias, "live");
  if (alias !== chosen.machine) return;
  if (changed || live === null) {
    const before = live;
    live = content;
    showLive();
    if (before !== null) {
      const text = `${jobChanges(before, live)} ${calibrationChanges(before, live)}`.trim();
      if (text !== "") announce(text);
    }
  }
  await refreshFigures();
  await refreshJob();
}

async function open() {
  const { content } = await read("machines");
  machines = content;
  find("machine").replaceChildren(
    ...machines.map((each) => make("option", { value: each.alias }, `${each.alias} (${each.display_name})`)),
  );
  find("token").value = "";
  find("unlock").hidden = true;
  find("content").hidden = false;
  find("machine-choice").hidden = false;
  showMachine((machine() ?? machines[0]).alias);
}

/** Ask for a token; what was read with the last one is taken off the page. */
function lock() {
  const refused = find("token").value !== "";
  setText(find("unlock-problem"), refused ? "The server did not accept this token." : "");
  find("unlock").hidden = false;
  find("content").hidden = true;
  find("machine-choice").hidden = true;
  machines = [];
  showConnection("locked", "Locked");
  find("token").value = "";
  find("token").focus();
}

function showConnection(kind, text) {
  find("connection").className = `badge ${kind}`;
  setText(find("connection"), text);
}

// --- the machine -----------------------------------------------------------------------------------

function showMachine(alias) {
  Object.assign(chosen, { machine: alias, set: null, compare: false, locus: null, job: null });
  [live, figures, standard, shownJob] = [null, null, null, null];
  find("machine").value = alias;
  setText(find("machine-title"), machine().display_name);
  for (const id of ["site", "job"]) find(id).hidden = true;
  lattice.show(machine());
}

async function refreshFigures() {
  const [alias, wanted] = [chosen.machine, chosen.set ?? live.default_set];
  if (figures?.id === wanted && standard?.id === live.default_set) return;
  const [shown, usual] = await Promise.all([wanted, live.default_set].map(
    async (id) => new Figures((await read("machines", alias, "figures", id)).content)));
  if (alias !== chosen.machine || wanted !== (chosen.set ?? live.default_set)) return;
  figures = shown;
  standard = usual;
  showMetrics();
  showFigures();
  showCalibrations(live, figures.id, chooseSet);
}

function showMetrics() {
  const present = Object.keys(METRICS).filter((metric) => figures.has(metric));
  if (!present.includes(chosen.metric)) [chosen.metric] = present;
  const radios = [...find("metrics").querySelectorAll("input")];
  if (radios.map((radio) => radio.value).join() !== present.join()) {
    for (const label of find("metrics").querySelectorAll("label")) label.remove();
    find("metrics").append(...present.map((metric) => make("label", {},
      make("input", { type: "radio", name: "metric", value: metric }), make("span", {}, METRICS[metric].label))));
  }
  for (const radio of find("metrics").querySelectorAll("input")) radio.checked = radio.value === chosen.metric;
}

function showFigures() {
  const { metric } = chosen;
  const usual = figures.id === standard.id;
  setText(find("shown-set"), `${shortId(figures.id)}${usual ? " (default)" : ""}, ${moment(figures.created)} UTC`);
  find("compare-choice").hidden = usual;
  find("compare").checked = chosen.compare;
  const other = reference();
  const loci = METRICS[metric].pair ? machine().couplers : machine().sites.map((site) => [site.name]);
  const scale = other === null ? valueScale(metric, figures) : changeScale(metric, loci, figures, other);
  lattice.paint({ metric, figures, reference: other, scale });
  lattice.mark(chosen.locus === null ? null : keyOf(chosen.locus));
  showLegend(find("legend"), scale);
  if (chosen.locus !== null) showSite(machine(), chosen.locus, figures, other);
  if (find("all-figures").open) showAll(find("figure-tables"), machine(), figures);
}

function showLive() {
  setText(find("condition"), sentence(live.condition));
  find("condition").className = `badge ${live.condition}`;
  showJobs(live, chosen.job, chooseJob);
  showCalibrations(live, figures?.id, chooseSet);
}

function chooseSite(locus) {
  chosen.locus = locus;
  lattice.mark(keyOf(locus));
  showSite(machine(), locus, figures, reference());
  announce(describe(locus, figures));
}

function chooseSet(id) {
  chosen.set = id === live.default_set ? null : id;
  announce(`The machine shows calibration set ${shortId(id)}.`);
  look();
}

// --- one job ---------------------------------------------------------------------------------------

function chooseJob(id) {
  Object.assign(chosen, { job: id, circuit: 0 });
  shownJob = null;
  showJobs(live, id, chooseJob);
  look();
}

async function refreshJob() {
  const id = chosen.job;
  // What has ended does not change. When it is no longer listed it may have been deleted.
  const listed = live.jobs.some((job) => job.id === id);
  if (id === null || (listed && shownJob?.id === id && isTerminal(shownJob.status))) return;
  try {
    const { changed, content } = await read("jobs", id);
    if (id !== chosen.job || (!changed && shownJob?.id === id)) return;
    if (shownJob?.id !== id) program = (await read("jobs", id, "program")).content;
    if (id === chosen.job) await showChosenJob(content);
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    // It was deleted.
    if (id === chosen.job) {
      chosen.job = null;
      find("job").hidden = true;
      announce(`Job ${shortId(id)} is gone.`);
    }
  }
}

async function showChosenJob(job) {
  const first = shownJob?.id !== job.id;
  showJob(job, program, chooseSet);
  const done = job.artifacts.length > 0;
  find("results").hidden = !done;
  if (done) {
    showCircuits(program.circuit_names, chosen.circuit);
    await showCircuit(job.id, chosen.circuit);
  }
  shownJob = job;
  if (first) find("job-title").focus();
}

async function showCircuit(id, index) {
  const { content } = await read("jobs", id, "circuits", String(index));
  if (id === chosen.job && index === chosen.circuit) showHistogram(content);
}

// --- what the user does ------------------------------------------------------------------------------

find("unlock-form").addEventListener("submit", (event) => {
  event.preventDefault();
  useToken(find("token").value.trim());
  look();
});
find("machine").addEventListener("change", (event) => {
  showMachine(event.target.value);
  look();
});
find("metrics").addEventListener("change", (event) => {
  chosen.metric = event.target.value;
  showFigures();
});
find("compare").addEventListener("change", (event) => {
  chosen.compare = event.target.checked;
  showFigures();
});
find("all-figures").addEventListener("toggle", () => showFigures());
find("circuit").addEventListener("change", (event) => {
  chosen.circuit = Number(event.target.value);
  showCircuit(chosen.job, chosen.circuit).catch((error) => {
    console.warn(error);
    announce("The results of this circuit cannot be read.");
  });
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) showConnection("paused", "Paused");
  else look();
});
look();
