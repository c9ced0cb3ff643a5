// Asks the server; everything that happens comes back through the stream of changes.

import { toast } from "./dialogs.js";

/** Return the answer to a question, as JSON. */
export async function ask(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

/** Let the server do something; say so when it cannot. Returns whether it was done. */
export async function act(name, given = {}) {
  try {
    const answer = await fetch(`/api/acts/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(given),
    });
    if (answer.ok) return true;
    const { error } = await answer.json();
    toast(error ?? "That did not work.");
  } catch {
    toast("The demo does not answer. Is it still running?");
  }
  return false;
}
