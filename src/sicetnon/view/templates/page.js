"use strict";
// The text twin is the only source of what the panel shows: its entries are cloned, never rebuilt
// from strings, so nothing that a debate says can become markup here.
const Page = (() => {
  const $ = (id) => document.getElementById(id);
  const all = (query, root = document) => [...root.querySelectorAll(query)];
  const entries = new Map(all("[data-entry]").map((entry) => [entry.dataset.entry, entry]));
  const edges = all("#map a.edge");
  const nodes = all("#map a.node");
  const signs = new Map(all("#map [data-sign]").map((sign) => [sign.dataset.sign, sign]));
  const boxes = all(".filters [type=checkbox]");
  const state = { off: new Set(), q: "", sel: "", view: "map" };
  const listeners = [];
  let scale = 1;
  let back = null;

  const parts = (edge) => [edge, signs.get(edge.dataset.id)];
  const toggle = (things, name, on) => things.forEach((thing) => thing.classList.toggle(name, on));
  const relation = (edge) => entries.get(edge.dataset.id).dataset;
  const shown = (stance, status) => !state.off.has(stance) && !state.off.has(status);

  // Claims are found by their own words and holders, not by those of the relations below them.
  const own = new Map([...entries].map(([id, entry]) => {
    const copy = entry.cloneNode(true);
    all(".sides,.stands,.kind,.score,.says,.how", copy).forEach((part) => part.remove());
    return [id, copy.textContent.toLowerCase()];
  }));

  function hits() {
    const query = state.q.trim().toLowerCase();
    if (!query) return null;
    return new Set([...own].filter(([, text]) => text.includes(query)).map(([id]) => id));
  }

  function near(id) {
    const close = new Set([id]);
    edges.forEach(({ dataset: { id: edge, from, to } }) => {
      if (edge === id) close.add(from).add(to);
      else if (from === id || to === id) close.add(edge).add(from).add(to);
    });
    return close;
  }

  function visible() {
    const on = new Set();
    const kind = (id) => id.split("-", 1)[0];
    edges.forEach((edge) => {
      const { stance, status } = relation(edge);
      const ends = [edge.dataset.from, edge.dataset.to];
      if (shown(stance, status) && !ends.some((end) => state.off.has(kind(end)))) on.add(edge.dataset.id);
    });
    nodes.forEach(({ dataset: { id } }) => { if (!state.off.has(kind(id))) on.add(id); });
    return on;
  }

  function paint() {
    const on = visible();
    const found = hits();
    const count = found ? found.size : 0;
    const close = state.sel && entries.has(state.sel) ? near(state.sel) : null;
    const touched = new Set(edges.filter((edge) => on.has(edge.dataset.id))
      .flatMap((edge) => [edge.dataset.from, edge.dataset.to]));
    // A line between two boxes that match is worth seeing even if its own words do not match.
    edges.forEach(({ dataset: { id, from, to } }) => { if (found && found.has(from) && found.has(to)) found.add(id); });
    const faint = (id) => (found && !found.has(id) && id !== state.sel) || (close && close.size > 1 && !close.has(id));
    edges.forEach((edge) => {
      const { id } = edge.dataset;
      toggle(parts(edge), "off", !on.has(id));
      toggle(parts(edge), "dim", Boolean(faint(id)));
      toggle(parts(edge), "on", id === state.sel);
    });
    nodes.forEach((node) => {
      const { id } = node.dataset;
      const lonely = id.startsWith("claim-") && !touched.has(id);
      node.classList.toggle("off", !on.has(id));
      node.classList.toggle("dim", Boolean(lonely || faint(id)));
      node.classList.toggle("hit", Boolean(found && found.has(id)));
      node.classList.toggle("on", id === state.sel);
    });
    all("#map [data-edge]").forEach((link) => {
      link.classList.toggle("off", state.off.has("answer"));
      link.classList.toggle("dim", Boolean(found || close));
    });
    all("#text [data-stance]").forEach((item) =>
      item.classList.toggle("off", !shown(item.dataset.stance, item.dataset.status)));
    all("#text .side").forEach((side) => side.classList.toggle("off", !side.querySelector("li:not(.off)")));
    all("#text .card").forEach((card) => card.classList.toggle("off",
      Boolean(found && !found.has(card.dataset.entry) && !all(".relation", card).some((item) => found.has(item.dataset.entry)))));
    ["answer", "claim", "perspective", "work"].forEach((name) =>
      document.body.classList.toggle(`no-${name}`, state.off.has(name)));
    $("found").textContent = found ? `${count} ${count === 1 ? "entry matches" : "entries match"}` : "";
    listeners.forEach((listener) => listener({ ...state, found, close }));
  }

  function remember() {
    const parts = new URLSearchParams();
    if (state.view !== "map") parts.set("view", state.view);
    if (state.off.size) parts.set("off", [...state.off].sort().join("."));
    if (state.q) parts.set("q", state.q);
    if (state.sel) parts.set("sel", state.sel);
    const hash = String(parts);
    if (hash || location.hash.includes("=")) history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  }

  function recall() {
    const hash = location.hash.slice(1);
    if (hash && !hash.includes("=")) return;
    const parts = new URLSearchParams(hash);
    const known = new Set(boxes.map((box) => box.value));
    state.off = new Set((parts.get("off") || "").split(".").filter((name) => known.has(name)));
    state.q = parts.get("q") || "";
    boxes.forEach((box) => { box.checked = !state.off.has(box.value); });
    $("find").value = state.q;
    look(parts.get("view") === "explorer" ? "explorer" : "map");
    const sel = parts.get("sel") || "";
    if (entries.has(sel)) choose(sel); else close();
  }

  function look(view) {
    state.view = view;
    $("map").hidden = view !== "map";
    $("explorer").hidden = view !== "explorer";
    all("[data-view]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.view === view)));
    document.querySelector(".zoom").hidden = view !== "map";
    if (view === "explorer") Explorer.open();
  }

  function full(id, word) {
    const text = entries.get(id).querySelector(".text");
    const paragraph = document.createElement("p");
    const label = document.createElement("b");
    paragraph.className = "full";
    paragraph.dir = "auto";
    label.textContent = word;
    paragraph.append(label, text.textContent);
    return paragraph;
  }

  function fill(id) {
    const copy = entries.get(id).cloneNode(true);
    [copy, ...all("[id]", copy)].forEach((part) => part.removeAttribute("id"));
    // Within the panel an entry stands one level higher than in the text.
    all("h4,h5", copy).forEach((heading) => {
      heading.setAttribute("role", "heading");
      heading.setAttribute("aria-level", String(Number(heading.tagName[1]) - 1));
    });
    all(".off", copy).forEach((part) => part.classList.remove("off"));
    copy.classList.remove("off");
    const content = [copy];
    const body = document.createElement("div");
    const edge = edges.find((one) => one.dataset.id === id);
    if (edge) {
      body.className = copy.className;
      body.append(...copy.childNodes, full(edge.dataset.from, "From"), full(edge.dataset.to, "To"));
      content[0] = body;
    } else {
      all(".relation", copy).forEach((item) => {
        const open = document.createElement("a");
        open.href = `#${item.dataset.entry}`;
        open.className = "grounds";
        open.textContent = "grounds";
        item.querySelector(".says").append(" ", open);
      });
    }
    $("details").replaceChildren(...content);
  }

  function reveal(id, centred) {
    const drawn = nodes.concat(edges).find((one) => one.dataset.id === id);
    if (!drawn || state.view !== "map") return;
    const box = $("map").getBoundingClientRect();
    const at = drawn.getBoundingClientRect();
    if (at.left < box.left || at.right > box.right) $("map").scrollLeft += (at.left + at.right - box.left - box.right) / 2;
    if (centred || at.top < box.top || at.bottom > box.bottom) $("map").scrollTop += (at.top + at.bottom - box.top - box.bottom) / 2;
  }

  function choose(id) {
    if (!entries.has(id)) return;
    state.sel = id;
    fill(id);
    $("panel").hidden = false;
    $("panel").scrollTop = 0;
    document.querySelector(".stage").classList.add("open");
    paint();
    remember();
    reveal(id);
  }

  function close() {
    const had = state.sel;
    state.sel = "";
    $("panel").hidden = true;
    document.querySelector(".stage").classList.remove("open");
    paint();
    remember();
    if (had && back && back.isConnected) back.focus({ preventScroll: true });
  }

  function zoom(how) {
    const svg = document.querySelector("#map > svg");
    const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    const fit = Math.min(1, ($("map").clientWidth - 2) / width);
    const whole = Math.min(fit, ($("map").clientHeight - 2) / height);
    if (how === "in") scale = Math.min(2, scale * 1.2);
    else if (how === "out") scale = Math.max(0.3, scale / 1.2);
    else if (how === "fit") scale = whole;
    else scale = Math.max(fit, 0.78);
    svg.setAttribute("width", String(Math.round(width * scale)));
    svg.setAttribute("height", String(Math.round(height * scale)));
  }

  // One tab stop for the whole map; arrow keys go to the nearest box in their direction.
  function rove(target) {
    nodes.concat(edges).forEach((one) => one.setAttribute("tabindex", one === target ? "0" : "-1"));
  }
  const ways = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  function step(from, [dx, dy]) {
    const centre = (one) => { const at = one.getBoundingClientRect(); return [at.left + at.width / 2, at.top + at.height / 2]; };
    const [x, y] = centre(from);
    let best = null;
    let price = Infinity;
    nodes.forEach((one) => {
      if (one === from || one.classList.contains("off")) return;
      const [ox, oy] = centre(one);
      const ahead = (ox - x) * dx + (oy - y) * dy;
      const aside = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
      if (ahead > 8 && ahead + 2 * aside < price) { price = ahead + 2 * aside; best = one; }
    });
    return best;
  }

  function keys(event) {
    const here = event.target.closest("#map a");
    if (event.key === "Escape") { if (state.sel) close(); return; }
    if (!here || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === " ") { event.preventDefault(); here.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true })); return; }
    const next = event.key === "Home" ? nodes[0] : event.key === "End" ? nodes[nodes.length - 1]
      : ways[event.key] && step(here, ways[event.key]);
    if (!next) return;
    event.preventDefault();
    rove(next);
    next.focus();
  }

  function clicked(event) {
    const sign = event.target.closest("#map [data-sign]");
    const link = event.target.closest('#map a, #panel a[href^="#"]');
    const id = sign ? sign.dataset.sign : link && link.getAttribute("href").slice(1);
    if (!id || !entries.has(id)) return;
    event.preventDefault();
    if (link && link.closest("#map")) { back = link; rove(link); }
    choose(id);
    if (link && link.closest("#panel")) $("panel").focus();
  }

  function start() {
    document.documentElement.classList.add("js");
    nodes.concat(edges).forEach((one) => one.setAttribute("role", "button"));
    rove(nodes[0]);
    zoom("start");
    // Where the map is larger than its box, reading begins at the question.
    reveal(nodes.find((node) => node.classList.contains("tension")).dataset.id, true);
    document.addEventListener("click", clicked);
    document.addEventListener("keydown", keys);
    $("close").addEventListener("click", close);
    $("find").addEventListener("input", (event) => { state.q = event.target.value; paint(); remember(); });
    document.querySelector(".tools").addEventListener("submit", (event) => {
      event.preventDefault();
      const found = hits();
      if (found && found.size) { back = $("find"); choose([...found][0]); }
    });
    boxes.forEach((box) => box.addEventListener("change", () => {
      if (box.checked) state.off.delete(box.value); else state.off.add(box.value);
      paint();
      remember();
    }));
    all("[data-view]").forEach((button) => button.addEventListener("click", () => { look(button.dataset.view); paint(); remember(); }));
    all("[data-zoom]").forEach((button) => button.addEventListener("click", () => zoom(button.dataset.zoom)));
    $("reset").addEventListener("click", () => {
      state.off.clear();
      state.q = $("find").value = "";
      boxes.forEach((box) => { box.checked = true; });
      close();
    });
    window.addEventListener("hashchange", recall);
    recall();
    paint();
  }

  return { start, choose, state, onPaint: (listener) => listeners.push(listener), has: (id) => entries.has(id) };
})();
