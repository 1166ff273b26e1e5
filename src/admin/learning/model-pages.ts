import { type HttpRequest, type HttpResponse, notFound, redirectTo } from "#http";
import { CortadoError } from "#kernel";
import { gettext, interpolate } from "#kernel/i18n";
import { isFinished, Run, startRun } from "#registry";
import type { ModelInfo } from "#serving";
import { Addresses } from "../addresses.ts";
import { keep } from "../history.ts";
import { renderPage } from "../page.ts";
import { NotAllowed } from "../permissions.ts";
import { countText, figureText } from "../words.ts";
import { defaultVersion, mayUse, stateOf, toneOf, visibleModels } from "./models.ts";
import { aboutLines } from "./about-lines.ts";
import { recordedPredictions } from "./recorded-predictions.ts";
import { splitLines } from "./split-lines.ts";
import { metricLines, runCard, runLine } from "./run-views.ts";
import { tryItOf } from "./try-it.ts";
import { uploadForm } from "./upload-form.ts";
import { versionTable } from "./version-views.ts";

const runsShown = 10;

/** The list of machine-learning models. */
export async function modelsPage(request: HttpRequest): Promise<HttpResponse> {
  const to = new Addresses();
  const models = await visibleModels(request.services, request.user);
  return renderPage(request, "admin/models.html", {
    title: gettext("Models"),
    models: await Promise.all(
      models.map(async (model) => {
        const [run] = await runsOf(request, model.name, 1);
        return {
          ...headOf(request, model),
          trainable: isTrainable(request, model),
          url: to.model(model.name),
          versionCount: model.versions.length,
          run: run && runLine(run, to),
        };
      }),
    ),
  });
}

/** One model: how good it is, its last run, a form to try it, its versions and runs. Posting asks the model. */
export async function modelPage(request: HttpRequest, name: string): Promise<HttpResponse> {
  const model = await requireModel(request, name);
  const to = new Addresses();
  const mayTrain = await mayUse(request.user, model, "train");
  const runs = await runsOf(request, name, runsShown);
  const shownRun = runs.find((run) => !isFinished(run.state)) ?? runs[0];
  return renderPage(request, "admin/model.html", {
    title: model.name,
    crumbs: [{ label: gettext("Models"), url: to.models }],
    model: headOf(request, model),
    cards: cardsOf(request, model),
    about: aboutLines(request.services, model),
    trainUrl: isTrainable(request, model) ? to.model(name, "train") : "",
    mayTrain,
    aliasUrl: to.model(name, "alias"),
    rollbackUrl: to.model(name, "rollback"),
    splits: splitLines(model),
    upload: uploadForm(request.services, model),
    run: shownRun && (await runCard(shownRun, to, mayTrain)),
    runs: runs.length > 1 ? runs.map((run) => runLine(run, to)) : [],
    ...(await versionTable(request, model, to)),
    ...(await recordedPredictions(request, model)),
    ...(await tryItOf(request, model)),
  });
}

/** The Train button: starts a run and shows it. */
export async function trainModel(request: HttpRequest, name: string): Promise<HttpResponse> {
  const model = await requireModel(request, name);
  await demandUse(request, model, "train");
  const to = new Addresses();
  await explained(request, async () => {
    const run = await startRun(request.services, name, {}, { user: request.user });
    await keepDeed(request, name, `Started run ${run.id}.`);
    request.messages.success(interpolate(gettext("Run %(id)s has started."), { id: run.id }));
  });
  return redirectTo(to.model(name));
}

/** Promotes a version, or rolls back to one: the alias moves when the version has loaded. */
export async function moveAlias(request: HttpRequest, name: string): Promise<HttpResponse> {
  const model = await requireModel(request, name);
  await demandUse(request, model, "manage");
  const { data } = await request.form();
  const [alias, version] = [data.get("alias") ?? "default", data.get("version") ?? ""];
  await explained(request, async () => {
    await request.services.models.setAlias(name, alias, { version });
    await keepDeed(request, name, `Pointed ${alias} at version ${version}.`);
    request.messages.success(
      interpolate(gettext("%(name)s now answers “%(alias)s” with version %(version)s."), { name, alias, version }),
    );
  });
  return redirectTo(new Addresses().model(name));
}

/** Takes `default` back: ends its canary, or points it at the version before. */
export async function rollBack(request: HttpRequest, name: string): Promise<HttpResponse> {
  const model = await requireModel(request, name);
  await demandUse(request, model, "manage");
  await explained(request, async () => {
    const { version } = await request.services.models.rollBack(name);
    await keepDeed(request, name, `Rolled default back to version ${version}.`);
    request.messages.success(
      interpolate(gettext("%(name)s now answers “%(alias)s” with version %(version)s."), { name, alias: "default", version }),
    );
  });
  return redirectTo(new Addresses().model(name));
}

/** A model that the user may see. @throws HttpError 404, NotAllowed */
export async function requireModel(request: HttpRequest, name: string): Promise<ModelInfo> {
  const model = request.services.models?.list().find((each) => each.name === name);
  if (model === undefined) notFound(interpolate(gettext("There is no model called “%(name)s”."), { name }));
  const seen = await visibleModels(request.services, request.user);
  if (!seen.some((each) => each.name === name))
    throw new NotAllowed(interpolate(gettext("You may not see the model %(name)s."), { name }));
  return model;
}

export async function demandUse(request: HttpRequest, model: ModelInfo, action: "train" | "manage"): Promise<void> {
  if (await mayUse(request.user, model, action)) return;
  const refusal =
    action === "train"
      ? gettext("You may not train %(name)s. Ask whoever gives out permissions.")
      : gettext("You may not manage %(name)s. Ask whoever gives out permissions.");
  throw new NotAllowed(interpolate(refusal, { name: model.name }));
}

/** What the model layer refuses becomes a message on the page one came from. */
export async function explained(request: HttpRequest, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof CortadoError)) throw error;
    request.messages.error([error.message, error.hint].filter(Boolean).join(" "));
  }
}

/** Writes down what somebody did to a model. */
export function keepDeed(request: HttpRequest, name: string, note: string): Promise<void> {
  return keep(request, { modelKey: "models", objectId: name, objectText: name, action: "run", changes: [], note });
}

function headOf(request: HttpRequest, model: ModelInfo) {
  const state = stateOf(request.services.models, model);
  return {
    name: model.name,
    description: model.description ?? "",
    runtime: model.runtime ?? "",
    state: gettext(state),
    tone: toneOf(state),
    version: defaultVersion(model),
  };
}

function isTrainable(request: HttpRequest, model: ModelInfo): boolean {
  return request.services.runs !== undefined && model.handler?.options.train !== undefined;
}

/** The figures over everything else: the default version's metrics, and what it has answered. */
function cardsOf(request: HttpRequest, model: ModelInfo) {
  const version = defaultVersion(model);
  const info = request.services.models.versions(model.name).find((each) => each.version === version);
  if (info === undefined) return [];
  const metrics = metricLines(info.metrics)
    .slice(0, 2)
    .map(({ label, value }) => ({ label, value, note: interpolate(gettext("version %(version)s"), { version }) }));
  const { success, fail, cancelled, computeInfer } = info.statistics;
  const failed = fail.count - cancelled;
  const answers = {
    label: gettext("Answers since the start"),
    value: countText(success.count),
    note: failed === 0 ? gettext("none failed") : interpolate(gettext("%(count)s failed"), { count: countText(failed) }),
  };
  if (computeInfer.count === 0) return [...metrics, answers];
  const mean = `${figureText(computeInfer.milliseconds / computeInfer.count)} ms`;
  return [...metrics, answers, { label: gettext("Time to answer"), value: mean, note: gettext("mean of the model's own time") }];
}

async function runsOf(request: HttpRequest, model: string, most: number): Promise<Run[]> {
  if (request.services.runs === undefined) return [];
  return Run.objects.filter({ model }).slice(0, most);
}
