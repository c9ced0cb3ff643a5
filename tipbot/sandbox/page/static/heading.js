// The upper edge of a conversation: back, who it is, what the bot is doing, and what can be done about the chat.

import { act } from "./api.js";
import { aboutChat, avatar } from "./chats.js";
import { openActions } from "./dialogs.js";
import { button, fill, icon, make } from "./dom.js";
import { chatOf, personOf } from "./store.js";

const TYPING_MILLISECONDS = 5000;
const ACTIONS = {
  typing: "typing", upload_photo: "sending a photo", upload_video: "sending a video", record_voice: "recording",
  upload_voice: "sending a voice message", upload_document: "sending a file", find_location: "looking for a place",
};

/** Shows whose chat is open; `become(person)` changes who writes in a group. */
export class Heading {
  constructor(become) {
    this.become = become;
    this.element = make("header", { class: "chat-head" });
    this.doing = new Map();
  }

  /** Draw the open chat. */
  draw(chat, me) {
    this.chat = chat;
    this.me = me;
    const doing = this.doing.get(chat.id);
    const dots = make("span", { class: "dots", "aria-hidden": "true" }, make("i"), make("i"), make("i"));
    const about = doing ? make("p", { class: "doing" }, `TipBot is ${doing}`, dots) : make("p", {}, aboutChat(chat));
    const key = JSON.stringify([chat.id, chat.title, me, doing, chat.members, chat.has_bot, chat.blocked, aboutChat(chat)]);
    if (key === this.drawn) return;
    this.drawn = key;
    const focused = this.element.contains(document.activeElement) ? document.activeElement.id : null;
    fill(this.element,
      make("a", { class: "round back", href: "#", "aria-label": "Back to the chats", id: "back" }, icon("back")),
      avatar(chat),
      make("div", { class: "chat-name" }, make("h2", {}, `${chat.title}${chat.private ? " and TipBot" : ""}`), about),
      chat.private ? null : this.writers(chat, me),
      button(icon("more"), (event) => this.actions(event.currentTarget), { class: "round", "aria-label": "What to do with this chat", id: "chat-actions" }));
    if (focused) document.getElementById(focused)?.focus();
  }

  /** Note what the bot is doing in a chat; null for nothing. */
  does(chatId, action) {
    clearTimeout(this.timer);
    if (action === null) this.doing.delete(chatId);
    else {
      this.doing.set(chatId, ACTIONS[action] ?? "busy");
      this.timer = setTimeout(() => { this.does(chatId, null); }, TYPING_MILLISECONDS);
    }
    if (this.chat?.id === chatId) this.draw(chatOf(chatId), this.me);
  }

  writers(chat, me) {
    const options = chat.members.map((number) =>
      make("option", { value: String(number), selected: number === me }, personOf(number)?.name ?? String(number)));
    const choice = make("select", { "aria-label": "Write as", id: "writer" }, options);
    choice.addEventListener("change", () => this.become(Number(choice.value)));
    return make("label", { class: "writer" }, make("span", {}, "Write as"), choice);
  }

  actions(near) {
    const { chat, me } = this;
    const person = { person: me };
    const group = { chat: chat.id };
    const own = chat.blocked ? [["Unblock the bot", () => act("unblock", person)]] : [["Block the bot", () => act("block", person)]];
    const shared = chat.has_bot
      ? [["Remove TipBot from the group", () => act("expel", group)],
        ...(chat.bot_leads ? [] : [["Make TipBot an administrator", () => act("promote", group)]])]
      : [["Add TipBot to the group", () => act("invite", group)]];
    openActions(near, chat.private ? own : shared);
  }
}
