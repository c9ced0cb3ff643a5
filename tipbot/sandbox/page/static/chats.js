// The list of chats: who, the last words, when, and what is new.

import { authorOf, wordsOf } from "./bubble.js";
import { fillOnce, icon, make } from "./dom.js";
import { nameOfMedia } from "./media.js";
import { lastOf, now, personOf, state } from "./store.js";
import { shortest } from "./times.js";

/** Draw the list; `open` is the number of the open chat. */
export function drawChats(open) {
  const list = document.getElementById("chats");
  while (list.childElementCount < state.chats.length) list.append(make("li"));
  state.chats.forEach((chat, index) => {
    const { messages, keyboard, ...summary } = chat;
    const key = [summary, lastOf(chat), chat.id === open, aboutChat(chat)];
    fillOnce(list.children[index], key, () => item(chat, chat.id === open));
  });
}

/** Return a round picture with somebody's first letters. */
export function avatar(chat) {
  const letters = chat.title.split(" ").map((word) => word[0]).slice(0, 2).join("");
  const tint = Math.abs(chat.id) % 6;
  return make("span", { class: `avatar tint-${tint}`, "aria-hidden": "true" }, chat.private ? letters : icon("people"));
}

/** Return what somebody is there for, and where. */
export function aboutChat(chat) {
  const person = personOf(chat.id);
  if (person) return `${person.role} · ${person.city}`;
  const count = chat.members.length + (chat.has_bot ? 1 : 0);
  return `Group · ${count} members`;
}

function item(chat, isOpen) {
  const last = lastOf(chat);
  const zone = (personOf(chat.id) ?? personOf(chat.members[0]))?.zone ?? "UTC";
  const badge = chat.unread && !isOpen
    ? make("span", { class: "badge" }, String(chat.unread), make("span", { class: "sr-only" }, " new messages")) : null;
  return make("a", { href: `#${chat.id}`, id: `chat${chat.id}`, "aria-current": isOpen ? "true" : null, class: "chat" },
    avatar(chat),
    make("span", { class: "chat-title" }, chat.title),
    make("span", { class: "chat-time" }, last ? shortest(last.date * 1000, zone, now()) : ""),
    make("span", { class: "chat-about" }, aboutChat(chat)),
    make("span", { class: "chat-last" }, last ? preview(last, chat) : "No messages yet"),
    badge);
}

function preview(message, chat) {
  const words = [nameOfMedia(message), wordsOf(message).split("\n", 1)[0]].filter(Boolean).join(" · ");
  const author = message.from?.is_bot ? "TipBot" : chat.private ? "You" : authorOf(message);
  return [make("span", { class: "chat-author" }, `${author}: `), words || "…"];
}
