import { handlerPermission } from "#auth";
import type { HttpRequest } from "#http";
import { gettext, interpolate } from "#kernel/i18n";
import { Prediction } from "#registry";
import type { ModelInfo } from "#serving";
import { countText, timeHtml } from "../words.ts";

const shownPredictions = 10;
const longest = 90;

/** The newest recorded predictions of a model with the right answers, for who may manage it; nothing where none is recorded. */
export async function recordedPredictions(request: HttpRequest, { name, handler }: ModelInfo) {
  const isRecorded = request.services.predictions !== undefined && Boolean(handler?.options.record);
  if (!isRecorded || !(await request.user.hasPermission(handlerPermission(name, "manage")))) return {};
  const recorded = Prediction.objects.filter({ model: name });
  const rows = await recorded.slice(0, shownPredictions);
  const [count, given] = [await recorded.count(), await recorded.filter({ given: { isNull: false } }).count()];
  const counts = { count: countText(count), given: countText(given) };
  return {
    recorded: rows.map(lineOf),
    recordedNote: interpolate(gettext("%(count)s recorded, %(given)s of them with a right answer."), counts),
  };
}

function lineOf({ version, items, answers, rightAnswers, givenBy, created }: Prediction) {
  return {
    when: timeHtml(created),
    version,
    items: textOf(items),
    answers: textOf(answers, shortened),
    rightAnswers: rightAnswers === null ? "" : textOf(rightAnswers),
    by: givenBy,
  };
}

/** One item as itself, several as a list; cut where it is long. */
function textOf(values: readonly unknown[], replacer?: (name: string, value: unknown) => unknown): string {
  const text = JSON.stringify(values.length === 1 ? values[0] : values, replacer);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** A model's number has four digits that count, as elsewhere on its page. */
function shortened(_name: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}
