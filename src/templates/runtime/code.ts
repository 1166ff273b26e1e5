/** What compiled templates call. Every name here is a name in their code. */
export { escapeHtml } from "../safe-string.ts";
export { compare, truthy } from "./compare.ts";
export { hasAttributes, isPending, member, present, WAIT } from "./lookup.ts";
export { ForLoop, loopItems, unpack } from "./loop.ts";
export { located, print, type Render } from "./render.ts";
export { block, blockSuper, extend, include, partial } from "./inheritance.ts";
export { child, ContextName, contextName, type Scope } from "./scope.ts";
export { shownNumber } from "./local-numbers.ts";
export { literalText, literalValue } from "./literal.ts";
