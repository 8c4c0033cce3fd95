// Answers on their way to the record, of the whole page. An answer stays here, and in this tab's storage, until a kernel
// has said that it is on the disk: through a lost connection, a restarted kernel, a cell that is run again, a reload. Each
// has an id of its own, so that the record keeps it once, however often it is sent.
//
// A view of a display is a carrier: {where, line, asks, connection(), send(entry), tell(text), shown(subject, value)}.
// where: its notebook. line: kind and mode, so that a review is not taken for practice. connection(): "" when the kernel
// listens, "busy", "unreachable" (no connection to the server), or "stopped" (this view's kernel is gone for good).
const courseOutbox = (window.courseOutbox ??= (() => {
  const STORE = "course:on-their-way";
  const PATIENCE = 10000; // milliseconds without a reply, until the page says so
  const KEEPS = "Your answer is kept in this page";
  const SAID = {
    busy: `Not saved yet: the kernel is busy. ${KEEPS} and is saved when the kernel is free.`,
    unreachable: `Not saved: there is no connection to the kernel. ${KEEPS} and is saved when the connection is back. If it stays away, choose Run ▸ Run All Cells: it is saved then.`,
    stopped: `Not saved: the kernel was stopped or restarted. ${KEEPS}. Choose Run ▸ Run All Cells: it is saved then.`,
    silent: `Not saved: the kernel does not answer. ${KEEPS} and is saved when it answers. If it stays silent, choose Run ▸ Run All Cells: it is saved then.`,
  };
  const waiting = new Map();
  const carriers = new Set();
  const lately = new Map(); // when an answer was given here, by its subject
  let timer = 0;

  try { JSON.parse(sessionStorage.getItem(STORE) ?? "[]").forEach((entry) => waiting.set(entry.id, { ...entry, since: Date.now(), sent: 0 })); } catch { /* nothing kept, or not by us */ }
  const persist = () => {
    try {
      if (waiting.size) sessionStorage.setItem(STORE, JSON.stringify([...waiting.values()]));
      else sessionStorage.removeItem(STORE);
    } catch { /* it stays in memory */ }
  };
  const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const same = (carrier, { line, subject }) => carrier.line === line && (!carrier.asks || carrier.asks.includes(subject));
  const ofItsNotebook = (entry) => [...carriers].filter((carrier) => carrier.where === entry.where && same(carrier, entry));
  const RANK = ["", "busy", "unreachable", "stopped"];
  // The best connection that there is, and the carriers that have it.
  const nearest = (entry) => {
    const states = ofItsNotebook(entry).map((carrier) => [carrier, carrier.connection()]);
    const best = RANK.find((rank) => states.some(([, state]) => state === rank)) ?? "stopped";
    return [states.filter(([, state]) => state === best).map(([carrier]) => carrier), best];
  };

  function say(entry, text) {
    if (entry.said === text) return;
    entry.said = text;
    ofItsNotebook(entry).forEach((carrier) => carrier.tell(text));
  }
  function deliver(entry) {
    const [through, state] = nearest(entry);
    entry.sent = Date.now();
    // Through all: of two views that seem alive, one may belong to the kernel before. The id makes it one answer.
    if (state === "stopped" || !through.filter((carrier) => carrier.send(entry)).length) say(entry, SAID.stopped);
  }
  function look() {
    const now = Date.now();
    for (const entry of waiting.values()) {
      const [, state] = nearest(entry);
      const age = now - entry.since;
      if (state === "stopped") say(entry, SAID.stopped);
      else if (state === "busy" && age > 1000) say(entry, SAID.busy);
      else if (state === "unreachable" && age > 1000) say(entry, SAID.unreachable);
      else if (state === "" && age > PATIENCE) say(entry, SAID.silent);
      // A kernel that listens and has not replied never got it.
      if (state === "" && now - entry.sent > 4000) deliver(entry);
    }
    if (!waiting.size) timer = clearInterval(timer);
  }
  const watch = () => { timer ||= setInterval(look, 1000); };
  if (waiting.size) watch();

  return {
    given: new WeakMap(), // by a display's data: what was answered in this page
    newId,
    // A new view: what waits for it is sent through it.
    join(carrier) {
      carriers.add(carrier);
      for (const entry of waiting.values()) {
        if (carrier.where !== entry.where || !same(carrier, entry)) continue;
        entry.said = "";
        deliver(entry);
      }
    },
    leave: (carrier) => carriers.delete(carrier),
    add(carrier, subject, value) {
      const { where, line } = carrier;
      const entry = { id: newId(), where, line, subject, value, since: Date.now(), sent: 0 };
      waiting.set(entry.id, entry);
      lately.set(`${line} ${subject}`, entry.since);
      persist();
      watch();
      carrier.tell("");
      deliver(entry);
      carriers.forEach((other) => { if (other !== carrier && same(other, entry)) other.shown(subject, value); });
    },
    // A kernel's reply; text: what there is to say.
    answered(entry, text) {
      if (!waiting.delete(entry.id)) return;
      persist();
      say(entry, text);
    },
    // The newest answer that no kernel has confirmed yet.
    unsaved: (carrier, subject) => [...waiting.values()].reverse().find((entry) => entry.subject === subject && entry.where === carrier.where && entry.line === carrier.line),
    justGiven: (carrier, subject) => Date.now() - (lately.get(`${carrier.line} ${subject}`) ?? 0) < 5000,
  };
})());
