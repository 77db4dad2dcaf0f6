"use strict";
// Draws the charts of the page with Chart.js from the data that overbuild/report/charts.py
// describes.
(() => {
  const specs = JSON.parse(document.getElementById("data").textContent);
  const charts = [];
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const colour = (n) => css(`--c${n}`);
  const faint = (n, strength) => {
    const hex = colour(n).slice(1);
    const [r, g, b] = [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16));
    return `rgba(${r},${g},${b},${strength})`;
  };
  const short = (v) => Math.abs(v) >= 1000 ? Math.round(v).toLocaleString("en")
    : String(+v.toPrecision(3));
  const share = (v) => `${+(100 * v).toPrecision(3)}%`;
  const known = (v) => v !== null && v !== undefined;
  const shown = (spec, v) => known(v) ? (spec.percent ? share(v) : short(v)) : "none";

  // Whiskers of half of a 95% Monte Carlo interval on bars.
  const whiskers = {
    id: "whiskers",
    afterDatasetsDraw(chart) {
      const c = chart.ctx;
      chart.data.datasets.forEach((set, i) => {
        if (!set.error || !chart.isDatasetVisible(i)) return;
        const sideways = chart.options.indexAxis === "y";
        const axis = chart.scales[sideways ? "x" : "y"];
        c.save();
        c.strokeStyle = css("--ink");
        c.lineWidth = 1;
        chart.getDatasetMeta(i).data.forEach((bar, k) => {
          if (!(set.error[k] > 0) || set.data[k] === null) return;
          const value = sideways ? set.data[k][1] : set.data[k].y;
          const [a, b] = [-1, 1].map((sign) => axis.getPixelForValue(value + sign * set.error[k]));
          c.beginPath();
          if (sideways) { c.moveTo(a, bar.y); c.lineTo(b, bar.y); }
          else { c.moveTo(bar.x, a); c.lineTo(bar.x, b); }
          c.stroke();
        });
        c.restore();
      });
    },
  };

  // A text beside a line, at a right angle to it.
  function beside(c, text, points, k) {
    const [from, to] = [points[Math.max(0, k - 1)], points[Math.min(points.length - 1, k + 1)]];
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    const x = points[k].x - 12 * (to.y - from.y) / length;
    const y = points[k].y + 12 * (to.x - from.x) / length;
    c.textAlign = "center";
    c.strokeText(text, x, y);
    c.fillText(text, x, y);
  }

  // Texts beside bars and points, and a line at a mark.
  const labels = {
    id: "labels",
    beforeDatasetsDraw(chart, _, options) {
      const { ctx: c, chartArea: area } = chart;
      const line = (x1, y1, x2, y2) => {
        c.beginPath();
        c.moveTo(x1, y1);
        c.lineTo(x2, y2);
        c.stroke();
      };
      c.save();
      c.strokeStyle = css("--ink");
      if (options.mark !== undefined) {
        const y = chart.scales.y.getPixelForValue(options.mark);
        if (y >= area.top && y <= area.bottom) line(area.left, y, area.right, y);
      }
      if (options.base !== undefined) {
        const x = chart.scales.x.getPixelForValue(options.base);
        line(x, area.top, x, area.bottom);
      }
      c.restore();
    },
    afterDatasetsDraw(chart) {
      const c = chart.ctx;
      c.save();
      c.font = "12px system-ui, 'DejaVu Sans', sans-serif";
      c.fillStyle = css("--ink");
      c.strokeStyle = css("--panel");
      c.lineWidth = 3;
      c.textBaseline = "middle";
      chart.data.datasets.forEach((set, i) => {
        if (!set.texts || !chart.isDatasetVisible(i)) return;
        chart.getDatasetMeta(i).data.forEach((element, k) => {
          if (!set.texts[k]) return;
          const pair = Array.isArray(set.data[k]);
          const left = pair && set.left[k];
          const error = set.error && set.error[k] > 0 ? set.error[k] : 0;
          // Outside of bar and whisker, and of the line where bars begin.
          const end = pair && (left ? Math.min(set.data[k][0], set.data[k][1] - error)
            : Math.max(set.data[k][0], set.data[k][1] + error));
          if (!pair) return beside(c, set.texts[k], chart.getDatasetMeta(i).data, k);
          const x = chart.scales.x.getPixelForValue(end);
          c.textAlign = left ? "right" : "left";
          c.strokeText(set.texts[k], x + (left ? -5 : 5), element.y);
          c.fillText(set.texts[k], x + (left ? -5 : 5), element.y);
        });
      });
      c.restore();
    },
  };

  // Numbers at 1, 2 and 5; fewer where the axis spans several powers of ten, all where it spans less
  // than half of one.
  const logTick = (value, _, ticks) => {
    const span = Math.log10(ticks[ticks.length - 1].value / ticks[0].value);
    const digit = Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9));
    const wanted = span < 0.5 ? [1, 2, 3, 4, 5, 6, 7, 8, 9]
      : span < 1.8 ? [1, 2, 5] : span < 3.2 ? [1, 3] : [1];
    const round = Math.abs(value / 10 ** Math.floor(Math.log10(value) + 1e-9) - digit) < 1e-6;
    return round && wanted.includes(digit) ? short(value) : "";
  };
  const tickText = (o, v) => {
    if (o.percent) return String(+(100 * v).toFixed(6));
    return o.year ? String(v) : short(v);
  };
  const axis = (title, o = {}) => ({
    type: o.log ? "logarithmic" : "linear", beginAtZero: !!o.zero, min: o.min, max: o.max,
    title: { display: !!title, text: title, color: css("--ink") },
    grid: {
      color: ({ tick }) => o.log && tick && !tick.label ? "transparent" : css("--line"),
      borderColor: css("--soft"), drawTicks: !o.log,
    },
    ticks: { color: css("--ink"), maxRotation: 0, includeBounds: false, autoSkip: !o.log,
             callback: o.log ? logTick : (v) => tickText(o, v) },
  });

  // Ends of a logarithmic axis, a little beyond the data.
  const limits = (values) => {
    const positive = values.filter((v) => v > 0);
    return { min: Math.min(...positive) * 0.92, max: Math.max(...positive) * 1.08 };
  };

  const makers = {
    lines(spec) {
      const points = (y) => spec.x.map((x, i) => ({ x, y: y[i] }));
      const sets = [];
      (spec.bands || []).forEach((band, i) => {
        const common = { pointRadius: 0, pointHitRadius: 0, borderWidth: 0, group: `b${i}`,
                         label: band.label, half: true,  // of a band; keys stop at lines
                         stepped: band.step ? "after" : false, order: 10 };
        sets.push({ ...common, data: points(band.low), fill: false });
        sets.push({ ...common, data: points(band.high), fill: "-1",
                    backgroundColor: faint(band.colour, band.strength),
                    swatch: faint(band.colour, band.over || band.strength) });
      });
      spec.lines.forEach((line, i) => sets.push({
        data: points(line.y), label: line.label, group: `l${i}`, order: 1,
        borderColor: colour(line.colour), backgroundColor: colour(line.colour),
        borderWidth: 2.5, borderDash: line.dash || [], pointRadius: 0, pointHoverRadius: 5,
        stepped: line.step ? "after" : false, spanGaps: true }));
      const ys = sets.flatMap((set) => set.data.map((point) => point.y));
      return {
        type: "line", data: { datasets: sets },
        options: { scales: {
          x: axis(spec.xLabel, { year: true, min: spec.x[0], max: spec.x.at(-1) }),
          y: axis(spec.yLabel, spec.log ? { log: true, ...limits(ys) } : spec) },
                   plugins: { labels: { mark: spec.mark } } },
        count: spec.x.length,
        read: (i) => [`${spec.xLabel} ${short2(spec.x[i])}`,
                      ...spec.lines.map((l) => `${l.label} ${shown(spec, l.y[i])}`),
                      ...(spec.bands || []).map((b) =>
                          `${b.label} ${shown(spec, b.low[i])} to ${shown(spec, b.high[i])}`)],
      };
    },
    bars(spec) {
      const sets = spec.bars.map((bar, i) => ({
        data: spec.x.map((x, k) => ({ x, y: bar.y[k] })), label: bar.label,
        backgroundColor: colour(bar.colour),
        error: bar.error, group: `l${i}`, barPercentage: 0.95, categoryPercentage: 1 }));
      const last = spec.x.length - 1;
      const heights = spec.x.map((_, k) => spec.bars.reduce((sum, bar) => sum + bar.y[k], 0));
      const errors = spec.bars.flatMap((bar) => bar.error || []);
      const top = Math.max(...heights) + Math.max(0, ...errors);
      const x = axis(spec.xLabel, { percent: spec.xPercent, year: !spec.xPercent });
      Object.assign(x, { stacked: true, offset: false, min: spec.x[0] - spec.width / 2,
                         max: spec.x[last] + spec.width / 2 });
      x.grid.offset = false;
      const where = (i) => {
        const [low, high] = [spec.x[i] - spec.width / 2, spec.x[i] + spec.width / 2];
        return spec.xPercent ? `${share(low)} to ${share(high)}`
          : `${spec.xLabel} ${short2(low)} to ${short2(high)}`;
      };
      return {
        type: "bar", data: { datasets: sets },
        options: { scales: { x, y: { ...axis(spec.yLabel, { ...spec, zero: true }), stacked: true,
                                     suggestedMax: top } } },
        count: spec.x.length,
        read: (i) => [where(i), ...spec.bars.map((b) => `${b.label} ${shown(spec, b.y[i])}` +
          (b.error ? ` ± ${shown(spec, b.error[i])}` : ""))],
      };
    },
    ranges(spec, width) {
      const narrow = width < 460;
      const names = [...new Set(spec.rows.map((row) => row.name))];
      const sides = spec.sides ? ["low", "high"] : [undefined];
      const sets = sides.map((side, i) => {
        const own = spec.rows.filter((row) => row.side === side);
        const rows = names.map((name) => own.find((row) => row.name === name));
        return { data: rows.map((row) => [row.from, row.to]), error: rows.map((row) => row.error),
                 texts: rows.map((row) => row.text), left: rows.map((row) => !!row.left),
                 label: spec.sides ? spec.sides[i] : spec.xLabel, group: `l${i}`,
                 backgroundColor: rows.map((row) => row.outline ? "transparent"
                   : colour(row.colour)),
                 borderColor: rows.map((row) => colour(row.colour)),
                 borderWidth: rows.map((row) => row.outline ? 2 : 0),
                 borderSkipped: false, grouped: false,
                 barPercentage: 0.8, categoryPercentage: 0.95 };
      });
      const ends = spec.rows.flatMap(({ from, to, error }) =>
        [from, to - (error || 0), to + (error || 0)]);
      // Room for the texts beside the bars, about 58 pixels at either end.
      const plot = Math.max(240, width - (narrow ? 110 : 170));
      const room = 58 / (plot - 116) * (Math.max(...ends) - Math.min(...ends));
      const min = spec.base === undefined ? 0 : Math.max(0, Math.min(...ends) - room);
      const max = Math.max(...ends) + room;
      const y = axis(spec.yLabel);
      Object.assign(y, { type: "category", labels: names });
      // Long names are broken in two where the chart is narrow.
      y.ticks = { color: css("--ink"), autoSkip: false, font: { size: narrow ? 10 : 12 },
                  callback: (v) => narrow ? broken(names[v]) : names[v] };
      y.grid.display = false;
      return {
        type: "bar", data: { datasets: sets },
        options: { indexAxis: "y",
                   scales: { y, x: axis(spec.xLabel, { percent: spec.percent, min, max }) },
                   plugins: { labels: { base: spec.base } } },
        count: names.length,
        read: (i) => [names[i], ...spec.rows.filter((row) => row.name === names[i]).map((row) =>
          spec.sides
          ? `at ${row.text}: ${shown(spec, row.to)} ± ${shown(spec, row.error)}`
          : `${short(row.to - row.from)}` + (row.error > 0 ? ` ± ${short(row.error)}` : ""))],
      };
    },
    phase(spec) {
      const sets = spec.lines.map((line, i) => ({
        data: line.points, label: line.label, group: `l${i}`, showLine: true, borderWidth: 2.5,
        borderColor: colour(line.colour), backgroundColor: colour(line.colour),
        pointRadius: line.points.map((p) => p.mark ? 3.5 : 0),
        pointHoverRadius: 6, texts: line.points.map((p) => {
          const year = +p.name.replace("year ", "");
          return p.mark && year % 2 === 0 ? String(year) : ""; }) }));
      const points = spec.lines.flatMap((line) => line.points);
      const most = Math.max(...spec.lines.map((line) => line.points.length));
      return {
        type: "scatter", data: { datasets: sets },
        options: { scales: {
          x: axis(spec.xLabel, { log: true, ...limits(points.map((point) => point.x)) }),
          y: axis(spec.yLabel, { log: true, ...limits(points.map((point) => point.y)) }) },
                   plugins: { labels: { mark: 1 } } },
        count: most, single: true,
        read: (i) => spec.lines.filter((line) => line.points[i]).map((line) => {
          const { x, y, name } = line.points[i];
          return `${line.label}, ${name}: capital expenditure ${short(x)}, coverage ${short(y)}`;
        }),
      };
    },
  };
  const short2 = (v) => String(+v.toFixed(3));
  const broken = (name) => {
    const middle = name.lastIndexOf(" ", Math.ceil(name.length * 0.65));
    return name.length < 16 || middle < 0 ? name : [name.slice(0, middle), name.slice(middle + 1)];
  };

  const tooltip = (made) => ({
    displayColors: false, backgroundColor: css("--ink"),
    titleColor: css("--paper"), bodyColor: css("--paper"),
    filter: (_, i) => i === 0,  // one text for all datasets
    callbacks: { title: (items) => items.length ? made.read(items[0].dataIndex)[0] : "",
                 label: (item) => made.read(item.dataIndex).slice(1) },
  });

  // Paper has a size of its own, which the browser does not tell before it prints: there a chart is
  // drawn in this size, and the style sheet fits it into its column.
  const paper = { width: 400, height: 240, row: 27 };

  function sizeForPaper(spec, canvas) {
    const rows = new Set((spec.rows || []).map((row) => row.name)).size;
    canvas.width = paper.width;
    canvas.height = spec.kind === "ranges" ? 60 + paper.row * rows : paper.height;
  }

  function configuration(spec, printing) {
    const room = document.getElementById(`${spec.id}-canvas`).parentElement;
    const made = makers[spec.kind](spec, printing ? paper.width : room.clientWidth);
    const { count, read, single, ...config } = made;
    config.plugins = [whiskers, labels];
    config.options = {
      responsive: !printing, devicePixelRatio: printing ? 3 : undefined,
      maintainAspectRatio: false, animation: false, locale: "en",
      interaction: { mode: single ? "nearest" : "index", intersect: false,
                     axis: spec.kind === "ranges" ? "y" : single ? "xy" : "x" },
      ...config.options,
      plugins: { legend: { display: false }, tooltip: tooltip(made), ...config.options.plugins },
    };
    return { config, count, read };
  }

  function swatch(set, band) {
    const fill = Array.isArray(set.backgroundColor) ? set.backgroundColor[0] : set.backgroundColor;
    const dash = (set.borderDash || []).join(" ");
    const shape = band || !set.borderColor || Array.isArray(set.borderColor)
      ? `<rect width="22" height="12" fill="${set.swatch || fill}"/>`
      : `<line x1="0" x2="22" y1="6" y2="6" stroke="${set.borderColor}" stroke-width="3"
           stroke-dasharray="${dash}"/>`;
    return `<svg width="22" height="12" aria-hidden="true">${shape}</svg>`;
  }

  function legend(entry) {
    const list = document.querySelector(`#${CSS.escape(entry.spec.id)} .legend`);
    list.replaceChildren();
    const sets = entry.chart.data.datasets;
    const groups = [...new Set(sets.map((set) => set.group))];
    if (groups.length < 2) return;
    groups.forEach((group) => {
      const members = sets.map((set, i) => [set, i]).filter(([set]) => set.group === group);
      const [set] = members[members.length - 1];
      const button = document.createElement("button");
      button.type = "button";
      const visible = !entry.hidden.has(group);
      button.setAttribute("aria-pressed", String(visible));
      button.innerHTML = swatch(set, group[0] === "b");
      button.append(set.label);
      members.forEach(([, i]) => entry.chart.setDatasetVisibility(i, visible));
      button.addEventListener("click", () => {
        if (entry.hidden.has(group)) entry.hidden.delete(group); else entry.hidden.add(group);
        const now = !entry.hidden.has(group);
        button.setAttribute("aria-pressed", String(now));
        members.forEach(([, i]) => entry.chart.setDatasetVisibility(i, now));
        entry.chart.update();
      });
      const item = document.createElement("li");
      item.append(button);
      list.append(item);
    });
    entry.chart.update();
  }

  function select(entry, index) {
    entry.index = Math.max(0, Math.min(entry.count - 1, index));
    const active = [];
    entry.chart.data.datasets.forEach((set, datasetIndex) => {
      const there = entry.chart.isDatasetVisible(datasetIndex) && known(set.data[entry.index]);
      if (there && !set.half) active.push({ datasetIndex, index: entry.index });
    });
    entry.chart.setActiveElements(active);
    entry.chart.update();
    const value = document.getElementById(`${entry.spec.id}-value`);
    value.textContent = entry.read(entry.index).join(" · ");
  }

  function keys(entry, canvas) {
    canvas.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const far = { Home: 0, End: entry.count - 1 }[event.key];
      if (step === undefined && far === undefined) return;
      event.preventDefault();
      const from = entry.index === undefined ? -1 : entry.index;
      select(entry, far !== undefined ? far : from + step);
    });
    canvas.addEventListener("blur", () => {
      entry.chart.setActiveElements([]);
      entry.chart.update();
    });
  }

  function draw(printing) {
    Chart.defaults.font.family = "system-ui, 'DejaVu Sans', sans-serif";
    charts.forEach((entry) => {
      const { config, count, read } = configuration(entry.spec, printing);
      const canvas = document.getElementById(`${entry.spec.id}-canvas`);
      if (entry.chart) entry.chart.destroy();
      if (printing) sizeForPaper(entry.spec, canvas);
      entry.chart = new Chart(canvas, config);
      Object.assign(entry, { count, read });
      legend(entry);
    });
  }

  specs.forEach((spec) => charts.push({ spec, hidden: new Set() }));
  draw(false);
  charts.forEach((entry) => keys(entry, document.getElementById(`${entry.spec.id}-canvas`)));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw(false));
  // Not while printing, which narrows the page, too.
  matchMedia("screen and (max-width: 640px)").addEventListener("change", () => {
    if (!document.documentElement.classList.contains("light")) draw(false);
  });
  const print = (on) => {  // paper is light
    document.documentElement.classList.toggle("light", on);
    draw(on);
  };
  addEventListener("beforeprint", () => print(true));
  addEventListener("afterprint", () => print(false));
  document.documentElement.dataset.charts = String(charts.length);
})();
