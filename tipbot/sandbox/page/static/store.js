// What the page knows: a copy of the server's state, kept up to date by its stream of changes.

import { ask } from "./api.js";

const RETRY_MILLISECONDS = 1500;
const listeners = new Set();
let source = null;

/** Everything there is; `now` is the demo's time in milliseconds when `heard` (performance.now) was. */
export const state = { ready: false, chats: [], people: [], menus: {}, faults: [], calls: 0, around: null };

/** Call `listener(change)` after each change; a change without events is a new beginning. */
export function listen(listener) {
  listeners.add(listener);
}

/** Load everything, then follow what happens, for ever. */
export async function follow(onLink) {
  try {
    begin(await ask("/api/state"));
    onLink(true);
    openStream(onLink);
  } catch {
    onLink(false);
    setTimeout(() => follow(onLink), RETRY_MILLISECONDS);
  }
}

/** Return the chat of this number. */
export function chatOf(id) {
  return state.chats.find((chat) => chat.id === id) ?? null;
}

/** Return the person of this number. */
export function personOf(id) {
  return state.people.find((person) => person.id === id) ?? null;
}

/** Return the demo's time in milliseconds. */
export function now() {
  return state.now + performance.now() - state.heard;
}

/** Return the last message in a chat, or null. */
export function lastOf(chat) {
  return chat.messages.at(-1) ?? null;
}

function begin(whole) {
  Object.assign(state, whole, { ready: true });
  keepTime(whole.now);
  tell({ events: null });
}

function openStream(onLink) {
  source?.close();
  source = new EventSource(`/api/changes?after=${state.sequence}&run=${state.run}`);
  source.onopen = () => onLink(true);
  source.onmessage = (message) => {
    state.sequence = Number(message.lastEventId);
    take(JSON.parse(message.data));
  };
  source.addEventListener("lost", () => again(onLink));
  source.onerror = () => {
    onLink(false);
    if (source.readyState === EventSource.CLOSED) again(onLink);
  };
}

function again(onLink) {
  source.close();
  setTimeout(() => follow(onLink), RETRY_MILLISECONDS);
}

function take(change) {
  for (const event of change.events) applyToMessages(event);
  for (const summary of change.chats) Object.assign(chatOf(summary.id) ?? {}, summary);
  for (const name of ["menus", "people", "faults", "calls", "around"]) {
    if (name in change) state[name] = change[name];
  }
  if (change.bot) Object.assign(state.bot, change.bot);
  keepTime(change.now);
  tell(change);
}

function applyToMessages(event) {
  const chat = chatOf(event.chat_id);
  if (!chat) return;
  const at = chat.messages.findIndex((message) => message.message_id === event.message_id);
  if (event.kind === "sent" && at < 0) chat.messages.push(event);
  else if ((event.kind === "sent" || event.kind === "edited") && at >= 0) chat.messages[at] = event;
  else if (event.kind === "deleted" && at >= 0) chat.messages.splice(at, 1);
}

function keepTime(moment) {
  state.now = Date.parse(moment);
  state.heard = performance.now();
}

function tell(change) {
  for (const listener of listeners) listener(change);
}
