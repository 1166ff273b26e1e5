import { eventStream, type HttpRequest, type HttpResponse, notFound, redirectTo, type ServerEvent } from "#http";
import { gettext, interpolate } from "#kernel/i18n";
import { cancelRun, eventNumber, Run, RunEvent, runEvents, type RunEventsOptions } from "#registry";
import { Addresses } from "../addresses.ts";
import { renderPage } from "../page.ts";
import { demandUse, explained, requireModel } from "./model-pages.ts";
import { mayUse, visibleModels } from "./models.ts";
import { runCard, runLine, toldBy } from "./run-views.ts";

const runsShown = 100;
const logLines = 1_000;

/** The newest runs of the models that the user may see. */
export async function runsPage(request: HttpRequest): Promise<HttpResponse> {
  const to = new Addresses();
  const names = (await visibleModels(request.services, request.user)).map((model) => model.name);
  const runs: Run[] =
    request.services.runs === undefined ? [] : await Run.objects.filter({ model: { in: names } }).slice(0, runsShown);
  return renderPage(request, "admin/runs.html", { title: gettext("Runs"), runs: runs.map((run) => runLine(run, to)) });
}

/** One run: its chart, what it was told, its log. */
export async function runPage(request: HttpRequest, id: number): Promise<HttpResponse> {
  const run = await requireRun(request, id);
  const to = new Addresses();
  const mayTrain = await mayUse(request.user, await requireModel(request, run.model), "train");
  const events = await RunEvent.objects.filter({ runId: id, kind: "log" }).slice(0, logLines);
  const card = await runCard(run, to, mayTrain);
  return renderPage(request, "admin/run.html", {
    title: interpolate(gettext("Run %(id)s"), { id }),
    crumbs: [
      { label: gettext("Models"), url: to.models },
      { label: run.model, url: to.model(run.model) },
    ],
    run: card,
    log: card.live ? [] : events.map((event) => (event.data as { text: string }).text),
  });
}

/** A run's events as they come; resumed from `Last-Event-ID`. */
export async function runEventStream(request: HttpRequest, id: number): Promise<HttpResponse> {
  await requireRun(request, id);
  return eventStream(request, ({ lastEventId, signal }) => toldOf(id, { after: eventNumber(lastEventId), signal }));
}

async function* toldOf(run: number, options: RunEventsOptions): AsyncGenerator<ServerEvent> {
  for await (const { id, kind, data } of runEvents(run, options)) {
    const told = toldBy(kind, data);
    if (told !== undefined) yield { id, event: kind, data: told };
  }
}

export async function cancelRunView(request: HttpRequest, id: number): Promise<HttpResponse> {
  const run = await requireRun(request, id);
  await demandUse(request, await requireModel(request, run.model), "train");
  await explained(request, async () => {
    await cancelRun(request.services, id);
    request.messages.info(interpolate(gettext("Run %(id)s is being cancelled."), { id }));
  });
  return redirectTo(new Addresses().model(run.model));
}

/** A run of a model that the user may see. @throws HttpError 404, NotAllowed */
async function requireRun(request: HttpRequest, id: number): Promise<Run> {
  const run: Run | null = request.services.runs === undefined ? null : await Run.objects.filter({ id }).first();
  if (run === null) notFound(interpolate(gettext("There is no run %(id)s."), { id }));
  await requireModel(request, run.model);
  return run;
}
