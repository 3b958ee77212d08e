// SPDX-License-Identifier: Apache-2.0
// Requests to the server that served this page.

/** The server wants a token, or another one. */
export class Unauthorized extends Error {}

/** What was asked for is not there (any more). */
export class Missing extends Error {}

let token = null;
const known = new Map();

/** Send this token from now on. It is kept nowhere else. */
export function useToken(text) {
  token = text;
  known.clear();
}

/**
 * Read a document.
 *
 * @param {...string} parts  of its path below /dashboard/api
 * @returns {Promise<{changed: boolean, content: *}>}  `changed` is false when it is what the last call gave
 */
export async function read(...parts) {
  const path = `/dashboard/api/${parts.map(encodeURIComponent).join("/")}`;
  const headers = { Accept: "application/json" };
  if (token !== null) headers.Authorization = `Bearer ${token}`;
  const last = known.get(path);
  if (last !== undefined) headers["If-None-Match"] = last.tag;
  const reply = await fetch(path, { headers, cache: "no-store", credentials: "omit", redirect: "error" });
  if (reply.status === 304 && last !== undefined) return { changed: false, content: last.content };
  if (reply.status === 401) throw new Unauthorized();
  if (reply.status === 404) throw new Missing(path);
  if (!reply.ok) throw new Error(`${path}: ${reply.status}`);
  const content = await reply.json();
  known.delete(path);
  known.set(path, { tag: reply.headers.get("ETag") ?? "", content });
  // A page that stays open for days looks at many jobs.
  if (known.size > 64) known.delete(known.keys().next().value);
  return { changed: true, content };
}
