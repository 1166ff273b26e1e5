import { gettext, gettextNoop, interpolate } from "#kernel/i18n";
import { isFinished, type Run, RunEvent, type RunNews } from "#registry";
import type { Addresses } from "../addresses.ts";
import { capitalise, figureText, timeHtml } from "../words.ts";
import { chartPaths, type Point } from "./chart.ts";
import { toneOf } from "./models.ts";

/** Numbers that belong together on the chart of a training: what was learned from, what was held out. */
export type SeriesName = "training" | "validation";

const mostEvents = 5_000;

/** Which line of the chart a metric draws; undefined for one that is only a figure. */
function seriesOf(metric: string): SeriesName | undefined {
  if (/^val/i.test(metric)) return "validation";
  return /^(train|loss)/i.test(metric) ? "training" : undefined;
}

/** A run as a line of a table. */
export function runLine(run: Run, to: Addresses) {
  return {
    id: run.id,
    url: to.run(run.id),
    model: run.model,
    modelUrl: to.model(run.model),
    tone: toneOf(run.state),
    stateText: stateText(run),
    when: timeHtml(run.created),
    by: run.startedBy,
    version: run.version,
    metrics: metricLines(run.metrics),
  };
}

/** A run with its chart, for a card or a page of its own. */
export async function runCard(run: Run, to: Addresses, mayTrain: boolean) {
  const live = !isFinished(run.state);
  const progress = run.progress;
  return {
    ...runLine(run, to),
    live,
    eventsUrl: to.run(run.id, "events"),
    cancelUrl: live && mayTrain ? to.run(run.id, "cancel") : "",
    progress: progress === null ? 0 : progress.done / Math.max(1, progress.total),
    chart: await chartOf(run),
    note: noteOf(run),
    error: run.error === null ? "" : [run.error.message, run.error.hint].filter(Boolean).join(" "),
    parameters: Object.keys(run.parameters).length > 0 ? JSON.stringify(run.parameters) : "",
  };
}

/** What the states are called, for translators. */
const states: Readonly<Record<Run["state"], string>> = {
  queued: gettextNoop("queued"),
  running: gettextNoop("running"),
  cancelling: gettextNoop("cancelling"),
  succeeded: gettextNoop("succeeded"),
  failed: gettextNoop("failed"),
  cancelled: gettextNoop("cancelled"),
  interrupted: gettextNoop("interrupted"),
};

function stateText(run: Run): string {
  if (run.state !== "running" || run.progress === null) return gettext(states[run.state]);
  return `${gettext(states.running)} · ${Math.round((100 * run.progress.done) / Math.max(1, run.progress.total))} %`;
}

function roundText(done: number, total: number): string {
  return interpolate(gettext("round %(done)s of %(total)s"), { done, total });
}

function noteOf(run: Run): string {
  const rows = (run.dataset as { rows?: number } | null)?.rows;
  const steps = run.progress === null ? "" : roundText(run.progress.done, run.progress.total);
  return [steps, rows === undefined ? "" : interpolate(gettext("%(rows)s rows"), { rows: figureText(rows) })]
    .filter((part) => part !== "")
    .join(" · ");
}

/** A model's metrics as figures; what is only a step of the training is left to the chart. */
export function metricLines(metrics: Readonly<Record<string, number>> | null | undefined): { label: string; value: string }[] {
  return shownMetrics(Object.keys(metrics ?? {})).map((name) => ({
    label: metricLabel(name),
    value: figureText(metrics![name]!),
  }));
}

/** Which metrics tell how good a model is: what the held-out rows say first, what steered the training after it. */
export function shownMetrics(names: readonly string[]): string[] {
  const shown = names.filter((name) => seriesOf(name) !== "training");
  return [...shown.filter((name) => seriesOf(name) === undefined), ...shown.filter((name) => seriesOf(name) !== undefined)];
}

/** `validationLoss` as `Validation loss`, `rmse` as `RMSE`. */
export function metricLabel(name: string): string {
  if (/^(?:rmse|mae|mse|auc|r2|f1)$/.test(name)) return name.toUpperCase();
  return capitalise(
    name.replaceAll(/([a-z])([A-Z])/g, (_, before, after) => `${before} ${after.toLowerCase()}`).replaceAll("_", " "),
  );
}

async function chartOf(run: Run) {
  const events = await RunEvent.objects.filter({ runId: run.id, kind: "metric" }).slice(0, mostEvents);
  const lines: Record<SeriesName, Point[]> = { training: [], validation: [] };
  for (const [index, { data }] of events.entries()) {
    const { name, value, step = index } = data as { name: string; value: number; step?: number };
    const series = seriesOf(name);
    if (series !== undefined && Number.isFinite(value)) lines[series].push([step, value]);
  }
  const lastOf = (line: readonly Point[]) => (line.length === 0 ? "" : figureText(line.at(-1)![1]));
  const last = { training: lastOf(lines.training), validation: lastOf(lines.validation) };
  const label = interpolate(gettext("Loss by round: training %(training)s, validation %(validation)s."), {
    training: last.training || gettext("none yet"),
    validation: last.validation || gettext("none yet"),
  });
  const drawn = Object.values(lines).some((line) => line.length > 1);
  return { ...chartPaths(lines), metric: "loss", last, label, drawn };
}

/** A line of the event stream, as the page's script reads it. */
export function toldBy(kind: RunNews["kind"], data: Record<string, any>): unknown {
  if (kind === "state") return { state: data["state"], final: isFinished(data["state"]) };
  if (kind === "progress")
    return { progress: data["done"] / Math.max(1, data["total"]), note: roundText(data["done"], data["total"]) };
  if (kind === "log") return { text: data["text"] };
  const series = seriesOf(data["name"]);
  return series === undefined ? undefined : { series, step: data["step"], value: data["value"] };
}
