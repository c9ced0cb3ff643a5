// Puts the page together: which chat is open, who sits there, and what is drawn when something happens.

import { act } from "./api.js";
import { authorOf, wordsOf } from "./bubble.js";
import { drawChats } from "./chats.js";
import { ClockBar } from "./clock.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { alertBox, openActions, toast } from "./dialogs.js";
import { announce, fill, make } from "./dom.js";
import { Heading } from "./heading.js";
import { chatOf, follow, listen, personOf, state } from "./store.js";
import { drawSide, drawSwitches } from "./side.js";

const WIDE = matchMedia("(min-width: 761px)");
const open = { chat: null, me: null };
const who = () => open;

const conversation = new Conversation({
  command: (words) => composer.send(words),
  inline: (words) => composer.inline(words),
  act: messageActions,
});
const composer = new Composer(who);
const heading = new Heading((me) => show(open.chat, me));
const clock = new ClockBar(who);

function readHash() {
  const [, chat, me] = /^#(-?\d+)(?:\/(\d+))?$/.exec(location.hash) ?? [];
  const wanted = chatOf(Number(chat));
  show(wanted?.id ?? (WIDE.matches ? state.chats[0]?.id : null), me ? Number(me) : null);
}

function show(id, me = null) {
  const chat = chatOf(id);
  const isOther = chat?.id !== open.chat;
  open.chat = chat?.id ?? null;
  open.me = chat ? (chat.members.includes(me) ? me : chat.members[0]) : state.people[0]?.id;
  document.body.classList.toggle("in-chat", Boolean(chat));
  const main = document.getElementById("conversation");
  if (chat) {
    if (conversation.element.parentElement !== main) fill(main, heading.element, conversation.element, composer.element);
    main.setAttribute("aria-label", `Conversation of ${chat.title} with TipBot`);
    heading.draw(chat, open.me);
    drawEmpty(chat);
    conversation.open(chat, open.me);
    composer.draw(isOther);
    if (isOther && WIDE.matches && document.activeElement?.closest("#chats")) composer.field.focus();
  }
  drawChats(open.chat);
  clock.draw();
  document.title = chat ? `${chat.title} · TipBot demo` : "TipBot demo";
}

function drawEmpty(chat) {
  conversation.element.querySelector(".what")?.remove();
  if (chat.messages.length) return;
  const words = chat.private ? state.bot.description : "Nobody has written here yet.";
  conversation.element.append(make("div", { class: "what" },
    make("h3", {}, chat.private ? "What can this bot do?" : chat.title), make("p", {}, words)));
}

function happened(change) {
  if (change.events === null) {
    readHash();
    refresh({ menus: true });
    return;
  }
  for (const event of change.events) oneEvent(event);
  refresh(change);
}

function oneEvent(event) {
  if (event.kind === "action") heading.does(event.chat_id, event.action);
  if (event.kind === "sent" && event.from?.is_bot) heading.does(event.chat_id, null);
  if (event.kind === "offers" && event.user_id === open.me) composer.completion.showOffers(event.offers);
  if (event.kind === "toast" && (event.user_id === open.me || chatOf(open.chat)?.private === false)) answer(event);
  if (event.chat_id !== open.chat) return;
  if (event.kind === "sent") conversation.element.querySelector(".what")?.remove();
  conversation.happened(event);
  if (event.kind === "member") toast(memberWords(event));
}

function answer(event) {
  conversation.answered();
  if (!event.text) return;
  if (event.alert) alertBox("TipBot", event.text);
  else { toast(event.text); announce(event.text); }
}

function memberWords(event) {
  const chat = chatOf(event.chat_id);
  if (chat.private) return event.status === "kicked" ? "You blocked the bot." : "You unblocked the bot.";
  const words = { member: "TipBot is in the group now.", administrator: "TipBot is an administrator now." };
  return words[event.status] ?? "TipBot is not in the group any more.";
}

function refresh(change) {
  const chat = chatOf(open.chat);
  if (chat) {
    heading.draw(chat, open.me);
    composer.draw();
    if (personOf(open.me)?.zone !== conversation.zone) conversation.open(chat, open.me);
    if (!chat.messages.length) drawEmpty(chat);
  }
  drawChats(open.chat);
  clock.draw();
  drawSwitches();
  drawSide(change);
}

function messageActions(messages, entry) {
  const [message] = messages;
  const given = { person: open.me, chat: open.chat, message_id: message.message_id };
  const mine = message.from?.id === open.me;
  const words = messages.map(wordsOf).find(Boolean);
  const choices = [["Reply", () => composer.startAbout(message, false)]];
  if (words) choices.push(["Copy the words", () => navigator.clipboard?.writeText(words)]);
  if (mine && words) choices.push(["Edit", () => composer.startAbout(message, true)]);
  choices.push(["Forward to TipBot", () => act("forward", given)]);
  choices.push(["Delete", () => messages.forEach((one) => act("delete", { ...given, message_id: one.message_id }))]);
  openActions(entry, choices);
  announce(`${authorOf(message)}: what to do`);
}

function linked(isThere) {
  const lost = document.getElementById("lost");
  if (lost.hidden !== isThere) {
    lost.hidden = isThere;
    lost.textContent = isThere ? "" : "The demo does not answer. Start it again with “make demo”; the page goes on by itself.";
  }
}

addEventListener("hashchange", readHash);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && !WIDE.matches && open.chat && !document.querySelector("dialog[open], [popover]:popover-open")) location.hash = "";
});
document.addEventListener("visibilitychange", () => conversation.chat && conversation.seen());
listen(happened);
follow(linked);
