// SPDX-License-Identifier: Apache-2.0
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // --- Tables: sorting by a click or a key on a heading, choosing rows by words and by a column.

  const shown = (cell) => cell.dataset.v ?? cell.textContent.trim().toLowerCase();

  function sort(button) {
    const head = button.closest("th");
    const body = head.closest("table").tBodies[0];
    const column = head.cellIndex;
    const isNumeric = head.classList.contains("number");
    const before = head.getAttribute("aria-sort");
    const ascending = before ? before === "descending" : !isNumeric;
    all("th[aria-sort]", head.parentElement).forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const key = (row) => shown(row.cells[column]);
    const compare = (one, other) => {
      const [a, b] = [key(one), key(other)];
      // What is absent stands last in either direction.
      if (a === "" || b === "") return (a === "") - (b === "");
      const [x, y] = [Number(a), Number(b)];
      const order = isNaN(x) || isNaN(y) ? a.localeCompare(b, "en", { numeric: true }) : x - y;
      return ascending ? order : -order;
    };
    body.append(...[...body.rows].sort(compare));
  }

  function choose(name) {
    const frame = document.getElementById(name);
    const words = frame.querySelector("[data-filter]").value.toLowerCase().split(/\s+/).filter(Boolean);
    const select = frame.querySelector("[data-choose]");
    const rows = [...frame.querySelector("tbody").rows];
    let count = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      const fits = words.every((word) => text.includes(word))
        && (!select?.value || row.cells[select.dataset.column].textContent === select.value);
      row.hidden = !fits;
      count += fits;
    }
    frame.querySelector("[data-count]").textContent =
      count === rows.length ? `${count} rows` : `${count} of ${rows.length} rows`;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("th button");
    if (button) sort(button);
  });
  for (const input of all("[data-filter]")) input.addEventListener("input", () => choose(input.dataset.filter));
  for (const input of all("[data-choose]")) input.addEventListener("change", () => choose(input.dataset.choose));

  // --- Charts: drawn when they come into view, the others when there is time.

  const config = {
    background: null,
    font: "system-ui, sans-serif",
    view: { stroke: null },
    axis: {
      labelColor: "currentColor", titleColor: "currentColor", domainColor: "currentColor",
      tickColor: "currentColor", gridColor: "currentColor", gridOpacity: 0.12, titleFontWeight: "normal",
      labelFontSize: 11, titleFontSize: 12, labelLimit: 320,
    },
    legend: { labelColor: "currentColor", titleColor: "currentColor", labelFontSize: 12 },
    point: { color: "currentColor" },
  };
  const views = new Map();

  function rowsOf(columns) {
    const cell = (name, row) => {
      const column = columns[name];
      return column.words ? column.words[column.rows[row]] : column.rows[row];
    };
    const time = (ns) => ns >= 1e6 ? `${(ns / 1e6).toPrecision(3)} ms` : `${(ns / 1e3).toPrecision(3)} µs`;
    return columns.x.rows.map((_, row) => {
      const found = Object.fromEntries(Object.keys(columns).map((name) => [name, cell(name, row)]));
      const share = found.roof === null ? "—" : `${found.roof.toFixed(0)} % of ${found.bound}`;
      return { ...found, rate: found.y, share, said: time(found.time) };
    });
  }

  let vega;

  // What is large stands packed in the page.
  async function unpacked(id) {
    const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).text();
  }

  async function unpack() {
    const script = document.createElement("script");
    script.textContent = await unpacked("vega");
    document.head.append(script);
  }

  const vegaReady = () => vega ??= unpack();

  const values = {};
  const json = (id) => values[id] ??= unpacked(id).then(JSON.parse);
  window.convscope = { unpacked, vegaReady, config, json };

  // On a phone: legends of two columns, and long names of rows in lines of their own.
  function narrowed(spec) {
    let lines = 1;
    for (const { encoding } of spec.layer) {
      for (const name of ["color", "shape"]) if (encoding[name]?.legend) encoding[name].legend.columns = 2;
      if (encoding.y?.field !== "name") continue;
      lines = Math.max(...encoding.y.sort.map((name) => name.split(", ").length));
      Object.assign(encoding.y.axis, { labelExpr: "split(datum.label, ', ')", labelFontSize: 10, labelLineHeight: 11 });
    }
    if (lines > 1) spec.height *= 0.3 + lines * 0.55;
  }

  async function draw(element) {
    await vegaReady();
    const name = element.dataset.chart;
    const spec = (await json("specs"))[name];
    const points = name === "roofline" && rowsOf(await json("points"));
    if (views.has(name)) return views.get(name);
    if (points) spec.datasets = { points };
    const narrow = element.clientWidth < 520;
    if (narrow) narrowed(spec);
    const axis = { ...config.axis, labelLimit: narrow ? 170 : 320 };
    const legend = { ...config.legend, labelLimit: narrow ? 140 : 300 };
    const options = { mode: "vega-lite", actions: false, renderer: "svg", config: { ...config, axis, legend } };
    const promise = vegaEmbed(element, spec, options).then((result) => result.view);
    views.set(name, promise);
    const view = await promise;
    element.dataset.drawn = "yes";
    return view;
  }

  const plots = all("[data-chart]");
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) draw(entry.target);
  }, { rootMargin: "300px" });
  plots.forEach((plot) => seen.observe(plot));

  async function drawAll() {
    for (const plot of plots) {
      await draw(plot);
      await new Promise((done) => (window.requestIdleCallback ?? setTimeout)(done));
    }
    if (plots.length) document.body.dataset.drawn = "all";
  }
  window.addEventListener("load", () => (window.requestIdleCallback ?? setTimeout)(drawAll));

  for (const [id, signal, read] of [["roof-suite", "suite", String], ["roof-workers", "workers", Number]]) {
    document.getElementById(id)?.addEventListener("change", async (event) => {
      const view = await draw(document.querySelector("[data-chart=roofline]"));
      await view.signal(signal, read(event.target.value)).runAsync();
    });
  }

  // --- Paper has no folds.

  const folded = [];
  window.addEventListener("beforeprint", () => {
    for (const details of all("details:not([open])")) {
      details.open = true;
      folded.push(details);
    }
  });
  window.addEventListener("afterprint", () => {
    for (const details of folded.splice(0)) details.open = false;
  });
})();
