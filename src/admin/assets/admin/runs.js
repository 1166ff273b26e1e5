// A run that is under way: its events draw the chart, move the bar and fill the log.
export function followRuns() {
  for (const card of document.querySelectorAll("[data-run-events]")) follow(card);
}

function follow(card) {
  const events = new EventSource(card.dataset.runEvents);
  const series = { training: [], validation: [] };
  const read = (event) => JSON.parse(event.data);

  events.addEventListener("progress", (event) => showProgress(card, read(event)));
  events.addEventListener("metric", (event) => {
    const { series: name, step, value } = read(event);
    if (!series[name]) return;
    series[name].push([step, value]);
    drawSoon(card, series);
  });
  events.addEventListener("log", (event) => {
    const log = document.querySelector("[data-run-log]");
    if (log) log.textContent += `${read(event).text}\n`;
  });
  events.addEventListener("state", (event) => {
    const { state, final } = read(event);
    card.querySelector("[data-run-state]").textContent = state;
    if (!final) return;
    events.close();
    showEnd(card);
  });
}

/** The page is read again, never posted again; what is being typed into its form is not thrown away. */
function showEnd(card) {
  const address = location.pathname + location.search;
  const form = document.querySelector(".try-it form");
  if (!form?.contains(document.activeElement)) return location.replace(address);
  const link = Object.assign(document.createElement("a"), { href: address, textContent: "Show what came of it" });
  card.querySelector("[data-run-cancel]")?.remove();
  card.querySelector("[data-run-note]").replaceChildren(link);
}

function showProgress(card, { progress, note }) {
  const bar = card.querySelector("[data-run-progress]");
  if (bar) bar.value = progress;
  card.querySelector("[data-run-state]").textContent = `running · ${Math.round(progress * 100)} %`;
  if (note) card.querySelector("[data-run-note]").textContent = note;
}

let waiting = false;
function drawSoon(card, series) {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    draw(card.querySelector("[data-run-chart]"), series);
  });
}

/** The same scale as the server's (src/admin/learning/chart.ts): 560 by 180, lowest value near the foot. */
function draw(chart, series) {
  const points = Object.values(series).flat();
  const steps = points.map(([step]) => step);
  const [first, last] = [Math.min(...steps), Math.max(...steps)];
  const values = points.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  for (const [name, line] of Object.entries(series)) {
    const path = line.map(([step, value], i) => {
      const x = first === last ? 0 : ((step - first) / (last - first)) * 560;
      const y = 10 + (high === low ? 75 : ((high - value) / (high - low)) * 150);
      return `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
    });
    chart.querySelector(`[data-series="${name}"]`).setAttribute("d", path.join(""));
    if (line.length > 0) showLast(chart.parentElement.querySelector(`[data-last="${name}"]`), line.at(-1)[1]);
  }
}

/** A line is named under the chart from its first point on, with the value where it stands. */
function showLast(figure, value) {
  figure.textContent = String(Number(value.toPrecision(3)));
  figure.parentElement.hidden = false;
}
