// The addresses of the recorded tests about reversing, made from what the recordings expect of them.
import { path, rePath, type UrlPattern } from "../../../src/http/index.ts";
import { emptyView as view } from "./views.ts";

const named = (name: string, pattern: RegExp, extra?: Record<string, unknown>): UrlPattern =>
  rePath(pattern, view, { name, extra });

const outerUrls = [
  named("inner-nothing", /$/),
  named("inner-extra", /extra\/(?<extra>\w+)\/$/),
  named("inner-disjunction", /(?<one>[0-9]+)|(?<two>[0-9]+)\/$/),
];
const partUrls = [named("part", /^part\/(?<value>\w+)\/$/), named("part2", /^part2\/(?:(?<value>\w+)\/)?$/)];

export const reverseUrls: UrlPattern[] = [
  named("places", /^places\/([0-9]+)\/$/),
  named("places?", /^places?\/$/),
  named("places+", /^places+\/$/),
  named("places*", /^places*\/$/),
  named("places2?", /^(?:places\/)?$/),
  named("places2+", /^(?:places\/)+$/),
  named("places2*", /^(?:places\/)*$/),
  named("places3", /^places\/([0-9]+|[a-z_]+)\//),
  named("places4", /^places\/(?<id>[0-9]+)\/$/),
  named("people", /^people\/(?<name>\w+)\/$/),
  named("people2", /^people\/(?:name\/)$/),
  named("people2a", /^people\/(?:name\/(\w+)\/)?$/),
  named("people_backref", /^people\/(?<name>\w+)-\k<name>\/$/),
  named("optional", /^optional\/(?<name>.*)\/(?:.+\/)?/),
  named("named_optional", /^optional\/(?<arg1>\d+)\/(?:(?<arg2>\d+)\/)?/),
  named("named_optional_terminated", /^optional\/(?<arg1>\d+)\/(?:(?<arg2>\d+)\/)?$/),
  named("nested-noncapture", /^nested\/noncapture\/(?:(?<p>\w+))$/),
  named("nested-capture", /^nested\/capture\/((\w+)\/)?$/),
  named("nested-mixedcapture", /^nested\/capture\/mixed\/((?<p>\w+))$/),
  named("nested-namedcapture", /^nested\/capture\/named\/(?<outer>(?<inner>\w+)\/)?$/),
  named("hardcoded", /^hardcoded\/$/),
  named("hardcoded2", /^hardcoded\/doc\.pdf$/),
  named("people3", /^people\/(?<state>\w\w)\/(?<name>\w+)\/$/),
  named("people4", /^people\/(?<state>\w\w)\/(?<name>[0-9])\/$/),
  named("people6", /^people\/((?:\w\w)\/test)?\/(\w+)\/$/),
  named("range", /^character_set\/[abcdef0-9]\/$/),
  named("range2", /^character_set\/[\w]\/$/),
  named("price", /^price\/\$([0-9]+)\/$/),
  named("price2", /^price\/[$]([0-9]+)\/$/),
  named("price3", /^price\/[$]([0-9]+)\/$/),
  named("product", /^product\/(?<product>\w+)\+\(\$(?<price>[0-9]+(?:\.[0-9]+)?)\)\/$/),
  named("headlines", /^headlines\/(?<year>[0-9]+)\.(?<month>[0-9]+)\.(?<day>[0-9]+)\/$/),
  named("windows", /^windows_path\/(?<drive_name>[A-Z]):\\(?<path>.+)\/$/),
  named("special", /^special_chars\/(?<chars>.+)\/$/),
  named("resolved", /^resolved\/(?<arg>\d+)\/$/, { extra: true }),
  named("resolved-overridden", /^resolved-overridden\/(?<arg>\d+)\/(?<overridden>\w+)\/$/, {
    extra: true,
    overridden: "default",
  }),
  named("mixed", /^(?<name>.+)\/[0-9]+\/$/),
  named("repeats", /^repeats\/a{1,2}\/$/),
  named("repeats2", /^repeats\/a{2,4}\/$/),
  named("repeats3", /^repeats\/a{2}\/$/),
  named("test", /^test\/1\/?/),
  named("insensitive", /^CaseInsensitive\/(\w+)/i),
  rePath(/^outer\/(?<outer>[0-9]+)\//, outerUrls),
  rePath(/^outer-no-kwargs\/([0-9]+)\//, [named("inner-no-kwargs", /inner-no-kwargs\/([0-9]+)\/$/)]),
  named("disjunction", /(?:foo|bar)(\w+)\/$/),
  rePath(/^e-/, [named("extra-places", /^places\/([0-9]+)\/$/), named("extra-people", /^people\/(?<name>\w+)\/$/)]),
  rePath(/^prefix\/(?<prefix>\w+)\//, partUrls),
  rePath(/^/, partUrls),
  named("defaults", /defaults_view1\/(?<arg1>[0-9]+)\/$/, { arg2: 1 }),
  named("defaults", /defaults_view2\/(?<arg1>[0-9]+)\/$/, { arg2: 2 }),
  path("includes/", [path("non_path_include/", view, { name: "non_path_include" })]),
  named("security", /(.+)\/security\/$/),
  named("lookahead-positive", /^lookahead\+\/(?=a-city)(?<city>[^/]+)\/$/),
  named("lookahead-negative", /^lookahead-\/(?!not-a-city)(?<city>[^/]+)\/$/),
  named("lookbehind-positive", /^lookbehind\+\/(?<city>[^/]+)(?<=a-city)\/$/),
  named("lookbehind-negative", /^lookbehind-\/(?<city>[^/]+)(?<!not-a-city)\/$/),
  path("partial/", view, { name: "partial" }),
  path("partial_nested/", view, { name: "partial_nested" }),
  path("partial_wrapped/", view, { name: "partial_wrapped" }),
];

export const innerUrls: UrlPattern[] = [named("inner", /^second_test\/$/)];
export const outerConf: UrlPattern[] = [named("outer", /^$/), rePath(/^inner_urlconf\//, innerUrls)];
export const lazyUrls: UrlPattern[] = [
  path("redirect/", view),
  path("named-target/", view, { name: "named-lazy-url-redirected-to" }),
];
export const namedUrls: UrlPattern[] = [
  path("", view, { name: "named-url1" }),
  named("named-url2", /^extra\/(?<extra>\w+)\/$/),
  named("named-url3", /^(?<one>[0-9]+)|(?<two>[0-9]+)\/$/),
  path("included/", [
    path("", view, { name: "named-url3" }),
    named("named-url4", /^extra\/(?<extra>\w+)\/$/),
    named("named-url5", /^(?<one>[0-9]+)|(?<two>[0-9]+)\/$/),
    path("included/", [path("", view, { name: "named-url6" })]),
  ]),
];
