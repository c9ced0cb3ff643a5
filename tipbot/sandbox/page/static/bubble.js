// One bubble: a message, or an album, with its text, time and buttons.

import { toast } from "./dialogs.js";
import { icon, make, safeAddress } from "./dom.js";
import { textNodes } from "./entities.js";
import { mediaOf } from "./media.js";
import { clockTime, longDay } from "./times.js";

const STYLES = ["danger", "success", "primary"];

/** Return the words of a message without formatting. */
export function wordsOf(message) {
  return message.text ?? message.caption ?? "";
}

/** Return who a message is from, as people call them. */
export function authorOf(message) {
  return message.sender_chat?.title ?? message.from?.first_name ?? "";
}

/** Return the list entry of messages that belong together.
 *
 * `view` is how the viewer sees the chat: `me`, `zone`, `now`, `group`, `command`, `press`, `act`, `find`.
 */
export function bubbleOf(messages, view) {
  const [message] = messages;
  const mine = message.from?.id === view.me;
  const captioned = messages.find((one) => wordsOf(one)) ?? message;
  const entry = make("li", { class: `entry ${mine ? "mine" : "theirs"}`, tabindex: "-1" });
  entry.messages = messages;
  entry.dataset.keys = JSON.stringify(message.reply_markup?.inline_keyboard ?? []);
  entry.dataset.ids = messages.map((one) => one.message_id).join(" ");
  entry.setAttribute("aria-label", labelOf(messages, captioned, mine, view));
  if (isService(message)) return service(entry, message);
  const media = mediaOf(messages, authorOf(message));
  const text = textNodes(wordsOf(captioned), captioned.entities ?? captioned.caption_entities, view);
  const bubble = make("div", { class: `bubble${media && !text.length ? " only-media" : ""}` },
    view.group && !mine ? make("span", { class: `author tint-${message.from?.is_bot ? 4 : Math.abs(message.from?.id ?? 0) % 6}` }, authorOf(message)) : null,
    message.via_bot ? make("span", { class: "via" }, `via @${message.via_bot.username}`) : null,
    message.forward_origin ? make("span", { class: "via" }, `Forwarded from ${message.forward_origin.sender_user?.first_name ?? "somebody"}`) : null,
    answered(message, view),
    captioned.show_caption_above_media ? null : media,
    text.length ? make("div", { class: "words", dir: "auto" }, text) : null,
    captioned.show_caption_above_media ? media : null,
    metaOf(captioned, mine, view));
  entry.append(make("div", { class: "stack" }, bubble, keyboard(message, view)), more(entry, view));
  return entry;
}

/** Return the line that stands before the first message of a day. */
export function dayOf(message, view) {
  return longDay(message.date * 1000, view.zone);
}

/** Let Tab reach what is in an entry, or not: only one entry at a time is on the way of the Tab key. */
export function reachable(entry, isReachable) {
  for (const one of entry.querySelectorAll("a, button, video, audio, [role=button]")) {
    one.tabIndex = isReachable ? 0 : -1;
  }
}

function labelOf(messages, captioned, mine, view) {
  const when = clockTime(captioned.date * 1000, view.zone);
  const what = messages.length > 1 ? `album of ${messages.length}` : "message";
  return `${mine ? "You" : authorOf(messages[0])}, ${what}, ${when}`;
}

function isService(message) {
  return "migrate_to_chat_id" in message || "migrate_from_chat_id" in message;
}

function service(entry) {
  entry.append(make("p", { class: "service" }, "This group became a supergroup"));
  return entry;
}

function answered(message, view) {
  const quoted = message.reply_to_message;
  if (!quoted) return null;
  const words = wordsOf(quoted) || "Picture or file";
  return make("button", { type: "button", class: "quoted", on: { click: () => view.find(quoted.message_id) } },
    make("strong", {}, authorOf(quoted)), make("span", {}, words.slice(0, 120)));
}

function metaOf(message, mine, view) {
  const moment = message.date * 1000;
  return make("span", { class: "meta" },
    message.edit_date ? make("span", { class: "edited" }, "edited") : null,
    make("time", { datetime: new Date(moment).toISOString() }, clockTime(moment, view.zone)),
    mine ? icon("check") : null);
}

function keyboard(message, view) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (!rows.length) return null;
  return make("div", { class: "keyboard" }, rows.map((row, rowNumber) =>
    make("div", { class: "key-row" }, row.map((key, column) => keyOf(key, message, rowNumber, column, view)))));
}

function keyOf(key, message, row, column, view) {
  const name = `key${STYLES.includes(key.style) ? ` ${key.style}` : ""}`;
  const href = key.url && safeAddress(key.url);
  if (href) {
    return make("a", { class: name, href, target: "_blank", rel: "noopener noreferrer" }, key.text, icon("link"));
  }
  const pressed = make("button", { type: "button", class: name }, key.text);
  pressed.addEventListener("click", () => {
    if (key.callback_data !== undefined) view.press(message, row, column, pressed);
    else if (key.url) toast("That address opens in Telegram only.");
    else if (key.copy_text) navigator.clipboard?.writeText(key.copy_text.text);
    else view.inline(key.switch_inline_query_current_chat ?? key.switch_inline_query ?? "");
  });
  return pressed;
}

function more(entry, view) {
  const open = (event) => {
    event.preventDefault();
    view.act(entry.messages, entry);
  };
  entry.addEventListener("contextmenu", open);
  const dots = make("button", { type: "button", class: "more", "aria-label": "What to do with this message" }, icon("more"));
  dots.addEventListener("click", open);
  return dots;
}
