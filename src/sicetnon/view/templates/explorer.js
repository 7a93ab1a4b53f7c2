"use strict";
// The network is built when it is first looked at: positions come with the page, physics is off.
const Explorer = (() => {
  const data = JSON.parse(document.getElementById("network").textContent);
  const box = document.getElementById("explorer");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let network = null;
  let nodes = null;
  let edges = null;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let last = { off: new Set(), found: null, close: null, sel: "" };

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const around = (id) => {
    const close = new Set([id]);
    data.edges.forEach((edge) => {
      if (edge.id === id) close.add(edge.from).add(edge.to);
      else if (edge.from === id || edge.to === id) close.add(edge.id).add(edge.from).add(edge.to);
    });
    return close;
  };

  function box_of(kind, hit) {
    const fill = { tension: "question", answer: "answer" }[kind] || "paper";
    const edge = { tension: "question", answer: "answer-border" }[kind] || "border";
    const paint = { background: colour(hit ? "mark" : fill), border: colour(edge) };
    return { ...paint, highlight: { background: paint.background, border: colour("focus") } };
  }

  function paint(state) {
    const moved = state.sel !== last.sel;
    last = state;
    if (!network) return;
    const close = state.sel ? around(state.sel) : null;
    const faint = (id) => Boolean((state.found && !state.found.has(id) && id !== state.sel) || (close && close.size > 1 && !close.has(id)));
    const gone = new Set(data.nodes.filter((node) => state.off.has(node.kind)).map((node) => node.id));
    nodes.update(data.nodes.map(({ id, kind }) => {
      const hit = Boolean(state.found && state.found.has(id));
      return {
        id,
        hidden: gone.has(id),
        opacity: faint(id) ? 0.2 : 1,
        color: box_of(kind, hit),
        borderWidth: { tension: 2, answer: 3 }[kind] || 1.2,
        shapeProperties: { borderRadius: { answer: 12, claim: 3 }[kind] || 0, borderDashes: kind === "work" ? [4, 3] : false },
        // The opacity of a node does not reach its label, so the label's colour carries its own.
        font: { color: colour(kind === "tension" && !hit ? "on-question" : kind === "work" ? "muted" : "ink") + (faint(id) ? "40" : "") },
      };
    }));
    edges.update(data.edges.map(({ id, kind, status, from, to }) => {
      const tone = colour(status ? kind : "border");
      return {
        id,
        hidden: gone.has(from) || gone.has(to) || state.off.has(kind) || state.off.has(status),
        color: { color: tone, highlight: tone, opacity: faint(id) ? 0.12 : status ? 1 : 0.8 },
        font: { color: faint(id) ? "rgba(0,0,0,0)" : tone, strokeColor: faint(id) ? "rgba(0,0,0,0)" : colour("paper") },
      };
    }));
    if (state.sel && nodes.get(state.sel)) network.selectNodes([state.sel], false);
    else if (state.sel && edges.get(state.sel)) network.setSelection({ nodes: [], edges: [state.sel] }, { highlightEdges: false });
    else network.unselectAll();
    if (moved && close) fit([...close].filter((id) => nodes.get(id)));
  }

  function fit(ids) {
    const options = { maxZoomLevel: 1, animation: calm.matches ? false : { duration: 250 } };
    // The panel takes its place first, then the network fits what is left.
    requestAnimationFrame(() => { network.redraw(); network.fit(ids.length ? { ...options, nodes: ids } : options); });
  }

  function clicked({ nodes: [node], edges: [edge] }) {
    const line = data.edges.find((one) => one.id === edge);
    // A line of the structure has no words of its own: it opens what it hangs on.
    const id = node || (line && (Page.has(line.id) ? line.id : line.kind === "answers" ? line.from : line.to));
    if (id && Page.has(id)) Page.choose(id);
  }

  function open() {
    if (network) return;
    nodes = new vis.DataSet(data.nodes);
    edges = new vis.DataSet(data.edges);
    network = new vis.Network(box, { nodes, edges }, data.options);
    const frame = box.querySelector(".vis-network");
    frame.setAttribute("role", "group");
    frame.setAttribute("tabindex", "0");
    frame.setAttribute("aria-label", "Explorer: a picture of the whole graph, moved by arrow keys. The same words stand below the picture.");
    network.on("click", clicked);
    network.once("afterDrawing", () => fit(last.sel ? [...around(last.sel)].filter((id) => nodes.get(id)) : []));
    dark.addEventListener("change", () => paint(last));
    paint(last);
  }

  return { open, paint, where: () => network && network.getPositions(), onCanvas: (at) => network.canvasToDOM(at) };
})();
Page.onPaint(Explorer.paint);
Page.start();
