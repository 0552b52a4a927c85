// What moves on the pages of the explorer. Everything is said without it too.
"use strict";

document.documentElement.classList.add("scripted");

const make = (name, text, kind) => {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (kind) element.className = kind;
  return element;
};

// Ribbons: a year at a time, by pointer and by arrow keys.
const bubble = make("div", "", "bubble");
bubble.setAttribute("aria-hidden", "true");
document.body.append(bubble);

// The bubble above a place, or below it where there is no room.
const place = (x, top, bottom) => {
  bubble.classList.add("on");
  const { width, height } = bubble.getBoundingClientRect();
  bubble.style.left = `${Math.max(4, Math.min(innerWidth - width - 4, x - width / 2))}px`;
  bubble.style.top = `${top - height - 10 > 4 ? top - height - 10 : bottom + 14}px`;
};

const walk = (ribbon) => {
  const names = (ribbon.closest("[data-form-names]")?.dataset.formNames ?? "").split("|");
  const { from, forms, readings, opens } = ribbon.dataset;
  const first = Number(from);
  const years = forms.length;
  if (!years) return;
  const [axisFrom, axisTo] = ribbon.dataset.axis.split(" ").map(Number);
  const all = axisTo - axisFrom + 1;
  const before = first - axisFrom;
  const others = readings ? readings.split("|").map((r) => r.split("=")) : [];
  const cursor = make("span", "", "cursor");
  ribbon.append(cursor);
  let at = years - 1;

  const show = (next) => {
    at = Math.max(0, Math.min(years - 1, next));
    const year = first + at;
    const verdict = names[Number(forms[at])] ?? "";
    const picture = ribbon.querySelector("svg").getBoundingClientRect();
    const box = ribbon.getBoundingClientRect();
    cursor.style.left = `${picture.left - box.left + (picture.width * (before + at)) / all}px`;
    cursor.style.width = `${picture.width / all}px`;
    ribbon.classList.add("on");
    bubble.replaceChildren(make("strong", `${year}: ${verdict}`), make("span", ribbon.getAttribute("aria-label")));
    const said = new Set(others.map(([, figures]) => figures[at]));
    if (said.size > 1) {
      for (const [sources, figures] of others) {
        bubble.append(document.createElement("br"), `${sources}: ${names[Number(figures[at])] ?? "not in force"}`);
      }
    }
    place(picture.left + (picture.width * (before + at + 0.5)) / all, picture.top, picture.bottom - 6);
    ribbon.setAttribute("aria-valuenow", year);
    ribbon.setAttribute("aria-valuetext", bubble.textContent);
  };
  const hide = () => {
    ribbon.classList.remove("on");
    bubble.classList.remove("on");
  };
  const year = (event) => {
    const picture = ribbon.querySelector("svg").getBoundingClientRect();
    return Math.floor(((event.clientX - picture.left) / picture.width) * all) - before;
  };
  ribbon.addEventListener("pointermove", (event) => show(year(event)));
  ribbon.addEventListener("pointerleave", () => document.activeElement !== ribbon && hide());
  ribbon.addEventListener("focus", () => ribbon.matches(":focus-visible") && show(at));
  ribbon.addEventListener("blur", hide);
  ribbon.addEventListener("click", (event) => {
    show(year(event));
    openEvidence(opens + (first + at), ribbon);
  });
  ribbon.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
    if (step) show(at + step);
    else if (event.key === "Home") show(0);
    else if (event.key === "End") show(years - 1);
    else if (event.key === "Enter" || event.key === " ") openEvidence(opens + (first + at), ribbon);
    else if (event.key === "Escape") return hide();
    else return;
    event.preventDefault();
  });
};
document.querySelectorAll(".walk").forEach(walk);

// Maps and tiles: a state at a time.
document.addEventListener("pointermove", (event) => {
  const area = event.target.closest?.("[data-n]");
  if (area) {
    bubble.replaceChildren(make("strong", area.dataset.n), make("span", area.dataset.f ?? "no state of the system"));
    place(event.clientX, event.clientY, event.clientY);
  } else if (!event.target.closest?.(".walk") && !document.activeElement?.matches(".walk")) {
    bubble.classList.remove("on");
  }
});
document.addEventListener("click", (event) => {
  const area = event.target.closest?.("[data-s]");
  const opens = area?.closest("[data-opens]")?.dataset.opens;
  if (opens) openEvidence(opens.replace("{state}", encodeURIComponent(area.dataset.s)));
});

// The year of a map: what changes with it is taken from the page of that year.
const slides = (form) => {
  const range = form.querySelector("input[type=range]");
  const output = form.querySelector("output");
  let wanted = null;
  let busy = false;
  const load = async () => {
    if (busy || wanted === null) return;
    busy = true;
    const address = new URL(form.action);
    address.search = new URLSearchParams(new FormData(form)).toString();
    wanted = null;
    try {
      const answer = await fetch(address);
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const part of document.querySelectorAll("[data-live], .question")) {
          const next = part.id ? page.getElementById(part.id) : page.querySelector(".question");
          if (next) part.replaceChildren(...[...next.childNodes].map((node) => document.adoptNode(node)));
          part.querySelectorAll("table.sortable").forEach(sortable);
        }
        document.title = page.title;
        history.replaceState(null, "", address);
      }
    } finally {
      busy = false;
      load();
    }
  };
  range.addEventListener("input", () => {
    output.textContent = range.value;
    wanted = range.value;
    load();
  });
};
document.querySelectorAll("form.slides").forEach(slides);

// Evidence of a year, over the page it belongs to.
const openEvidence = async (address, from) => {
  let text;
  try {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(answer.status);
    text = await answer.text();
  } catch {
    location.href = address;
    return;
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  const dialog = make("dialog");
  const close = make("button", "Close", "close");
  close.type = "button";
  close.addEventListener("click", () => dialog.close());
  const title = make("h2", page.querySelector("h1")?.textContent ?? "");
  title.id = "dialog-title";
  dialog.setAttribute("aria-labelledby", title.id);
  const link = make("a", "Open this as a page, with the policy’s text and queries");
  link.href = address;
  dialog.append(close, title);
  for (const part of [".answer", "#evidence", "#sources"]) {
    const found = page.querySelector(part);
    if (found) dialog.append(document.adoptNode(found));
  }
  const foot = make("p");
  foot.append(link);
  dialog.append(foot);
  // Ids of the page stay unique while both are shown.
  dialog.querySelectorAll("[id]").forEach((element) => element !== title && (element.id = `dialog-${element.id}`));
  dialog.querySelectorAll('a[href^="#"]').forEach((a) => {
    const to = a.getAttribute("href").slice(1);
    a.href = `#dialog-${to}`;
    a.addEventListener("click", () => dialog.querySelector(`#${CSS.escape(`dialog-${to}`)}`)?.setAttribute("open", ""));
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    from?.focus();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.querySelectorAll("table.sortable").forEach(sortable);
  dialog.showModal();
};

// Tables: sorted by the heading that is pressed. What is missing stands last.
const sortable = (table) => {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  if (!body || body.rows.length < 2) return;
  heads.forEach((head, column) => {
    if (!head.textContent.trim()) return;
    const button = make("button", head.textContent);
    button.type = "button";
    head.replaceChildren(button);
    const number = head.classList.contains("number");
    button.addEventListener("click", () => {
      const up = number ? head.getAttribute("aria-sort") === "descending" : head.getAttribute("aria-sort") !== "ascending";
      heads.forEach((h) => h.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const value = (row) => {
        const cell = row.cells[column];
        return (cell?.dataset.sort ?? cell?.textContent ?? "").trim();
      };
      const order = (a, b) => {
        const [x, y] = [value(a), value(b)];
        if (!x || !y) return (x ? 0 : 1) - (y ? 0 : 1);
        const difference = number ? parseFloat(x.replaceAll(",", "")) - parseFloat(y.replaceAll(",", "")) : x.localeCompare(y, "en");
        return up ? difference : -difference;
      };
      body.append(...[...body.rows].sort(order));
    });
  });
};
document.querySelectorAll("table.sortable").forEach(sortable);

// Pictures as PNG, made from the SVG that the server sends.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button.png");
  if (!button) return;
  const svg = await (await fetch(button.dataset.svg)).text();
  const image = new Image();
  const source = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  image.src = source;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * 2;
  canvas.height = image.naturalHeight * 2;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(source);
  canvas.toBlob((png) => {
    const link = make("a");
    link.href = URL.createObjectURL(png);
    link.download = button.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }, "image/png");
});

// A link to a source opens it.
const openTarget = () => {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.tagName === "DETAILS") target.open = true;
};
addEventListener("hashchange", openTarget);
openTarget();
