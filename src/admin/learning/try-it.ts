import { type BaseForm, Form } from "#forms";
import { HttpError, type HttpRequest } from "#http";
import { CortadoError } from "#kernel";
import { gettext } from "#kernel/i18n";
import { jsonSafe, type ModelInfo } from "#serving";
import { predictionFields } from "#views";
import { capitalise, figureText } from "../words.ts";
import { mayUse } from "./models.ts";

/** The try-it card of a model's page: its form, and after a prediction the answer or what was wrong. */
export interface TryIt {
  tryForm?: BaseForm;
  tryReason?: string;
  tryProblem?: string;
  answer?: Answer;
}

interface Answer {
  lines: { label: string; value: string }[];
  bars: { label: string; value: number; text: string }[];
  version: string;
  time: string;
}

const mostBars = 12;
const longest = 400;

export async function tryItOf(request: HttpRequest, model: ModelInfo): Promise<TryIt> {
  if (!(await mayUse(request.user, model, "predict"))) return { tryReason: gettext("You may not ask this model.") };
  if (model.versions.length === 0) return { tryReason: gettext("There is no version to ask yet.") };
  const fields = predictionFields(model);
  if (fields === undefined) return {};
  const TryForm = Form(fields);
  const tryForm = new TryForm({
    autoId: "try_%s",
    labelSuffix: "",
    ...(request.method === "POST" && { data: (await request.form()).data }),
  });
  if (!(await tryForm.isValid())) return { tryForm };
  try {
    return { tryForm, answer: await ask(request, model, tryForm.cleanedData) };
  } catch (error) {
    if (!(error instanceof CortadoError) || (error instanceof HttpError && error.status >= 500)) throw error;
    return { tryForm, tryProblem: [error.message, error.hint].filter(Boolean).join(" ") };
  }
}

async function ask(request: HttpRequest, model: ModelInfo, item: unknown): Promise<Answer> {
  const started = performance.now();
  const { outputs, version } = await request.services.models.predict(model.name, [item], { signal: request.signal });
  return { ...answerParts(outputs[0]), version, time: `${(performance.now() - started).toFixed(1)} ms` };
}

/** An answer as lines, and what looks like probabilities as bars. */
function answerParts(output: unknown): Pick<Answer, "lines" | "bars"> {
  if (!isRecord(output)) return { lines: [{ label: gettext("Answer"), value: textOf(output) }], bars: [] };
  const lines: Answer["lines"] = [];
  const bars: Answer["bars"] = [];
  for (const [name, value] of Object.entries(output)) {
    const shares = sharesOf(value);
    if (shares === undefined) lines.push({ label: capitalise(name), value: textOf(value) });
    else bars.push(...shares.map(([label, share]) => ({ label, value: share, text: share.toFixed(3) })));
  }
  return { lines, bars: bars.slice(0, mostBars) };
}

/** Numbers from 0 to 1 that make about 1 together, greatest first. */
function sharesOf(value: unknown): [string, number][] | undefined {
  const entries = Array.isArray(value) || isRecord(value) ? Object.entries(value) : [];
  const isShare = (entry: [string, unknown]): entry is [string, number] =>
    typeof entry[1] === "number" && entry[1] >= 0 && entry[1] <= 1.001;
  if (entries.length < 2 || !entries.every(isShare)) return undefined;
  const sum = entries.reduce((total, [, share]) => total + share, 0);
  return Math.abs(sum - 1) < 0.02 ? entries.sort(([, a], [, b]) => b - a) : undefined;
}

function textOf(value: unknown): string {
  if (typeof value === "number") return figureText(value);
  if (typeof value === "string") return value;
  const text = JSON.stringify(jsonSafe(value)) ?? "nothing";
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
