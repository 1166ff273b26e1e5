import type { Services } from "#kernel";
import { gettext, interpolate } from "#kernel/i18n";
import type { ModelInfo, TensorSpec, VersionInfo } from "#serving";
import { countText, sizeText } from "../words.ts";
import { defaultVersion } from "./models.ts";

/** A line of the card that says what a model is. */
interface AboutLine {
  readonly label: string;
  readonly texts: readonly string[];
  /** True for what is written in code's face. */
  readonly isCode?: boolean;
}

/** What a model takes and gives, who may ask it, and how it is run; a line each, those that are known. */
export function aboutLines(services: Services, model: ModelInfo): AboutLine[] {
  const version = services.models.versions(model.name).find((each) => each.version === defaultVersion(model));
  const { inputs = [], outputs = [] } = model.signature ?? {};
  const lines: AboutLine[] = [
    { label: gettext("Takes"), texts: inputs.map(tensorText), isCode: true },
    { label: gettext("Gives"), texts: outputs.map(tensorText), isCode: true },
    { label: gettext("Who may ask"), texts: [accessText(model)] },
    { label: gettext("Instances"), texts: [countText(model.limits.instances)] },
    { label: gettext("Batches"), texts: batchTexts(version) },
    { label: gettext("Deadline"), texts: [`${countText(model.limits.deadline)} ms`] },
    { label: gettext("Memory"), texts: version?.memory ? [sizeText(version.memory)] : [] },
  ];
  return lines.filter(({ texts }) => texts.length > 0);
}

function tensorText({ name, datatype, shape }: TensorSpec): string {
  return `${name} ${datatype} [${shape.join(", ")}]`;
}

function accessText(model: ModelInfo): string {
  return model.access === "public" ? gettext("everyone") : gettext("who has the permission");
}

function batchTexts(version: VersionInfo | undefined): string[] {
  if (version?.batching === undefined) return [];
  const { enabled, maxSize } = version.batching;
  return [enabled ? interpolate(gettext("up to %(count)s together"), { count: countText(maxSize) }) : gettext("one at a time")];
}
