import { gettext, interpolate } from "#kernel/i18n";
import type { AliasTarget, ModelInfo, ShadowStatistics } from "#serving";
import { countText, figureText } from "../words.ts";

/** What is said of aliases with a canary or a shadow, a line each. */
export function splitLines(model: ModelInfo): string[] {
  return Object.entries(model.targets).flatMap(([alias, target]) => [
    ...canaryLines(alias, target),
    ...shadowLines(alias, target, model.shadows[alias]),
  ]);
}

function canaryLines(alias: string, { canary }: AliasTarget): string[] {
  if (canary === undefined) return [];
  const { version, percent, header, key } = canary;
  const words = { alias, version, percent: figureText(percent), header: header ?? "", key: key ?? "" };
  return [
    interpolate(gettext("“%(alias)s”: %(percent)s%% of the requests go to version %(version)s."), words),
    ...(key === undefined
      ? []
      : [interpolate(gettext("Requests with the same value in the header %(key)s go to the same version."), words)]),
    ...(header === undefined
      ? []
      : [interpolate(gettext("A request chooses by the header %(header)s: always or never."), words)]),
  ];
}

function shadowLines(alias: string, { shadow }: AliasTarget, statistics: ShadowStatistics | undefined): string[] {
  if (shadow === undefined) return [];
  const words = { alias, version: shadow.version };
  const asked = interpolate(gettext("“%(alias)s”: version %(version)s is asked too, and its answers are compared."), words);
  if (statistics?.version !== shadow.version) return [asked];
  const { agreed, differed, failed, skipped } = statistics;
  const counts = {
    agreed: countText(agreed),
    differed: countText(differed),
    failed: countText(failed),
    skipped: countText(skipped),
  };
  const compared = gettext("%(agreed)s agreed, %(differed)s differed, %(failed)s failed, %(skipped)s were left out.");
  return [asked, interpolate(compared, counts)];
}
