import { eventStream, HttpError, type HttpRequest, json, type ServerEvent, type View } from "#http";
import {
  cancelRun,
  describeRun,
  eventNumber,
  requireRun,
  resumeRun,
  Run,
  runEvents,
  type RunEventsOptions,
  runStates,
  startRun,
} from "#registry";
import { type Authorizer, authorizerOf, type ModelAction, type ModelInfo } from "#serving";
import { isObject, readObject } from "./api-view.ts";
import { apiErrors } from "./errors.ts";
import { authorOf, projectAuthorizer } from "./project-authorizer.ts";

const trainExample = '{"parameters": {"rounds": 50}}';
/** How many runs a list has. */
const listSize = 100;

function allow(request: HttpRequest, action: ModelAction, model: string): void | Promise<void> {
  const authorizer: Authorizer = authorizerOf(request, { authorizer: projectAuthorizer });
  return authorizer.authorize(request, action, infoOf(request, model));
}

/** A run may outlive its model. */
function infoOf(request: HttpRequest, name: string): ModelInfo | undefined {
  return request.services.models.list().find((model) => model.name === name);
}

/** Queues a run of a model. 202, with its address. */
export const train: View<{ name: string }> = async (request, { name }) => {
  request.services.models.describe(name);
  await allow(request, "train", name);
  const { parameters = {} } = await readObject(request, ["parameters"], trainExample);
  if (!isObject(parameters)) {
    throw HttpError.from(
      400,
      apiErrors.API_BAD_BODY({ problem: 'has "parameters" that are not an object', example: trainExample }),
    );
  }
  const run = await startRun(request.services, name, parameters, { user: await authorOf(request) });
  const location = request.path.replace(/models\/[^/]+\/train\/?$/, `runs/${run.id}`);
  return json(describeRun(run), { status: 202, headers: { location } });
};

/** The newest runs of the models that the caller may train; `?model=` and `?state=` choose among them. */
export const listRuns: View = async (request) => {
  const wanted = { model: request.query.get("model"), state: request.query.get("state") };
  if (wanted.state && !(wanted.state in runStates)) {
    const known = Object.keys(runStates);
    throw HttpError.from(400, apiErrors.API_BAD_QUERY({ name: "state", value: wanted.state, known }));
  }
  const filters = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined && value !== null));
  const models = await trainableModels(request);
  const runs = await Run.objects
    .filter({ ...filters, model: { in: filters["model"] ? models.filter((name) => name === filters["model"]) : models } })
    .orderBy("-id")
    .slice(0, listSize);
  return json({ runs: runs.map(describeRun) });
};

/** @throws HttpError 401 or 403 for who may train none */
async function trainableModels(request: HttpRequest): Promise<string[]> {
  const allowed: string[] = [];
  let refusal: unknown;
  for (const { name } of request.services.models.list()) {
    try {
      await allow(request, "train", name);
      allowed.push(name);
    } catch (error) {
      if (!(error instanceof HttpError) || error.status >= 500) throw error;
      refusal = error;
    }
  }
  if (allowed.length === 0 && refusal) throw refusal;
  return allowed;
}

/** A run that the caller may see. Who may train nothing is not told which there are. */
async function allowedRun(request: HttpRequest, id: number): Promise<Run> {
  const run = await requireRun(id).catch(async (error: unknown) => {
    await trainableModels(request);
    throw error;
  });
  await allow(request, "train", run.model);
  return run;
}

/** A run, or the stream of what it tells for who accepts `text/event-stream`. */
export const showRun: View<{ id: number }> = async (request, { id }) => {
  const run = await allowedRun(request, id);
  if (!request.headers.accept?.includes("text/event-stream")) return json(describeRun(run));
  return eventStream(request, ({ lastEventId, signal }) => newsOf(id, { after: eventNumber(lastEventId), signal }));
};

async function* newsOf(run: number, options: RunEventsOptions): AsyncGenerator<ServerEvent> {
  for await (const { id, kind, data } of runEvents(run, options)) yield { id, event: kind, data };
}

/** Asks a run to stop. */
export const cancel: View<{ id: number }> = async (request, { id }) => {
  await allowedRun(request, id);
  return json(describeRun(await cancelRun(request.services, id)), { status: 202 });
};

/** Goes on with a run that failed or was interrupted. */
export const resume: View<{ id: number }> = async (request, { id }) => {
  await allowedRun(request, id);
  return json(describeRun(await resumeRun(request.services, id)), { status: 202 });
};
