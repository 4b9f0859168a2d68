// SPDX-License-Identifier: Apache-2.0
"use strict";
(async () => {
  const { unpacked, vegaReady, config } = window.convscope;
  const data = JSON.parse(await unpacked("history"));
  const spec = JSON.parse(document.getElementById("specs").textContent).large;
  const body = document.querySelector("#all-cases tbody");
  const percent = (value) => value === null ? "—" : `${value >= 0 ? "+" : "−"}${Math.abs(100 * value).toFixed(1)} %`;
  const time = (ns) => ns === null ? "—"
    : ns >= 1e6 ? `${(ns / 1e6).toPrecision(4)} ms` : `${(ns / 1e3).toPrecision(4)} µs`;
  const noticed = 0.05;
  let machine, view;
  // A change point of before there were several machines in one history names none.
  const isOf = (change, one) => change.case === one.case && (change.machine ?? machine.name) === machine.name;

  const element = (name, text, more = {}) => Object.assign(document.createElement(name), { textContent: text, ...more });

  function sparkline(values) {
    const found = values.filter((value) => value !== null);
    const [low, high] = [Math.min(...found), Math.max(...found)];
    const x = (place) => values.length > 1 ? 2 + 136 * place / (values.length - 1) : 70;
    const y = (value) => high > low ? 21 - 18 * (value - low) / (high - low) : 12;
    let path = "", pen = "M";
    values.forEach((value, place) => {
      if (value === null) { pen = "M"; return; }
      path += `${pen}${x(place).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = "L";
    });
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "spark");
    svg.setAttribute("viewBox", "0 0 140 24");
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS(svg.namespaceURI, "path");
    line.setAttribute("d", path + (found.length === 1 ? "h.1" : ""));
    svg.append(line);
    return svg;
  }

  function row(one) {
    const found = document.createElement("tr");
    const choose = element("button", one.case, { type: "button", className: "choose" });
    choose.addEventListener("click", () => { show(one); document.getElementById("case").scrollIntoView(); });
    const name = document.createElement("td");
    name.append(choose);
    const spark = document.createElement("td");
    spark.append(sparkline(one.values));
    const numbers = [[one.last, time], [one.toBefore, percent], [one.toFortnight, percent]].map(([value, said]) => {
      const cell = element("td", said(value), { className: "number" });
      cell.dataset.v = value ?? "";
      return cell;
    });
    const isNew = data.new.some((change) => isOf(change, one));
    if (isNew || Math.abs(one.toFortnight ?? 0) > noticed) {
      numbers[2].classList.add(one.toFortnight > 0 ? "slower" : "faster");
    }
    if (isNew) numbers[2].textContent += " new";
    found.append(name, spark, ...numbers);
    return found;
  }

  function fill(number) {
    machine = data.machines[number];
    body.replaceChildren(...machine.series.map(row));
    document.querySelector("[data-count=all-cases]").textContent = `${machine.series.length} rows`;
    document.getElementById("nights-heading").textContent =
      `${machine.nights.length} ${machine.nights.length === 1 ? "night" : "nights"}`;
    document.getElementById("gone").textContent = machine.gone.length
      ? `Not measured last night: ${machine.gone.join("; ")}` : "";
    const first = data.new.map((change) => machine.series.find((one) => isOf(change, one))).find(Boolean);
    show(first ?? machine.series[0]);
  }

  function points(one) {
    const changes = [...data.new, ...data.known].filter((change) => isOf(change, one));
    return machine.nights.map((night, place) => {
      const change = changes.find((found) => found.date === night.when);
      return {
        night: night.when, commit: night.commit, value: one.values[place], low: one.low[place],
        high: one.high[place], said: time(one.values[place]), measured: time(one.measured[place]),
        pace: machine.pace[place], count: one.counts?.[place] ?? null,
        change: change ? `${change.percent > 0 ? "+" : ""}${change.percent} % since ${night.commit}` : null,
      };
    });
  }

  async function show(one) {
    if (!one) return;
    document.getElementById("chosen").textContent = one.case;
    await vegaReady();
    const place = document.getElementById("large");
    const shown = structuredClone(spec);
    const nights = points(one);
    shown.datasets = { nights };
    // A layer without rows has no scale.
    const drawn = { area: nights.some((night) => night.low), rule: nights.some((night) => night.change) };
    shown.vconcat[0].layer = shown.vconcat[0].layer.filter(({ mark }) => drawn[mark.type] ?? true);
    // Panels below each other do not follow their place's width by themselves.
    for (const panel of shown.vconcat) panel.width = Math.max(220, place.clientWidth - 90);
    shown.vconcat[0].height = place.clientWidth < 520 ? 200 : 260;
    if (!one.counts) shown.vconcat = shown.vconcat.slice(0, 2);
    view?.finalize();
    view = (await vegaEmbed(place, shown, { mode: "vega-lite", actions: false, renderer: "svg", config })).view;
    place.dataset.case = one.case;
    document.body.dataset.drawn = "all";
  }

  document.getElementById("machine")?.addEventListener("change", (event) => fill(Number(event.target.value)));
  fill(0);
})();
