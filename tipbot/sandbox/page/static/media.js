// Pictures, albums, animations, videos, voice, files, stickers and places in a bubble.

import { icon, make } from "./dom.js";

const UNITS = ["B", "KB", "MB"];

/** Return what is shown above the text of these messages, which are one message or an album; null for none. */
export function mediaOf(messages, author) {
  if (messages.length > 1) {
    const tiles = messages.map((message) => covered(message, one(message, author)));
    return make("div", { class: `album of-${Math.min(tiles.length, 4)}` }, tiles);
  }
  const [message] = messages;
  const shown = one(message, author);
  return shown === null ? null : covered(message, shown);
}

/** Return what a message is, in a word, for the list of chats. */
export function nameOfMedia(message) {
  const names = {
    photo: "Photo", animation: "GIF", video: "Video", document: message.document?.file_name ?? "File",
    voice: "Voice message", audio: "Music", sticker: `${message.sticker?.emoji ?? ""} Sticker`, location: "Location",
  };
  const kind = Object.keys(names).find((name) => name in message);
  return kind ? names[kind] : null;
}

function one(message, author) {
  if (message.photo) return picture(message.photo.at(-1), `Photo from ${author}`);
  if (message.animation) return animation(message.animation, author);
  if (message.video) return film(message.video);
  if (message.voice) return sound(message.voice, "Voice message");
  if (message.audio) return sound(message.audio, message.audio.file_name);
  if (message.sticker) return picture(message.sticker, `Sticker ${message.sticker.emoji ?? ""}`, "sticker");
  if (message.location) return place(message.location);
  if (message.document) return file(message.document);
  return null;
}

function address(file) {
  return `/files/${encodeURIComponent(file.file_id)}`;
}

function picture(photo, alt, name = "photo") {
  const size = photo.width ? { width: photo.width, height: photo.height } : {};
  const image = make("img", { class: name, src: address(photo), alt, loading: "lazy", decoding: "async", ...size });
  image.addEventListener("error", () => image.replaceWith(make("span", { class: "broken" }, `${alt} (not shown)`)));
  return image;
}

function animation(moving, author) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const label = `Animation from ${author}`;
  if (moving.mime_type?.startsWith("video/")) {
    const attributes = still ? { controls: true } : { autoplay: true };
    const film = make("video", {
      class: "photo", src: address(moving), loop: true, playsinline: true, "aria-label": label, ...attributes,
    });
    film.muted = true;
    return film;
  }
  if (!still) return picture(moving, label);
  const play = make("button", { type: "button", class: "play" }, "Play the animation");
  play.addEventListener("click", () => play.replaceWith(picture(moving, label)));
  return play;
}

function film(video) {
  const name = { class: "photo", src: address(video), controls: true, preload: "metadata", "aria-label": "Video" };
  return make("video", name);
}

function sound(recording, label) {
  return make("audio", { src: address(recording), controls: true, preload: "metadata", "aria-label": label });
}

function file(document) {
  let size = document.file_size;
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) { size /= 1024; unit += 1; }
  const words = make("span", { class: "file-words" },
    make("strong", {}, document.file_name), make("small", {}, `${Math.round(size)} ${UNITS[unit]}`));
  const name = { class: "file", href: address(document), download: document.file_name };
  return make("a", name, make("span", { class: "file-icon" }, icon("file")), words);
}

function place({ latitude, longitude }) {
  const where = `${latitude.toFixed(2)}, ${longitude.toFixed(2)}`;
  return make("div", { class: "place" }, icon("pin"), make("span", {}, make("strong", {}, "Location"), where));
}

function covered(message, shown) {
  if (!message.has_media_spoiler) return shown;
  const cover = make("button", { type: "button", class: "media-spoiler", "aria-label": "Hidden picture: show it" }, shown);
  cover.addEventListener("click", () => cover.replaceWith(shown), { once: true });
  return cover;
}
