// SPDX-License-Identifier: Apache-2.0
// The queue, the latest jobs, and one job with its timeline and its results.

import { find, make, setText, showList } from "./dom.js";
import { count, duration, isTerminal, milliseconds, moment, sentence, shortId, signOf } from "./texts.js";

/** Show the queue and the latest jobs. */
export function showJobs(live, chosen, onChoose) {
  const running = live.jobs.filter((job) => job.status === "processing").length;
  setText(find("queue"), live.queue_length === 0
    ? "The queue is empty."
    : `${count(live.queue_length, "job")} in the queue, ${running === 0 ? "none" : running} of them running.`);
  find("no-jobs").hidden = live.jobs.length > 0;
  find("jobs").hidden = live.jobs.length === 0;
  showList(find("job-rows"), live.jobs, (job) => job.id, (job) => jobRow(job, onChoose), (row, job) => {
    const [button, status, , circuits] = row.children;
    button.firstElementChild.setAttribute("aria-pressed", String(job.id === chosen));
    showStatus(status.firstElementChild, job.status, statusText(job));
    setText(circuits, isTerminal(job.status) || job.circuits_done === 0
      ? job.circuits : `${job.circuits_done} of ${job.circuits}`);
  });
}

/** Say what happened to jobs between two looks; an empty text when nothing did. */
export function changesOf(before, after) {
  const earlier = new Map(before.jobs.map((job) => [job.id, job.status]));
  const ended = after.jobs.filter((job) => isTerminal(job.status) && earlier.get(job.id) !== job.status);
  const came = after.jobs.filter((job) => !earlier.has(job.id) && !isTerminal(job.status));
  const parts = came.length > 0 ? [`${count(came.length, "new job")}.`] : [];
  for (const status of ["completed", "failed", "cancelled"]) {
    const those = ended.filter((job) => job.status === status);
    if (those.length === 1) parts.push(`Job ${shortId(those[0].id)} ${status}.`);
    else if (those.length > 1) parts.push(`${count(those.length, "job")} ${status}.`);
  }
  return parts.join(" ");
}

/** Show one job, with the shots of its program. */
export function showJob(job, program, onShowSet) {
  setText(find("job-title"), `Job ${shortId(job.id)}`);
  const status = make("span", { class: "status" });
  showStatus(status, job.status, job.status);
  const set = job.compilation?.calibration_set_id;
  const facts = [
    ["Status", status],
    ["Tag", job.tag ?? "none"],
    ["Shots", program.shots],
    ["Circuits", job.execution.progress.circuits.max_value],
    ["Calibration set", set === undefined ? "none"
      : make("button", { type: "button", class: "link", onclick: () => onShowSet(set) }, `Show ${shortId(set)}`)],
    ["Id", make("code", {}, job.id)],
  ];
  if (job.queue_position !== undefined) facts.splice(1, 0, ["Jobs ahead", job.queue_position]);
  showList(find("job-facts"), facts, ([name]) => `${job.id} ${name}`,
    ([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value)),
    (entry, [name, value]) => {
      const target = entry.lastElementChild;
      // A button that stays keeps the focus.
      if (name !== "Calibration set") target.replaceChildren(value instanceof Node ? value : String(value));
    });
  const texts = [
    ...(job.errors ?? []).map((error) => ["error", `Error: ${error.message}`]),
    ...job.messages.map((message) => ["message", message.message]),
  ];
  find("job-messages").replaceChildren(...texts.map(([kind, text]) => make("li", { class: kind }, text)));
  showTimeline(job.timeline);
  find("job").hidden = false;
}

/** Offer the circuits of a job. */
export function showCircuits(names, chosen) {
  const options = names.map((name, index) =>
    make("option", { value: index, selected: index === chosen }, `${index + 1}${name === "" ? "" : `: ${name}`}`));
  find("circuit").replaceChildren(...options);
  find("circuit").value = String(chosen);
}

/** Show the outcomes of one circuit. */
export function showHistogram(result) {
  const { outcomes, outcomes_num: different, shots } = result;
  const shown = outcomes.reduce((sum, outcome) => sum + outcome.count, 0);
  const keys = result.measurement_keys;
  const listed = keys.slice(0, 8).join(", ") + (keys.length > 8 ? ` and ${keys.length - 8} more` : "");
  setText(find("result-summary"), keys.length === 0
    ? "This circuit measures nothing."
    : `${count(shots, "shot")}, ${count(different, "different outcome")}. Bits from left to right: ${listed}.`);
  find("histogram").hidden = keys.length === 0;
  const most = Math.max(...outcomes.map((outcome) => outcome.count), 1);
  const rows = outcomes.map(({ bits, count: number }) => {
    return make("tr", {}, make("th", { scope: "row" }, make("code", {}, bits)), cell(number),
      cell(share(number, shots)), make("td", { class: "wide" }, bar(0, number / most)));
  });
  if (shown < shots) {
    rows.push(make("tr", { class: "rest" },
      make("th", { scope: "row" }, `${count(different - outcomes.length, "other")}`),
      cell(shots - shown), cell(share(shots - shown, shots)), make("td", { class: "wide" })));
  }
  find("outcomes").replaceChildren(...rows);
}

export function showStatus(target, status, text) {
  if (target.dataset.text === text) return;
  target.dataset.text = text;
  target.className = `status ${status}`;
  target.replaceChildren(make("span", { class: "sign", "aria-hidden": "true" }, signOf(status)), ` ${text}`);
}

function jobRow(job, onChoose) {
  const label = `Job ${shortId(job.id)}${job.tag === undefined ? "" : `, tag ${job.tag}`}`;
  return make("tr", {},
    make("td", {}, make("button", {
      type: "button", class: "link", "aria-label": label, title: job.id, onclick: () => onChoose(job.id),
    }, make("code", {}, shortId(job.id)))),
    make("td", {}, make("span", { class: "status" })),
    make("td", { class: "tag" }, job.tag ?? ""),
    make("td", { class: "number" }),
    make("td", { class: "number" }, job.shots),
    make("td", {}, make("time", { datetime: job.submitted }, moment(job.submitted))),
  );
}

function statusText(job) {
  return job.queue_position === undefined ? job.status : `${job.status}, ${job.queue_position} ahead`;
}

function showTimeline(timeline) {
  const times = timeline.map((entry) => milliseconds(entry.timestamp));
  const whole = Math.max(times.at(-1) - times[0], 1e-3);
  find("steps").replaceChildren(...timeline.map((entry, index) => {
    const start = times[index] - times[0];
    const length = (times[index + 1] ?? times[index]) - times[index];
    return make("tr", {},
      make("th", { scope: "row" }, sentence(entry.status)),
      make("td", { class: "by" }, entry.source.replace(/^iqm-/, "")),
      make("td", { class: "number" }, make("time", { datetime: entry.timestamp }, duration(start))),
      make("td", { class: "wide" }, bar(start / whole, length / whole)));
  }));
}

const cell = (value) => make("td", { class: "number" }, value);

const share = (part, whole) => `${(100 * part / whole).toFixed(1)} %`;

/** A bar from one fraction of the width; the numbers beside it say the same. */
function bar(start, length) {
  const made = make("span", { class: "bar" });
  made.style.marginInlineStart = `${100 * start}%`;
  made.style.inlineSize = `${100 * length}%`;
  return made;
}
