import { library, simpleTag, type TagParser } from "../../../src/templates/index.ts";
import { templatesErrors } from "../../../src/templates/errors.ts";

/** Prints what stands in its tag. */
const echoTag: TagParser = (_, token) => {
  const text = token.contents.split(/\s+/).slice(1).join(" ").replace(/^"(.*)"$/, "$1"); // prettier-ignore
  return { compile: (compiler) => compiler.writeText(text) };
};

const failing: TagParser = () => {
  throw new Error("I am a bad tag");
};

const failingWhenRendered: TagParser = (parser, token) => {
  parser.parseUntil(token, "endbadtag");
  const fail = () => {
    throw templatesErrors.TEMPLATES_BAD_SYNTAX({ problem: "error" });
  };
  return { compile: (compiler) => compiler.emit(`${compiler.constant(fail)}();`) };
};

export const testTags = library({
  tags: { echo: echoTag, other_echo: echoTag },
  filters: { upper: (value: string) => value.toUpperCase() },
});
export const echoLibrary = library({ tags: { echo2: echoTag } });
export const badTagLibrary = library({
  tags: {
    badtag: failing,
    badsimpletag: simpleTag(() => {
      throw new Error("I am a bad simpletag");
    }),
  },
});
export const failingLibrary = library({ tags: { badtag: failingWhenRendered } });
