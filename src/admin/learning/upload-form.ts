import { uploadLimits } from "#http";
import type { Services } from "#kernel";
import { gettext, interpolate } from "#kernel/i18n";
import type { ModelInfo } from "#serving";
import { Addresses } from "../addresses.ts";
import { sizeText } from "../words.ts";

/** The form that makes a version of files; nothing where no file would make one. */
export function uploadForm(services: Services, model: ModelInfo) {
  if (services.runs === undefined || !readsFiles(model)) return undefined;
  const { maxFileSize } = uploadLimits(services.settings);
  const words = { size: sizeText(maxFileSize) };
  return {
    url: new Addresses().model(model.name, "upload"),
    maxFileSize,
    help: interpolate(gettext("The model's file and what it needs beside it, each of at most %(size)s."), words),
    tooLarge: interpolate(gettext("A file is larger than %(size)s."), words),
  };
}

/** A pipeline, and functions that set nothing up, have no use for files. */
function readsFiles({ handler }: ModelInfo): boolean {
  const { inference, stream, steps, initialize, source, train } = handler?.options ?? {};
  if (steps !== undefined) return false;
  return !(inference ?? stream) || Boolean(initialize ?? source ?? train);
}
