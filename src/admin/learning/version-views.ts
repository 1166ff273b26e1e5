import { handlerPermission } from "#auth";
import type { HttpRequest } from "#http";
import { gettext, gettextNoop, interpolate } from "#kernel/i18n";
import { ModelVersion } from "#registry";
import type { ModelInfo, VersionInfo } from "#serving";
import type { Addresses } from "../addresses.ts";
import { countText, figureText, sizeText, timeHtml } from "../words.ts";
import { manifestOf, sizeOf } from "./manifests.ts";
import { toneOf } from "./models.ts";
import { metricLabel, shownMetrics } from "./run-views.ts";

const mostMetrics = 3;
const mostRefused = 3;

/** The table of a model's versions: what they are called, where they come from, how good they are. */
export async function versionTable(request: HttpRequest, model: ModelInfo, to: Addresses) {
  const versions = await Promise.all(
    request.services.models.versions(model.name).map((version) => withManifest(request, model, version)),
  );
  const names = new Set(versions.flatMap((version) => Object.keys(version.metrics ?? {})));
  const shown = shownMetrics([...names]).slice(0, mostMetrics);
  const rows = await rowsOf(request, model.name);
  const origins = new Map(rows.map((row) => [String(row.version), row.origin]));
  const current = model.aliases["default"];
  return {
    metricNames: shown.map(metricLabel),
    versions: versions.map((version) => ({
      ...versionLine(version, model),
      ...originLine(origins.get(version.version), to),
      metrics: shown.map((name) => (version.metrics?.[name] === undefined ? "" : figureText(version.metrics[name]))),
      promotable: version.version !== current && version.state !== "failed",
      deleteUrl: isDeletable(version, model) ? to.model(model.name, `versions/${version.version}/delete`) : "",
    })),
    refused: refusedLines(rows, model.versions[0]),
    rollback: request.services.models.earlierTarget(model.name)?.version,
    hasCanary: model.targets["default"]?.canary !== undefined,
    mayManage: await request.user.hasPermission(handlerPermission(model.name, "manage")),
  };
}

/** A version as its manifest describes it, which is there also while the version is not loaded. */
type DescribedVersion = VersionInfo & { readonly isOwn: boolean; readonly size: string; readonly rows: string };

async function withManifest(request: HttpRequest, model: ModelInfo, version: VersionInfo): Promise<DescribedVersion> {
  const manifest = await manifestOf(request.services, model.name, version.version);
  if (manifest === undefined) return { ...version, isOwn: false, size: "", rows: "" };
  const rows = manifest.dataset?.rows;
  return {
    ...version,
    isOwn: true,
    created: version.created ?? manifest.created,
    metrics: version.metrics ?? manifest.metrics,
    size: sizeText(sizeOf(manifest)),
    rows: rows === undefined ? "" : countText(rows),
  };
}

function versionLine(version: DescribedVersion, model: ModelInfo) {
  const aliases = Object.entries(model.aliases).filter(([, target]) => target === version.version);
  return {
    version: version.version,
    aliases: aliases.map(([alias]) => alias),
    state: gettext(stateNames[version.state]),
    roles: rolesOf(version.version, model),
    tone: toneOf(version.state),
    size: version.size,
    rows: version.rows,
    problem: version.error ?? "",
    answers: version.statistics.success.count,
    made: version.created === undefined ? "" : timeHtml(new Date(version.created)),
  };
}

function originLine(origin: string | undefined, to: Addresses) {
  const run = runOf(origin);
  return { from: originText(origin), run, runUrl: run === undefined ? "" : to.run(run) };
}

function originText(origin: string | undefined): string {
  if (origin === undefined) return gettext("its source");
  const run = runOf(origin);
  if (run !== undefined) return interpolate(gettext("run %(id)s"), { id: run });
  const name = /^upload by (.*)$/.exec(origin)?.[1];
  return name === undefined ? origin : interpolate(gettext("upload by %(name)s"), { name });
}

/** The run that a version came from. */
function runOf(origin = ""): string | undefined {
  return /^run (\d+)$/.exec(origin)?.[1];
}

const stateNames: Readonly<Record<VersionInfo["state"], string>> = {
  unloaded: gettextNoop("not loaded"),
  loading: gettextNoop("loading"),
  ready: gettextNoop("ready"),
  unloading: gettextNoop("being let go"),
  failed: gettextNoop("failed"),
};

/** True for one that was trained or uploaded, and that no alias holds. */
function isDeletable({ isOwn, version }: DescribedVersion, model: ModelInfo): boolean {
  return isOwn && !Object.values(model.aliases).includes(version) && rolesOf(version, model).length === 0;
}

/** What a version is for aliases that name another. */
function rolesOf(version: string, model: ModelInfo): string[] {
  const targets = Object.values(model.targets);
  return [
    ...(targets.some(({ canary }) => canary?.version === version) ? [gettext("canary")] : []),
    ...(targets.some(({ shadow }) => shadow?.version === version) ? [gettext("shadow")] : []),
  ];
}

/** What the registry says of versions, newest first; nothing in a project without the registry. */
async function rowsOf(request: HttpRequest, model: string): Promise<ModelVersion[]> {
  if (request.services.runs === undefined) return [];
  return ModelVersion.objects.filter({ model });
}

/** What was uploaded or trained since the newest version that is there, and did not load. */
function refusedLines(rows: readonly ModelVersion[], newest: string | undefined) {
  const refused = rows.filter((row) => row.state === "failed" && row.version > Number(newest ?? 0));
  return refused.slice(0, mostRefused).map(({ origin, error, created }) => ({
    from: originText(origin),
    problem: error?.message ?? "",
    made: timeHtml(created),
  }));
}
