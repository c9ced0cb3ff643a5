// Where people type: text field, menu of commands, attachments, the keyboard of the bot, Start and Unblock.

import { act } from "./api.js";
import { wordsOf } from "./bubble.js";
import { Completion } from "./completion.js";
import { chooseFrom, openActions } from "./dialogs.js";
import { button, fill, fillOnce, icon, make } from "./dom.js";
import { asBase64, asPhoto } from "./photos.js";
import { chatOf, state } from "./store.js";

const LONGEST = 4096;

/** The lower edge of a conversation; `who()` tells the open chat and who sits there. */
export class Composer {
  constructor(who) {
    this.who = who;
    this.about = null;
    this.field = make("textarea", {
      id: "words", rows: "1", maxlength: LONGEST, placeholder: "Message", "aria-label": "Message", autocomplete: "off",
    });
    this.completion = new Completion(this.field, {
      who, command: (words) => this.send(words), offered: (title) => this.offer(title),
    });
    this.banner = make("div", { class: "banner", hidden: true });
    this.row = make("form", { class: "row" });
    this.keys = make("div", { class: "below", role: "group", "aria-label": "Keyboard of the bot" });
    this.element = make("div", { class: "composer" }, this.completion.element, this.banner, this.row, this.keys);
    this.photos = this.chooser("image/*", true, (files) => this.sendPhotos(files));
    this.files = this.chooser("", false, (files) => this.sendFile(files[0]));
    this.menu = button([icon("menu"), make("span", {}, "Menu")], () => this.toggleMenu(), { class: "menu" });
    this.build();
  }

  build() {
    const submit = make("button", { type: "submit", class: "round send", "aria-label": "Send" }, icon("send"));
    const attach = button(icon("attach"), () => openActions(attach, [
      ["Photo or album", () => this.photos.click()], ["File", () => this.files.click()], ["Location", () => this.shareLocation()],
    ]), { class: "round", "aria-label": "Attach" });
    this.row.append(this.menu, attach, this.field, submit, this.photos, this.files);
    this.row.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.field.addEventListener("input", () => { this.grow(); this.keep(); this.completion.typed(); });
    this.field.addEventListener("keydown", (event) => this.keyed(event));
    this.field.addEventListener("blur", () => setTimeout(() => this.completion.close(), 150));
  }

  /** Draw what the open chat needs now. */
  draw(isNew = false) {
    const { chat, me } = this.who();
    const summary = chatOf(chat);
    const mustStart = summary.private && (summary.blocked || !summary.started);
    this.row.hidden = mustStart;
    if (isNew) {
      this.cancel();
      this.field.value = sessionStorage.getItem(`draft-${chat}`) ?? "";
      this.completion.close();
      this.grow();
    }
    this.menu.hidden = !(state.menus[chat]?.[me] ?? []).length;
    this.drawKeys(summary);
    if (mustStart) this.drawDoor(summary);
    else if (!summary.private && !summary.has_bot) this.drawInvitation(chat);
    else if (!this.about) this.banner.hidden = true;
  }

  drawDoor(summary) {
    const { me } = this.who();
    if (this.door === `${summary.id} ${summary.blocked}` && !this.banner.hidden) return;
    this.door = `${summary.id} ${summary.blocked}`;
    this.banner.hidden = false;
    if (summary.blocked) {
      fill(this.banner, button("Unblock the bot", () => act("unblock", { person: me }), { class: "wide" }));
      return;
    }
    const code = make("input", { id: "code", value: "clinic-door", maxlength: "64", autocomplete: "off", spellcheck: "false" });
    const start = () => this.send(code.value.trim() ? `/start ${code.value.trim()}` : "/start");
    fill(this.banner, button("Start", start, { class: "wide", id: "start" }),
      make("label", { class: "code", for: "code" }, `t.me/${state.bot.username}?start=`, code));
  }

  drawInvitation(chat) {
    if (this.about || (this.door === "invitation" && !this.banner.hidden)) return;
    this.door = "invitation";
    this.banner.hidden = false;
    fill(this.banner, make("span", {}, "TipBot is not in this group yet."),
      button("Add TipBot to the group", () => act("invite", { chat }), { class: "primary" }));
  }

  drawKeys(summary) {
    const keyboard = summary.keyboard;
    const rows = keyboard?.keyboard ?? [];
    this.field.placeholder = keyboard?.input_field_placeholder ?? "Message";
    fillOnce(this.keys, rows, () => rows.map((row) => make("div", { class: "key-row" }, row.map((key) =>
      button(key.text, () => (key.request_location ? this.shareLocation() : this.below(key.text)), { class: "key" })))));
    this.keys.hidden = !rows.length;
  }

  /** Answer a message, or change one. */
  startAbout(message, isEdit) {
    this.about = { message, isEdit };
    this.banner.hidden = false;
    const words = wordsOf(message) || "Picture or file";
    fill(this.banner, make("div", { class: "about" },
      make("strong", {}, isEdit ? "Edit" : `Reply to ${message.from?.first_name ?? ""}`), make("span", {}, words.slice(0, 90))),
    button(icon("close"), () => this.cancel(), { class: "round", "aria-label": "Cancel" }));
    if (isEdit) this.field.value = words;
    this.grow();
    this.field.focus();
  }

  cancel() {
    if (this.about?.isEdit) this.field.value = "";
    this.about = null;
    this.banner.hidden = true;
    this.door = null;
  }

  async submit() {
    const text = this.field.value;
    if (!text.trim()) return;
    const { chat, me } = this.who();
    const about = this.about;
    const given = { person: me, chat, text };
    const done = about?.isEdit
      ? await act("edit", { ...given, message_id: about.message.message_id })
      : await act("send", { ...given, reply_to: about?.message.message_id });
    if (done) this.empty();
  }

  send(text) {
    const { chat, me } = this.who();
    this.empty();
    return act("send", { person: me, chat, text });
  }

  below(text) {
    const { chat, me } = this.who();
    return act("below", { person: me, chat, text });
  }

  offer(title) {
    const { chat, me } = this.who();
    this.empty();
    return act("choose", { person: me, chat, title });
  }

  /** Put words after the bot's name, as a button of inline mode does. */
  inline(words) {
    this.field.value = `@${state.bot.username} ${words}`;
    this.field.focus();
    this.completion.typed();
  }

  empty() {
    this.cancel();
    this.field.value = "";
    this.completion.close();
    this.grow();
    this.keep();
    this.draw();
  }

  shareLocation() {
    const { chat, me } = this.who();
    chooseFrom("Where are you?", "The city's place is shared with the bot, and you are there from now on.", state.cities,
      (city) => act("locate", { person: me, chat, city }));
  }

  async sendPhotos(files) {
    const { chat, me } = this.who();
    const photos = await Promise.all([...files].slice(0, 10).map(asPhoto));
    const caption = this.field.value;
    if (await act("photos", { person: me, chat, photos, caption })) this.empty();
  }

  async sendFile(file) {
    const { chat, me } = this.who();
    await act("document", { person: me, chat, name: file.name, data: await asBase64(file) });
  }

  chooser(accept, multiple, chosen) {
    const input = make("input", { type: "file", accept, multiple, hidden: true, "aria-label": "Choose a file" });
    input.addEventListener("change", async () => {
      if (input.files.length) await chosen(input.files);
      input.value = "";
    });
    return input;
  }

  toggleMenu() {
    if (this.completion.isOpen) this.completion.close();
    else this.completion.showCommands("");
    this.field.focus();
  }

  keyed(event) {
    if (this.completion.keyed(event) || event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); this.submit(); }
    if (event.key === "Escape" && this.about) { event.preventDefault(); this.cancel(); this.draw(); }
  }

  keep() {
    sessionStorage.setItem(`draft-${this.who().chat}`, this.about?.isEdit ? "" : this.field.value);
  }

  grow() {
    this.field.style.height = "auto";
    // What is hidden has no height yet; it is drawn again when it is shown.
    if (this.field.scrollHeight) this.field.style.height = `${Math.min(this.field.scrollHeight, 160)}px`;
  }
}
