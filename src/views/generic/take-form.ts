import { type HttpRequest, HttpResponse, redirectTo } from "#http";
import { LazyText } from "#kernel/i18n";
import { viewsErrors } from "../errors.ts";
import { fillIn, fillInAddress } from "../placeholders.ts";
import type { HasAddress } from "../redirect.ts";
import { type Params, type Step, stepValue, type ViewCall } from "./view-call.ts";

/** The class of a form, as these views use it. */
export interface FormClass<F = any> {
  new (options?: any): F;
  from(request: HttpRequest, options?: any): Promise<any>;
}

/** A form, as these views use it. */
export interface ShownForm {
  readonly isBound: boolean;
  isValid(): Promise<boolean>;
  readonly cleanedData: any;
  readonly errors: object;
}

/** What the steps of a view with a form are told. */
export interface FormCall<F, P = Params> extends ViewCall<P> {
  readonly form: F;
}

/** What a step is told that stands in place of the view's own; `proceed()` does what the view does otherwise. */
export type Overriding<C> = C & { proceed(): Promise<HttpResponse> };

/** How a form is made, taken and answered; `C` is what the steps are told once there is a form, `Done` once it was taken. */
export interface TakingOptions<F, P, C, Done = C> {
  /** What the form shows at first. */
  initial?: Step<Readonly<Record<string, unknown>>, ViewCall<P>> | undefined;
  /** Put before every name of the form, for several forms in one page. */
  prefix?: string | undefined;
  /** Further options that the form is made with: `formOptions: ({ request }) => ({ user: request.user })`. */
  formOptions?: Step<Readonly<Record<string, unknown>>, ViewCall<P>> | undefined;
  /** Where to go afterwards: an address, in which `{id}` stands for a value of the row, `reverseLazy(…)`, or a function that gives one. */
  successUrl?: string | LazyText | ((call: Done) => string | HasAddress) | undefined;
  /** What the next page says: `"{name} is on the list."`, with the form's clean values and `{object}`. */
  successMessage?: string | LazyText | ((call: Done) => string | undefined) | undefined;
  /**
   * Called with a form whose values are accepted. What it returns is the answer where it is a response; otherwise the view
   * does what it does without it: saves, and goes on to `successUrl`.
   */
  formValid?: ((form: F, call: Overriding<C>) => unknown) | undefined;
  /** Called with a form whose values are refused; otherwise the page is shown again, with the errors. */
  formInvalid?: ((form: F, call: Overriding<C>) => unknown) | undefined;
}

/** What the form of a view is made with. */
export async function formInit<P>(
  call: ViewCall<P>,
  { initial, prefix, formOptions }: Pick<TakingOptions<any, P, any>, "initial" | "prefix" | "formOptions">,
): Promise<Record<string, unknown>> {
  const first = await stepValue(initial, call);
  return {
    ...(first === undefined ? {} : { initial: first }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(await stepValue(formOptions, call)),
  };
}

/** The form's three ways: shown, taken, refused. */
export async function takeForm<F extends ShownForm, C extends FormCall<F, any>>(
  call: C,
  options: Pick<TakingOptions<F, any, C>, "formValid" | "formInvalid">,
  ways: { show: () => Promise<HttpResponse>; accept: () => Promise<HttpResponse> },
): Promise<HttpResponse> {
  const { form } = call;
  if (!form.isBound) return ways.show();
  const isValid = await form.isValid();
  const [own, usual] = isValid ? [options.formValid, ways.accept] : [options.formInvalid, ways.show];
  let answer: Promise<HttpResponse> | undefined;
  const proceed = () => (answer ??= usual());
  const given = await own?.(form, { ...call, proceed });
  return given instanceof HttpResponse ? given : proceed();
}

type GoingOn<C> = Pick<TakingOptions<any, any, C>, "successUrl" | "successMessage">;
type Finished = FormCall<ShownForm, any> & { object?: any };

/** Says that all went well, and goes on. @throws VIEWS_NO_SUCCESS_URL, VIEWS_UNKNOWN_PLACEHOLDER */
export function goOn<C extends Finished>(view: string, call: C, options: GoingOn<C>): HttpResponse {
  const url = successAddress(view, call, options);
  announce(call, options);
  return redirectTo(url);
}

/** Leaves a message for the next page. */
export function announce<C extends Finished>(call: C, { successMessage }: GoingOn<C>): void {
  const { object, form, request } = call;
  if (successMessage === undefined) return;
  const values = () => ({ ...form.cleanedData, object });
  const text = typeof successMessage === "function" ? successMessage(call) : fillIn(String(successMessage), values());
  if (text) request.messages.success(text);
}

/** Where a form leads. @throws VIEWS_NO_SUCCESS_URL */
export function successAddress<C extends Finished>(view: string, call: C, { successUrl }: GoingOn<C>): string {
  if (typeof successUrl === "string") return fillInAddress(successUrl, call.object ?? {});
  if (successUrl instanceof LazyText) return String(successUrl);
  const given = successUrl?.(call);
  if (typeof given === "string") return given;
  const address = (given ?? (call.object as Partial<HasAddress> | undefined))?.getAbsoluteUrl?.();
  if (address === undefined) throw viewsErrors.VIEWS_NO_SUCCESS_URL({ view });
  return address;
}
