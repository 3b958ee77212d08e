// SPDX-License-Identifier: Apache-2.0
// The machine as a drawing: sites and couplers are buttons, the lines behind them are decoration.

import { inkOn } from "./colours.js";
import { METRICS, change, changeUnit, keyOf, short, signed, titleOf, withUnit } from "./figures.js";
import { draw, find, make, setText } from "./dom.js";

const MARGIN = 0.5; // of the drawing, in units of the lattice
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Lattice {
  /** @param {function(string[])} onChoose  called with the locus of what was chosen */
  constructor(onChoose) {
    this.onChoose = onChoose;
    this.root = find("lattice");
    this.root.addEventListener("keydown", (event) => this.#move(event));
    this.parts = [];
  }

  /** Draw another machine. */
  show(machine) {
    const places = new Map(machine.sites.map((site) => [site.name, site]));
    const right = Math.max(...machine.sites.map((site) => site.x + reach(site)));
    const left = Math.min(...machine.sites.map((site) => site.x - reach(site)));
    const width = right - left + 2 * MARGIN;
    const height = Math.max(...machine.sites.map((site) => site.y)) + 2 * MARGIN;
    const shift = MARGIN - left;
    const lines = draw("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
    this.parts = machine.sites.map((site) => this.#part([site.name], site.x + shift, site.y + MARGIN, site));
    for (const locus of machine.couplers) {
      const ends = endsOf(places.get(locus[0]), places.get(locus[1]));
      const [from, to] = ends.map(([x, y]) => [x + shift, y + MARGIN]);
      const line = draw("line", { x1: from[0], y1: from[1], x2: to[0], y2: to[1] });
      lines.append(line);
      const part = this.#part(locus, (from[0] + to[0]) / 2, (from[1] + to[1]) / 2, null);
      part.line = line;
      this.parts.push(part);
    }
    this.root.style.setProperty("--columns", width);
    this.root.style.setProperty("--rows", height);
    this.root.replaceChildren(lines, ...this.parts.map((part) => part.button));
    this.#stop(this.parts[0]);
  }

  /**
   * Colour the drawing.
   *
   * @param {{metric: string, figures: Figures, reference: Figures|null, scale: Scale|null}} view
   *   `reference` is what to compare with, if anything
   */
  paint({ metric, figures, reference, scale }) {
    const { pair, name } = METRICS[metric];
    this.root.classList.toggle("pairs", pair);
    for (const part of this.parts) {
      const coupler = part.locus.length === 2;
      part.button.hidden = coupler && !pair;
      let text = "";
      let label = titleOf(part.locus);
      let colour = null;
      if (coupler === pair) {
        const value = figures.at(metric, part.locus);
        const shown = reference === null ? value : change(metric, value, reference.at(metric, part.locus));
        text = reference === null ? short(metric, value) : signed(metric, shown);
        label += `, ${name} ${withUnit(metric, value)}`;
        if (reference !== null && shown !== undefined) {
          label += `, ${signed(metric, shown)} ${changeUnit(metric)} against the default set`;
        }
        if (shown !== undefined && scale !== null) colour = scale.colour(shown);
      }
      setText(part.value, text);
      part.button.setAttribute("aria-label", label);
      part.button.classList.toggle("bare", coupler !== pair);
      part.button.classList.toggle("missing", coupler === pair && colour === null);
      part.button.style.setProperty("--fill", colour ?? "transparent");
      part.button.style.setProperty("--ink", colour === null ? "inherit" : inkOn(colour));
      part.line?.style.setProperty("stroke", colour ?? "");
    }
    const current = this.parts.find((part) => part.button.tabIndex === 0);
    if (current === undefined || current.button.hidden) this.#stop(this.parts[0]);
  }

  /** Mark what is chosen, by its key; null marks nothing. */
  mark(key) {
    for (const part of this.parts) {
      const chosen = keyOf(part.locus) === key;
      part.button.setAttribute("aria-pressed", String(chosen));
      if (chosen && !part.button.hidden) this.#stop(part);
    }
  }

  #part(locus, x, y, site) {
    const value = make("span", { class: "value" });
    const kind = site === null ? "coupler" : site.span > 0 ? "beam" : site.resonator ? "resonator" : "qubit";
    const button = make("button", { type: "button", class: kind, "aria-pressed": "false", tabindex: "-1" });
    if (site !== null) button.append(make("span", { class: "name" }, site.name));
    button.append(value);
    button.style.setProperty("--x", x);
    button.style.setProperty("--y", y);
    if (site?.span > 0) button.style.setProperty("--span", site.span);
    const part = { locus, x, y, button, value };
    button.addEventListener("click", () => {
      this.#stop(part);
      this.onChoose(locus);
    });
    return part;
  }

  /** Make a part the one that the Tab key stops at; the others are a step of the arrow keys away. */
  #stop(stopped) {
    for (const part of this.parts) part.button.tabIndex = part === stopped ? 0 : -1;
  }

  #move(event) {
    const step = STEPS[event.key];
    const from = this.parts.find((part) => part.button === event.target);
    if (step === undefined || from === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    let next = null;
    let nearest = Infinity;
    for (const part of this.parts) {
      const [x, y] = [part.x - from.x, part.y - from.y];
      const ahead = x * step[0] + y * step[1];
      const aside = Math.abs(x * step[1]) + Math.abs(y * step[0]);
      // What lies straight ahead comes before what is closer but off the line.
      if (part.button.hidden || ahead <= 0.01 || ahead + 3 * aside >= nearest) continue;
      nearest = ahead + 3 * aside;
      next = part;
    }
    if (next === null) return;
    this.#stop(next);
    next.button.focus();
  }
}

/** How far a site extends beyond its centre, apart from what fits in the margin. */
const reach = (site) => Math.max(0, site.span / 2 - 0.3);

/** The ends of a coupler's line; at a bar it ends opposite the other site. */
function endsOf(one, other) {
  const end = (site, opposite) => {
    if (!(site.span > 0)) return [site.x, site.y];
    const [low, high] = [site.x - site.span / 2, site.x + site.span / 2];
    return [Math.min(Math.max(opposite.x, low), high), site.y];
  };
  return [end(one, other), end(other, one)];
}

/** Show what the colours mean. */
export function showLegend(target, scale) {
  if (scale === null) {
    target.replaceChildren(make("p", { class: "hint" }, "This set has no such figures."));
    return;
  }
  const ramp = make("div", { class: "ramp", "aria-hidden": "true" });
  for (const colour of scale.swatches(48)) {
    const swatch = make("span");
    swatch.style.backgroundColor = colour;
    ramp.append(swatch);
  }
  const [low, middle, high] = scale.ticks.map((value) => scale.text(value));
  target.replaceChildren(
    make("p", {}, scale.title),
    ramp,
    make("p", { class: "ticks" }, ...[low, middle, high].map((text) => make("span", {}, text))),
  );
}
