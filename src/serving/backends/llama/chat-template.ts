import type { ChatWrapper, LlamaModel, LlamaPackage } from "./llama-packages.ts";

/** The most letters of why a template cannot be used. */
const MOST_LETTERS = 300;

/**
 * What writes conversations for a model: its own template, else the form that its name or kind is known by, which is said in
 * a line.
 */
export function chatWrapper({ library, model, name }: { library: LlamaPackage; model: LlamaModel; name: string }): ChatWrapper {
  try {
    return library.resolveChatWrapper(model, { fallbackToOtherWrappersOnJinjaError: false });
  } catch (error) {
    const wrapper = library.resolveChatWrapper(model, { noJinja: true });
    const form = `the form "${wrapper.wrapperName}" instead, which the model may not have learned`;
    console.error(`The chat template of ${name} cannot be used: ${reasonOf(error as Error)}. Conversations take ${form}.`);
    return wrapper;
  }
}

/** What is wrong with a template, in one line and without what the package says around it. */
function reasonOf({ message }: Error): string {
  const [, told = message] = /sanity test: (?:\w*Error: )?(.*?)\.? Inspect the Jinja template/s.exec(message) ?? [];
  const line = told
    .replaceAll(/\s+/g, " ")
    .replace(/^Jinja renderer failed\. /, "")
    // It tries two renderers, and tells of both.
    .replace(/\. AddonJinjaRenderer: .*/, "")
    .trim();
  return line.length > MOST_LETTERS ? `${line.slice(0, MOST_LETTERS)}…` : line.replace(/\.$/, "");
}
