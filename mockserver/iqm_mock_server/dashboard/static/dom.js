// SPDX-License-Identifier: Apache-2.0
// Building and updating the document. Text is always a text node: nothing that a client submitted is ever
// read as markup.

export const find = (id) => document.getElementById(id);

/**
 * Make an element.
 *
 * @param {string} tag
 * @param {Object<string, *>} attributes  `on…` are event listeners; null and false are left out
 * @param {...(Node|string|number)} children
 */
export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  made.append(...children.map((child) => (child instanceof Node ? child : String(child))));
  return made;
}

/** Make an SVG element. */
export function draw(tag, attributes = {}) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  setAttributes(made, attributes);
  return made;
}

function setAttributes(target, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) target.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) target.setAttribute(name, value === true ? "" : value);
  }
}

/** Set text only when it differs, so that assistive technology sees no change where there is none. */
export function setText(target, text) {
  const wanted = String(text);
  if (target.textContent !== wanted) target.textContent = wanted;
}

/**
 * Make a parent's children show a list, keeping the elements of items that stay: focus survives an update.
 *
 * @param {Element} parent
 * @param {Array} items
 * @param {function(*): string} keyOf
 * @param {function(*): Element} create
 * @param {function(Element, *): void} update
 */
export function showList(parent, items, keyOf, create, update) {
  const wanted = new Set(items.map(keyOf));
  const present = new Map();
  for (const child of [...parent.children]) {
    if (wanted.has(child.dataset.key)) present.set(child.dataset.key, child);
    else child.remove();
  }
  let cursor = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let child = present.get(key);
    if (child === undefined) {
      child = create(item);
      child.dataset.key = key;
    }
    update(child, item);
    if (child === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(child, cursor);
  }
}

/** Tell a screen reader; what it is still saying is not interrupted. */
export function announce(text) {
  find("announcer").textContent = text;
}
