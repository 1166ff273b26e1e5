import type { TagParser } from "../library.ts";
import { autoescapeTag } from "./autoescape.ts";
import { csrfTokenTag } from "./csrf-token.ts";
import { blockTag, extendsTag } from "./extends.ts";
import { forTag } from "./for.ts";
import { ifTag } from "./if.ts";
import { includeTag } from "./include.ts";
import { loadTag } from "./load.ts";
import { partialdefTag, partialTag } from "./partial.ts";
import { commentTag, spacelessTag, templatetagTag, verbatimTag } from "./text.ts";
import { urlTag } from "./url.ts";
import { withTag } from "./with.ts";

/** The tags of the language itself. */
export const builtinTags: Readonly<Record<string, TagParser>> = {
  autoescape: autoescapeTag,
  block: blockTag,
  comment: commentTag,
  csrf_token: csrfTokenTag,
  extends: extendsTag,
  for: forTag,
  if: ifTag,
  include: includeTag,
  load: loadTag,
  partial: partialTag,
  partialdef: partialdefTag,
  spaceless: spacelessTag,
  templatetag: templatetagTag,
  url: urlTag,
  verbatim: verbatimTag,
  with: withTag,
};
