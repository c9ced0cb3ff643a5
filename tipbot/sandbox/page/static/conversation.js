// The messages of the open chat: a window on the newest of them that follows what happens.

import { act } from "./api.js";
import { authorOf, bubbleOf, dayOf, reachable, wordsOf } from "./bubble.js";
import { announce, icon, make } from "./dom.js";
import { nameOfMedia } from "./media.js";
import { now, personOf } from "./store.js";

const AT_ONCE = 60;
const NEAR_PIXELS = 80;
const ANSWER_SECONDS = 15;
const QUIET_MILLISECONDS = 4000;

/** Shows one chat at a time in an element; `hands` does what people do: command, act, inline. */
export class Conversation {
  constructor(hands) {
    this.hands = hands;
    this.list = make("ol", { class: "messages" });
    this.scroller = make("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": "Messages" }, this.list);
    this.jump = make("button", { type: "button", class: "jump", hidden: true, "aria-label": "To the newest message" }, icon("down"));
    this.element = make("div", { class: "log" }, this.scroller, this.jump);
    this.jump.addEventListener("click", () => this.toEnd(true));
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.scroller.addEventListener("keydown", (event) => this.keyed(event));
    this.list.addEventListener("focusin", (event) => this.choose(event.target.closest(".entry")));
    const follow = new ResizeObserver(() => this.sticks && this.toEnd());
    follow.observe(this.list);
    follow.observe(this.scroller);
    this.sticks = true;
    this.top = 0;
    this.current = null;
  }

  /** Show a chat as this person sees it, from its newest message. */
  open(chat, me) {
    this.chat = chat;
    this.me = me;
    this.zone = personOf(me)?.zone;
    this.from = Math.max(0, chat.messages.length - AT_ONCE);
    this.list.replaceChildren();
    this.current = null;
    for (const entry of this.entries(this.from)) this.append(entry);
    this.sticks = true;
    this.toEnd();
    this.seen();
  }

  /** Follow one event of this chat; returns nothing, and leaves what did not change alone. */
  happened(event) {
    if (event.kind === "sent") this.arrived(event);
    else if (event.kind === "edited") this.edited(event);
    else if (event.kind === "deleted") this.deleted(event);
  }

  /** Stop waiting for the answer to a press. */
  answered() {
    for (const waiting of this.list.querySelectorAll(".waiting")) waiting.classList.remove("waiting");
  }

  view() {
    return {
      me: this.me, zone: personOf(this.me)?.zone ?? "UTC", now: now(), group: !this.chat.private,
      command: this.hands.command, inline: this.hands.inline,
      act: (messages, entry) => this.hands.act(messages, entry),
      press: (message, row, column, key) => this.press(message, row, column, key),
      find: (id) => this.find(id),
    };
  }

  /** Return the messages from an index on, albums together. */
  entries(from, to = this.chat.messages.length) {
    const groups = [];
    for (const message of this.chat.messages.slice(from, to)) {
      const album = message.media_group_id;
      if (album && groups.at(-1)?.[0].media_group_id === album) groups.at(-1).push(message);
      else groups.push([message]);
    }
    return groups;
  }

  render(messages) {
    const view = this.view();
    const entry = bubbleOf(messages, view);
    entry.dataset.day = dayOf(messages[0], view);
    entry.dataset.album = messages[0].media_group_id ?? "";
    reachable(entry, false);
    return entry;
  }

  append(messages) {
    const entry = this.render(messages);
    const last = this.list.lastElementChild;
    const joins = entry.dataset.album && last?.dataset.album === entry.dataset.album;
    const line = joins ? last.querySelector(".day") : entry.dataset.day !== last?.dataset.day && dayLine(entry);
    if (line) entry.prepend(line);
    if (joins) last.remove();
    this.list.append(entry);
    if (!this.list.contains(document.activeElement)) this.choose(entry);
    return entry;
  }

  arrived(message) {
    const stuck = this.sticks || message.from?.id === this.me;
    const album = message.media_group_id;
    const together = album ? this.chat.messages.filter((one) => one.media_group_id === album) : [message];
    const entry = this.append(together);
    entry.classList.add("new");
    if (stuck) this.toEnd();
    if (message.from?.id !== this.me) announce(`${authorOf(message)}: ${spoken(message)}`);
    this.seen();
    this.jump.hidden = this.sticks;
  }

  edited(message) {
    const old = this.entryOf(message.message_id);
    if (!old) return;
    const ids = old.dataset.ids.split(" ").map(Number);
    const entry = this.render(this.chat.messages.filter((one) => ids.includes(one.message_id)));
    if (entry.dataset.keys === old.dataset.keys) this.rewrite(old, entry);
    else this.exchange(old, entry);
    this.sayChange(message);
    if (this.sticks) this.toEnd();
  }

  /** Change the words and leave the buttons: somebody may be pressing one while a progress counts up. */
  rewrite(old, entry) {
    old.querySelector(".bubble").replaceWith(entry.querySelector(".bubble"));
    old.messages = entry.messages;
    if (old === this.current) reachable(old, true);
  }

  exchange(old, entry) {
    const line = old.querySelector(".day");
    if (line) entry.prepend(line);
    const focused = old.contains(document.activeElement);
    old.replaceWith(entry);
    if (this.current === old) this.current = null;
    if (focused || !this.list.contains(document.activeElement)) this.choose(focused ? entry : this.current ?? entry);
    if (focused) (entry.querySelector(".key") ?? entry).focus({ preventScroll: true });
  }

  /** Tell screen readers, but not every step of something that counts up. */
  sayChange(message) {
    const { id, at } = this.said ?? {};
    if (message.from?.id === this.me || (id === message.message_id && performance.now() - at < QUIET_MILLISECONDS)) return;
    this.said = { id: message.message_id, at: performance.now() };
    announce(`${authorOf(message)}, changed: ${spoken(message)}`);
  }

  deleted(event) {
    const old = this.entryOf(event.message_id);
    if (!old) return;
    const ids = old.dataset.ids.split(" ").map(Number);
    const left = this.chat.messages.filter((one) => ids.includes(one.message_id));
    const next = old.nextElementSibling ?? old.previousElementSibling;
    const focused = old.contains(document.activeElement);
    const entry = left.length ? this.render(left) : null;
    const line = old.querySelector(".day");
    const heir = entry ?? (old.nextElementSibling?.dataset.day === old.dataset.day ? old.nextElementSibling : null);
    if (line && heir) heir.prepend(line);
    if (entry) old.replaceWith(entry);
    else old.remove();
    if (this.current === old) this.choose(entry ?? next);
    if (focused) (entry ?? next ?? this.scroller).focus();
  }

  async press(message, row, column, key) {
    key.classList.add("waiting");
    setTimeout(() => key.classList.remove("waiting"), ANSWER_SECONDS * 1000);
    const given = { person: this.me, chat: this.chat.id, message_id: message.message_id, row, column };
    if (!(await act("press", given))) key.classList.remove("waiting");
  }

  entryOf(id) {
    return this.list.querySelector(`.entry[data-ids~="${Number(id)}"]`);
  }

  find(id) {
    while (!this.entryOf(id) && this.from > 0) this.earlier();
    const entry = this.entryOf(id);
    entry?.scrollIntoView({ block: "center" });
    entry?.focus({ preventScroll: true });
  }

  earlier() {
    const until = this.from;
    this.from = Math.max(0, until - AT_ONCE);
    const height = this.scroller.scrollHeight;
    const place = this.scroller.scrollTop;
    const added = this.entries(this.from, until).map((messages) => this.render(messages));
    const first = this.list.firstElementChild;
    if (first?.dataset.day === added.at(-1)?.dataset.day) first?.querySelector(".day")?.remove();
    added.forEach((entry, index) => {
      if (entry.dataset.day !== added[index - 1]?.dataset.day) entry.prepend(dayLine(entry));
    });
    this.list.prepend(...added);
    this.scroller.scrollTop = place + this.scroller.scrollHeight - height;
  }

  scrolled() {
    const top = this.scroller.scrollTop;
    const left = this.scroller.scrollHeight - top - this.scroller.clientHeight;
    // Only somebody who goes up leaves the end: a message that grows below is followed.
    if (left < NEAR_PIXELS) this.sticks = true;
    else if (top < this.top - 1) this.sticks = false;
    this.top = top;
    this.jump.hidden = this.sticks;
    if (this.sticks) this.seen();
    if (top < NEAR_PIXELS && this.from > 0) this.earlier();
  }

  toEnd(gently = false) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.sticks = true;
    const go = () => this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: gently && !calm ? "smooth" : "instant" });
    go();
    // Entries are measured only when they are drawn: the end may be further down than it seemed.
    requestAnimationFrame(() => this.sticks && go());
  }

  seen() {
    const newest = this.chat?.messages.at(-1);
    if (!newest || !this.chat.unread || !this.sticks || document.hidden || !this.element.offsetParent) return;
    act("read", { chat: this.chat.id, message_id: newest.message_id });
  }

  choose(entry) {
    if (!entry || entry === this.current) return;
    if (this.current) reachable(this.current, false);
    this.current = entry;
    reachable(entry, true);
  }

  keyed(event) {
    const steps = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" };
    if (event.key in steps && !event.target.matches("video, audio")) {
      event.preventDefault();
      const within = this.list.contains(document.activeElement);
      if (event.key === "ArrowUp" && this.current === this.list.firstElementChild && this.from > 0) this.earlier();
      const next = within ? this.current?.[steps[event.key]] : this.current ?? this.list.lastElementChild;
      next?.focus({ preventScroll: true });
      next?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && event.target.matches(".entry")) {
      event.preventDefault();
      event.target.querySelector(".more")?.click();
    }
  }
}

function dayLine(entry) {
  return make("p", { class: "day" }, make("span", {}, entry.dataset.day));
}

function spoken(message) {
  return [nameOfMedia(message), wordsOf(message)].filter(Boolean).join(". ");
}
