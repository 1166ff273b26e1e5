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
    location.reload();
  });
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

/** The same scale as the server's (src/admin/chart.ts): 560 by 180, lowest value near the foot. */
function draw(chart, series) {
  const points = Object.values(series).flat();
  const lastStep = Math.max(1, ...points.map(([step]) => step));
  const values = points.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  for (const [name, line] of Object.entries(series)) {
    const path = line.map(([step, value], i) => {
      const x = (step / lastStep) * 560;
      const y = 10 + (high === low ? 75 : ((high - value) / (high - low)) * 150);
      return `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
    });
    chart.querySelector(`[data-series="${name}"]`).setAttribute("d", path.join(""));
  }
}
