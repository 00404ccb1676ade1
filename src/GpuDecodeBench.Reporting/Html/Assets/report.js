// The page's own script. `equations`, defined before it, holds the program's equations by scenario.
(() => {
  const missing = "unavailable";
  const layerColours = ["c0", "c1", "c2", "c3", "c4", "c5", "c6"];

  // Three significant digits at least, as the program writes them.
  const digits = (value) => {
    const magnitude = Math.floor(Math.log10(Math.abs(value)));
    const decimals = value === 0 ? 0 : Math.min(12, Math.max(0, 2 - magnitude));
    return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  };
  const usd = (value) => (Number.isFinite(value) ? "$" + digits(value) : missing);

  // What a scenario costs at a point, with some inputs replaced: values in base units, NaN for what is not known.
  const evaluate = (scenario, point, changes) => {
    const symbols = {};
    for (const source of [scenario.inputs, point.inputs, changes]) {
      for (const [symbol, value] of Object.entries(source)) symbols[symbol] = value === null ? NaN : value;
    }
    return equations[scenario.function](symbols);
  };

  const distinct = (values) => [...new Set(values)].sort((a, b) => (a > b) - (a < b));

  function explore(form) {
    const id = form.id;
    const data = JSON.parse(document.getElementById(`${id}-data`).textContent);
    const field = (name) => form.elements.namedItem(name);
    const state = {};

    const reset = () => {
      const point = data.points.find((one) => one.fastest) ?? data.points[0];
      state.scenario = data.scenarios[0];
      state.point = point;
      state.values = {};
      for (const scenario of data.scenarios) {
        for (const slider of scenario.sliders) state.values[slider.symbol] ??= slider.value;
      }
    };

    // The measured point of a format that is nearest to the wanted batch, then to the wanted context.
    const nearest = (format, batch, context) => {
      const far = (one) => [Math.abs(one.batch - batch), Math.abs(one.context - context)];
      return data.points
        .filter((one) => one.format === format)
        .sort((a, b) => far(a)[0] - far(b)[0] || far(a)[1] - far(b)[1])[0];
    };

    const showSteps = (name, values, now) => {
      const range = field(name);
      range.max = values.length - 1;
      range.value = values.indexOf(now);
      range.disabled = values.length < 2;
      range.setAttribute("aria-valuetext", `${now}`);
      range.nextElementSibling.textContent = values.length < 2 ? `${now} (only)` : `${now}`;
    };

    const showSliders = () => {
      for (const control of form.querySelectorAll("[data-symbol]")) {
        const slider = state.scenario.sliders.find((one) => one.symbol === control.dataset.symbol);
        control.hidden = !slider;
        if (!slider) continue;
        const range = field(slider.symbol);
        range.min = slider.low;
        range.max = slider.high;
        range.value = state.values[slider.symbol];
        range.title = `in the report: ${slider.value}, ${slider.from}`;
        field(`${slider.symbol}-exact`).value = state.values[slider.symbol];
      }
    };

    const show = () => {
      const same = data.points.filter((one) => one.format === state.point.format);
      field("scenario").value = state.scenario.name;
      field("format").value = state.point.format;
      showSteps("batch", distinct(same.map((one) => one.batch)), state.point.batch);
      showSteps("context", distinct(same.filter((one) => one.batch === state.point.batch).map((one) => one.context)), state.point.context);
      const changes = {};
      for (const slider of state.scenario.sliders) changes[slider.symbol] = state.values[slider.symbol] * slider.scale;
      const result = evaluate(state.scenario, state.point, changes);
      const cost = (layer) => result[layer.symbol] / data.perMillionTokens;
      const total = cost(data.layers.at(-1));
      form.querySelector(".price").textContent = usd(total);
      form.dataset.usd = `${total}`;
      const share = Number((state.values.util * 100).toFixed(2));
      form.querySelector(".conditions").textContent = state.point.conditions.replace(/at [\d.,]+ % utilisation/, `at ${share} % utilisation`);
      form.querySelector(".from").textContent = `Tokens per second: ${state.point.from}. Price, utilisation and the rest: as set here, else as assumed in the report.`;
      form.querySelector(".bars").replaceChildren(
        ...data.layers.slice(0, -1).flatMap((layer, i) => (cost(layer) > 0 ? [bar(layer, cost(layer), total, layerColours[i])] : [])),
      );
    };

    const bar = (layer, value, total, colour) => {
      const row = document.createElement("div");
      row.className = "layer";
      const name = document.createElement("span");
      name.textContent = state.scenario.rented && layer.name === "capital" ? "rent" : layer.name;
      const track = document.createElement("span");
      track.className = `track ${colour}`;
      const fill = document.createElement("span");
      fill.className = "fill";
      fill.style.width = `${(100 * value) / total}%`;
      track.append(fill);
      const sum = document.createElement("span");
      sum.className = "sum";
      sum.textContent = usd(value);
      row.append(name, track, sum);
      return row;
    };

    form.addEventListener("input", (event) => {
      const { name, value } = event.target;
      const symbol = name.replace("-exact", "");
      const slider = state.scenario.sliders.find((one) => one.symbol === symbol);
      if (name === "scenario") {
        state.scenario = data.scenarios.find((one) => one.name === value);
        showSliders();
      } else if (name === "format") {
        state.point = nearest(value, state.point.batch, state.point.context);
      } else if (name === "batch" || name === "context") {
        const same = data.points.filter((one) => one.format === state.point.format && (name === "batch" || one.batch === state.point.batch));
        const wanted = { ...state.point, [name]: distinct(same.map((one) => one[name]))[value] };
        state.point = nearest(wanted.format, wanted.batch, wanted.context);
      } else if (slider && Number.isFinite(parseFloat(value))) {
        const exact = name !== symbol;
        const given = parseFloat(value);
        if (exact && !(given > 0 || (given === 0 && symbol === "tariff")) || (symbol === "util" && given > 1) || (symbol === "pue" && given < 1)) return;
        state.values[symbol] = exact ? given : Math.min(slider.high, Math.max(slider.low, Math.round(given / slider.step) * slider.step));
        if (!exact) state.values[symbol] = Number(state.values[symbol].toPrecision(6));
        field(exact ? symbol : `${symbol}-exact`).value = state.values[symbol];
      }
      show();
    });
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      reset();
      showSliders();
      show();
    });
    form.addEventListener("submit", (event) => event.preventDefault());

    field("format").replaceChildren(...distinct(data.points.map((one) => one.format)).map((name) => new Option(name)));
    form.hidden = false;
    reset();
    showSliders();
    show();
  }

  // Downloads are compressed in the page; here they are unpacked before they are saved.
  async function save(event) {
    const link = event.currentTarget;
    event.preventDefault();
    const packed = Uint8Array.from(atob(link.href.split(",")[1]), (c) => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    const blob = new Blob([await new Response(stream).arrayBuffer()], { type: link.dataset.type });
    const address = URL.createObjectURL(blob);
    const once = document.createElement("a");
    once.href = address;
    once.download = link.dataset.name;
    once.click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  // Where a figure comes from is written once for all that come from there.
  for (const list of document.querySelectorAll("script.origins")) {
    const origins = JSON.parse(list.textContent);
    for (const cell of list.closest("section").querySelectorAll("[data-o]")) cell.title = origins[cell.dataset.o];
  }

  document.querySelectorAll("form.explorer").forEach(explore);
  if ("DecompressionStream" in window) {
    document.querySelectorAll(".downloads a").forEach((link) => link.addEventListener("click", save));
  }
  const theme = document.getElementById("theme");
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => (one.open = true)));
})();
