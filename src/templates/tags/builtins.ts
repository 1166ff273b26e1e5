import type { TagParser } from "../library.ts";
import { attrsTag } from "./attrs.ts";
import { autoescapeTag } from "./autoescape.ts";
import { componentTag } from "./component.ts";
import { cspNonceAttrTag } from "./csp-nonce.ts";
import { csrfTokenTag } from "./csrf-token.ts";
import { cycleTag, resetcycleTag } from "./cycle.ts";
import { debugTag } from "./debug.ts";
import { blockTag, extendsTag } from "./extends.ts";
import { filterTag } from "./filter.ts";
import { firstofTag } from "./firstof.ts";
import { forTag } from "./for.ts";
import { ifTag } from "./if.ts";
import { ifchangedTag } from "./ifchanged.ts";
import { includeTag } from "./include.ts";
import { loadTag } from "./load.ts";
import { loremTag } from "./lorem.ts";
import { nowTag } from "./now.ts";
import { partialdefTag, partialTag } from "./partial.ts";
import { propsTag } from "./props.ts";
import { querystringTag } from "./querystring.ts";
import { regroupTag } from "./regroup.ts";
import { slotTag } from "./slot.ts";
import { commentTag, spacelessTag, templatetagTag, verbatimTag } from "./text.ts";
import { urlTag } from "./url.ts";
import { widthratioTag } from "./widthratio.ts";
import { withTag } from "./with.ts";

/** The tags of the language itself. */
export const builtinTags: Readonly<Record<string, TagParser>> = {
  attrs: attrsTag,
  autoescape: autoescapeTag,
  block: blockTag,
  comment: commentTag,
  component: componentTag,
  csp_nonce_attr: cspNonceAttrTag,
  csrf_token: csrfTokenTag,
  cycle: cycleTag,
  debug: debugTag,
  extends: extendsTag,
  filter: filterTag,
  firstof: firstofTag,
  for: forTag,
  if: ifTag,
  ifchanged: ifchangedTag,
  include: includeTag,
  load: loadTag,
  lorem: loremTag,
  now: nowTag,
  partial: partialTag,
  partialdef: partialdefTag,
  props: propsTag,
  querystring: querystringTag,
  regroup: regroupTag,
  resetcycle: resetcycleTag,
  slot: slotTag,
  spaceless: spacelessTag,
  templatetag: templatetagTag,
  url: urlTag,
  verbatim: verbatimTag,
  widthratio: widthratioTag,
  with: withTag,
};
