// A message's text with its formatting, as nodes; offsets are in UTF-16 units, as JavaScript counts.

import { link, make } from "./dom.js";
import { dayAndTime, shaped } from "./times.js";

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };
const BLOCKS = ["blockquote", "expandable_blockquote", "pre"];
const LONG_QUOTE = 180;

/** Return nodes for a text; `view` has the viewer's `zone`, `now`, and `command(words)` for a tapped command. */
export function textNodes(text, entities, view) {
  const sorted = [...(entities ?? [])].sort((one, two) => one.offset - two.offset || two.length - one.length);
  return nodesBetween(text, 0, text.length, sorted, view);
}

function nodesBetween(text, start, end, entities, view) {
  const nodes = [];
  let at = start;
  let rest = entities;
  while (rest.length) {
    const [entity, ...others] = rest;
    const last = Math.min(entity.offset + entity.length, end);
    const begin = Math.max(entity.offset, at);
    if (last <= begin) { rest = others; continue; }
    nodes.push(text.slice(at, begin));
    const inside = others.filter((other) => other.offset < last);
    const node = nodeFor(entity, text.slice(begin, last), nodesBetween(text, begin, last, inside, view), view);
    nodes.push(node);
    at = last;
    // A block ends its line by itself.
    if (BLOCKS.includes(entity.type) && text[at] === "\n") at += 1;
    rest = others.filter((other) => other.offset >= last);
  }
  nodes.push(text.slice(at, end));
  return nodes.filter((node) => node !== "");
}

function nodeFor(entity, words, inside, view) {
  switch (entity.type) {
    case "text_link": return link(entity.url, inside);
    case "url": return link(words, inside);
    case "email": return link(`mailto:${words}`, inside);
    case "bot_command": return command(words, view);
    case "spoiler": return spoiler(inside);
    case "blockquote": return make("blockquote", {}, inside);
    case "expandable_blockquote": return expandable(words, inside);
    case "pre": return make("pre", {}, make("code", {}, inside));
    case "date_time": return time(entity, words, view);
    case "mention": case "text_mention": return make("span", { class: "mention" }, inside);
    case "hashtag": return make("span", { class: "hashtag" }, inside);
    default: return make(TAGS[entity.type] ?? "span", {}, inside);
  }
}

function command(words, view) {
  return make("button", { type: "button", class: "command", on: { click: () => view.command(words) } }, words);
}

function spoiler(inside) {
  const content = make("span", { "aria-hidden": "true" }, inside);
  const cover = make("span", {
    class: "spoiler", role: "button", tabindex: "0", "aria-expanded": "false", "aria-label": "Hidden words: show them",
  }, content);
  const show = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    if (cover.classList.contains("shown")) return;
    event.preventDefault();
    cover.classList.add("shown");
    content.removeAttribute("aria-hidden");
    for (const name of ["role", "aria-expanded", "aria-label"]) cover.removeAttribute(name);
  };
  cover.addEventListener("click", show);
  cover.addEventListener("keydown", show);
  return cover;
}

function expandable(words, inside) {
  const quote = make("blockquote", { class: "expandable" }, make("div", { class: "folded" }, inside));
  if (words.length < LONG_QUOTE && words.split("\n").length <= 3) return quote;
  quote.classList.add("is-folded");
  const more = make("button", { type: "button", class: "unfold", "aria-expanded": "false" }, "Show all");
  more.addEventListener("click", () => {
    const folded = quote.classList.toggle("is-folded");
    more.setAttribute("aria-expanded", String(!folded));
    more.textContent = folded ? "Show all" : "Show less";
  });
  quote.append(more);
  return quote;
}

function time(entity, words, view) {
  const moment = entity.unix_time * 1000;
  const shape = entity.date_time_format ?? "";
  const shown = shape ? shaped(moment, shape, view.zone, view.now) : words;
  const title = dayAndTime(moment, view.zone);
  return make("time", { datetime: new Date(moment).toISOString(), title, class: "moment" }, shown);
}
