import { Signal } from "#kernel";
import type { HttpRequest } from "./request.ts";
import type { HttpResponse } from "./response.ts";

/** A request begins. Its receivers are awaited; what they throw is passed over. */
export const requestStarted = new Signal<{ readonly request: HttpRequest }>();

/** A request's answer is on its way. */
export const requestFinished = new Signal<{ readonly request: HttpRequest; readonly response: HttpResponse }>();

/**
 * A view or a middleware threw what becomes an answer of 500 or above.
 *
 * ```ts
 * gotRequestException.connect(({ request, error }) => console.error(request.path, error));
 * ```
 */
export const gotRequestException = new Signal<{ readonly request: HttpRequest; readonly error: unknown }>();
