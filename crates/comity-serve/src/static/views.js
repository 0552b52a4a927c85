
// Pictures with a text for each year: by pointer and by arrow keys.
const lane = (element) => {
  const texts = element.dataset.texts ? element.dataset.texts.split("|") : [];
  if (!texts.length) return;
  const first = Number(element.dataset.from);
  const [left, right] = [Number(element.dataset.left) / 1000, Number(element.dataset.right) / 1000];
  const cursor = make("span", "", "cursor");
  element.append(cursor);
  let at = texts.length - 1;
  const box = () => element.querySelector("svg").getBoundingClientRect();
  const show = (next) => {
    at = Math.max(0, Math.min(texts.length - 1, next));
    const picture = box();
    const x = picture.width * (left + ((right - left) * (at + 0.5)) / texts.length);
    cursor.style.left = `${picture.left - element.getBoundingClientRect().left + x}px`;
    element.classList.add("on");
    bubble.replaceChildren(make("strong", String(first + at)), make("span", texts[at]));
    bubble.classList.add("on");
    const { width, height } = bubble.getBoundingClientRect();
    bubble.style.left = `${Math.max(4, Math.min(innerWidth - width - 4, picture.left + x - width / 2))}px`;
    bubble.style.top = `${picture.top - height - 8 > 4 ? picture.top - height - 8 : picture.bottom + 8}px`;
    element.setAttribute("aria-valuenow", first + at);
    element.setAttribute("aria-valuetext", `${first + at}: ${texts[at]}`);
  };
  const hide = () => {
    element.classList.remove("on");
    bubble.classList.remove("on");
  };
  element.addEventListener("pointermove", (event) => {
    const picture = box();
    show(Math.floor((((event.clientX - picture.left) / picture.width - left) / (right - left)) * texts.length));
  });
  element.addEventListener("pointerleave", () => document.activeElement !== element && hide());
  element.addEventListener("focus", () => element.matches(":focus-visible") && show(at));
  element.addEventListener("blur", hide);
  element.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
    if (step) show(at + step);
    else if (event.key === "Home") show(0);
    else if (event.key === "End") show(texts.length - 1);
    else if (event.key === "Escape") return hide();
    else return;
    event.preventDefault();
  });
};
document.querySelectorAll(".lane").forEach(lane);

// Names of tables and columns, completed in a query.
const WORDS = "select from where join left on and or not in is null between case when then else end group by having order limit distinct count sum avg min max with as union all exists desc asc".split(" ");

const completed = (box) => {
  const field = box.querySelector("textarea");
  const list = make("ul", undefined, "names-list");
  list.id = `${field.id}-names`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Names");
  box.append(list);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  const count = make("span", "", "unseen");
  count.setAttribute("role", "status");
  box.append(count);
  let known;
  let from = 0;
  let found = [];
  let at = -1;

  const load = () => {
    known ??= fetch(box.dataset.names)
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
      .catch(() => ({ tables: [], functions: [] }));
    return known;
  };
  const close = () => {
    list.hidden = true;
    found = [];
    at = -1;
    count.textContent = "";
    field.removeAttribute("aria-activedescendant");
  };
  const choose = (next) => {
    at = next;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
    if (at < 0) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  const take = (name) => {
    field.setRangeText(name, from, field.selectionStart, "end");
    close();
    field.focus();
  };
  const names = ({ tables, functions }, before, all) => {
    const word = /[A-Za-z_][\w.]*$/.exec(before)?.[0] ?? "";
    from = field.selectionStart - word.length;
    const used = tables.filter((t) => new RegExp(`\\b${t.name}\\b`, "i").test(all));
    const dot = word.lastIndexOf(".");
    const columns = (some) => some.flatMap((t) => t.columns.map((c) => [c.name, `${c.type}, ${t.name}`]));
    let pool;
    let part = word;
    if (dot > 0) {
      const alias = word.slice(0, dot);
      part = word.slice(dot + 1);
      from += dot + 1;
      const escaped = alias.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      const of = new RegExp(`\\b(\\w+)\\s+(?:as\\s+)?${escaped}\\b`, "i").exec(all)?.[1]?.toLowerCase();
      const one = tables.filter((t) => t.name === of || t.name === alias.toLowerCase());
      pool = columns(one.length ? one : used);
      if (alias.toLowerCase() === "every") pool = tables.map((t) => [t.name, t.about]);
    } else if (/\b(?:from|join)\s+\w*$/i.test(before)) {
      pool = [...tables.map((t) => [t.name, t.about]), ...functions.map((f) => [`${f.name}(`, f.about])];
    } else {
      pool = [...columns(used), ...tables.map((t) => [t.name, t.about]), ...functions.map((f) => [`${f.name}(`, f.about]), ...WORDS.map((w) => [w, ""])];
    }
    const lower = part.toLowerCase();
    const seen = new Set();
    return pool.filter(([name]) => {
      if (name.toLowerCase() === lower || !name.toLowerCase().startsWith(lower) || seen.has(name)) return false;
      seen.add(name);
      return true;
    });
  };
  const show = async () => {
    const data = await load();
    const before = field.value.slice(0, field.selectionStart);
    const wanted = /[A-Za-z_][\w]*\.?\w*$/.test(before) || /\b(?:from|join)\s+$/i.test(before);
    found = wanted && document.activeElement === field ? names(data, before, field.value).slice(0, 60) : [];
    if (!found.length) return close();
    list.replaceChildren(
      ...found.map(([name, about], i) => {
        const item = make("li", name);
        item.id = `${list.id}-${i}`;
        item.setAttribute("role", "option");
        item.append(make("span", about));
        item.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          take(name);
        });
        return item;
      }),
    );
    list.hidden = false;
    count.textContent = found.length === 1 ? "1 name" : `${found.length} names`;
    choose(-1);
  };
  field.addEventListener("focus", load);
  field.addEventListener("input", show);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return field.form.requestSubmit();
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      return show();
    }
    if (list.hidden) return undefined;
    if (event.key === "ArrowDown") choose((at + 1) % found.length);
    else if (event.key === "ArrowUp") choose((at + found.length - 1 + (at < 0 ? 1 : 0)) % found.length);
    else if (event.key === "Tab" || (event.key === "Enter" && at >= 0)) take(found[Math.max(at, 0)][0]);
    else if (event.key === "Escape") close();
    else return undefined;
    event.preventDefault();
    return undefined;
  });
};
document.querySelectorAll(".completed").forEach(completed);

// A copy of a policy: what changes is asked for while it is typed.
const editor = (form) => {
  const field = form.querySelector("textarea");
  const shown = form.querySelector(".verdicts");
  const file = form.querySelector("input[type=file]");
  const original = field.value;
  let timer;
  let asked = 0;
  let running;

  const note = (text) => shown.replaceChildren(make("p", text, "note"));
  const ask = async () => {
    if (!form.elements.state.value.trim()) return;
    if (field.value === original && !shown.querySelector("#changes")) return;
    const number = ++asked;
    running?.abort();
    running = new AbortController();
    shown.setAttribute("aria-busy", "true");
    try {
      const body = new URLSearchParams(new FormData(form));
      for (const name of [...body.keys()]) if (!["policy", "state", "from", "to", "text"].includes(name)) body.delete(name);
      body.set("brief", "1");
      const answer = await fetch(form.action, { method: "POST", body, signal: running.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (number !== asked) return;
      if (answer.status === 503) timer = setTimeout(ask, 1000);
      const parts = answer.ok ? [page.querySelector(".answer"), page.querySelector("#changes")] : [...page.querySelectorAll("main > *")];
      shown.replaceChildren(...parts.filter(Boolean).map((part) => document.adoptNode(part)));
    } catch (error) {
      if (error.name !== "AbortError" && number === asked) note("The server does not answer.");
    } finally {
      if (number === asked) shown.removeAttribute("aria-busy");
    }
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 350);
  };
  field.addEventListener("input", soon);
  for (const name of ["state", "from", "to"]) form.elements[name].addEventListener("change", soon);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formAction !== form.action) return;
    event.preventDefault();
    clearTimeout(timer);
    ask();
  });
  file?.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (!chosen) return;
    if (chosen.size > 3_000_000) return void note(`${chosen.name} is too large for a policy.`);
    field.value = await chosen.text();
    ask();
  });
  const go = (line) => {
    const lines = field.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    const height = field.scrollHeight / Math.max(1, lines.length);
    field.focus({ preventScroll: true });
    field.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
    field.scrollTop = Math.max(0, (line - 2) * height);
    field.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-line]");
    if (!link) return;
    event.preventDefault();
    go(Number(link.dataset.line));
  });
  if (field.dataset.line) go(Number(field.dataset.line));
};
document.querySelectorAll("form.editor").forEach(editor);
