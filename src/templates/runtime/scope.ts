import type { Place } from "../template-error.ts";
import { called, camelCase } from "./lookup.ts";
import type { Render } from "./render.ts";

/** Names bound in a template; its prototype holds the names around it, and the outermost has none. */
export type Scope = Record<string, unknown>;

/** A scope inside another. */
export function child(scope: Scope | null): Scope {
  return Object.create(scope) as Scope;
}

/** A name as it stands in a template: with what else it may be called, and where to report that it is missing. */
export class ContextName {
  readonly name: string;
  readonly camelCase: string;
  readonly place: Place | undefined;

  constructor(name: string, place?: Place) {
    this.name = name;
    this.camelCase = camelCase(name);
    this.place = place;
  }
}

/** The value of a name: bound in the template, given to the render, or global. Missing names are undefined. */
export function contextName(render: Render, scope: Scope, { name, camelCase: camel, place }: ContextName): unknown {
  const found = findName(render, scope, name);
  if (found !== undefined) return found;
  const other = camel === name ? undefined : findName(render, scope, camel);
  if (
    other === undefined &&
    place &&
    render.host.onMissingName &&
    !hasName(render, scope, name) &&
    !hasName(render, scope, camel)
  )
    render.host.onMissingName(name, place, () => Object.keys(contextSnapshot(render, scope)));
  return other;
}

/** What a name stands for, not called where it is a function. */
export function nameAsItStands(render: Render, scope: Scope, name: string): unknown {
  if (name in scope) return scope[name];
  if (Object.hasOwn(render.context, name)) return render.context[name];
  return Object.hasOwn(render.host.globals, name) ? render.host.globals[name] : undefined;
}

/** Whether a name is there at all, be its value undefined. */
function hasName(render: Render, scope: Scope, name: string): boolean {
  return name in scope || Object.hasOwn(render.context, name) || Object.hasOwn(render.host.globals, name);
}

function findName(render: Render, scope: Scope, name: string): unknown {
  if (name in scope) return valueOf(scope, name);
  if (Object.hasOwn(render.context, name)) return valueOf(render.context, name);
  if (Object.hasOwn(render.host.globals, name)) return valueOf(render.host.globals, name);
  return undefined;
}

function valueOf(owner: Record<string, unknown>, name: string): unknown {
  const value = owner[name];
  return typeof value === "function" ? called(owner, value, "") : value;
}

/** A scope with the names that are bound now: for code that runs while the template goes on. */
export function namesSeen(scope: Scope): Scope {
  const all = child(null);
  for (const name in scope) all[name] = scope[name];
  return all;
}

/** Every name that can be seen from a scope, with its value as it stands. */
export function flatten(render: Render, scope: Scope): Record<string, unknown> {
  const all: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  Object.assign(all, render.host.globals, render.context);
  for (const name in scope) all[name] = scope[name];
  return all;
}

/** As `flatten`, for a report of an error: getters stay getters, so nothing of the context runs. */
export function contextSnapshot(render: Render, scope: Scope): Readonly<Record<string, unknown>> {
  const all = Object.create(null) as Record<string, unknown>;
  for (const names of [render.host.globals, render.context])
    Object.defineProperties(all, Object.getOwnPropertyDescriptors(names));
  for (const name in scope) {
    if (name !== "block")
      Object.defineProperty(all, name, { value: scope[name], enumerable: true, configurable: true, writable: true });
  }
  return all;
}
