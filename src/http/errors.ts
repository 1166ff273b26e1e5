import { inspect } from "node:util";
import { defineErrors, didYouMean } from "#kernel";
import { gettext, interpolate } from "#kernel/i18n";

/** The errors of requests, addresses and settings of http, by code. */
export const httpErrors = defineErrors({
  /** An address pattern cannot be read. */
  HTTP_BAD_PATTERN: (d: { pattern: string; problem: string }) => ({
    message: `The address pattern "${d.pattern}" ${d.problem}.`,
    hint: 'Write parameters as <int:id> or <slug:name>, and begin the pattern without a slash: path("coffee/<int:id>/", view).',
  }),
  /** An address pattern names a converter that does not exist. */
  HTTP_UNKNOWN_CONVERTER: (d: { pattern: string; given: string; known: readonly string[] }) => ({
    message: `The address pattern "${d.pattern}" uses the converter "${d.given}". There are: ${d.known.join(", ")}.`,
    hint: didYouMean(d.given, d.known) ?? `Register it first: registerConverter("${d.given}", { regex: …, toValue, toUrl }).`,
  }),
  /** An address is asked for by a name that no pattern has. */
  HTTP_UNKNOWN_URL_NAME: (d: { name: string; known: readonly string[] }) => ({
    message: `No address is named "${d.name}".`,
    hint:
      didYouMean(d.name, d.known) ??
      (d.known.length === 0 ? "No pattern has a name." : `There are: ${d.known.slice(0, 12).join(", ")}.`),
  }),
  /** The name exists, but its pattern takes other parameters or does not match their values. */
  HTTP_NO_REVERSE_MATCH: (d: { name: string; params: unknown; patterns: readonly string[] }) => ({
    message: `The address "${d.name}" cannot be made from ${inspect(d.params, { depth: 0, breakLength: Infinity })}.`,
    hint: `Give exactly what a pattern takes: ${d.patterns.join("  or  ")}.`,
  }),
  /** An address is asked for in a namespace that no included list has. */
  HTTP_UNKNOWN_NAMESPACE: (d: { namespace: string; inside: readonly string[]; known: readonly string[] }) => ({
    message: `No namespace is named "${d.namespace}"${d.inside.length === 0 ? "" : ` inside "${d.inside.join(":")}"`}.`,
    hint:
      didYouMean(d.namespace, d.known) ??
      (d.known.length === 0 ? "There are no namespaces here." : `There are: ${d.known.slice(0, 12).join(", ")}.`),
  }),
  /** The part of an address behind `#` is given as something other than text. */
  HTTP_BAD_FRAGMENT: (d: { given: unknown }) => ({
    message: `A fragment is text. Given: ${inspect(d.given, { depth: 0, breakLength: Infinity })}.`,
    hint: 'Write reverse("coffee", {}, { fragment: "prices" }).',
  }),
  /** A pattern is given neither a view nor further patterns. */
  HTTP_NO_VIEW: (d: { pattern: string; given: unknown }) => ({
    message: `The address pattern "${d.pattern}" has no view. Given: ${inspect(d.given, { depth: 0, breakLength: Infinity })}.`,
    hint: "Give it a function, a list of patterns or include(…). An import cycle leaves a view undefined.",
  }),
  /** `reverse` is called where no project is open. */
  HTTP_NO_RESOLVER: () => ({
    message: "Addresses cannot be made by name: no project is open.",
    hint: "Call reverse() in a view or a template, or use a Resolver of your own: new Resolver(urls).reverse(name, params).",
  }),
  /** No pattern matches the address. */
  HTTP_NOT_FOUND: (d: { path: string; nearest?: string | undefined }) => ({
    message: interpolate(gettext("There is no page at %(path)s."), d),
    hint: d.nearest === undefined ? undefined : interpolate(gettext("Did you mean %(nearest)s?"), d),
  }),
  /** The address exists, but not for this method. */
  HTTP_METHOD_NOT_ALLOWED: (d: { method: string; path: string; allowed: readonly string[] }) => ({
    message: interpolate(gettext("%(method)s is not allowed at %(path)s."), d),
    hint: `It answers ${d.allowed.join(", ")}.`,
  }),
  /** A view answers in none of the content types that the client takes. */
  HTTP_NOT_ACCEPTABLE: (d: { given: string; types: readonly string[] }) => ({
    message: `Nothing here is of a type that "${d.given}" takes.`,
    hint: `There is ${d.types.join(", ")}: name one in the header Accept.`,
  }),
  /** A WebSocket's address is asked as a page. */
  HTTP_UPGRADE_REQUIRED: (d: { path: string }) => ({
    message: `${d.path} speaks WebSocket alone.`,
    hint: `Open it with: new WebSocket("${d.path}")`,
  }),
  /** A page of another site opens a WebSocket with this browser's cookies. */
  HTTP_FOREIGN_ORIGIN: (d: { origin: string }) => ({
    message: `The origin ${d.origin} may not open a WebSocket here.`,
    hint: 'Name it in the project\'s setting: security: { trustedOrigins: ["https://shop.example.com"] }.',
  }),
  /** A caller came back too often. */
  HTTP_TOO_MANY_REQUESTS: (d: { rate: string }) => ({
    message: interpolate(gettext("Too many requests: %(rate)s are answered."), d),
    hint: "Wait for the seconds that the header Retry-After says.",
  }),
  /** A rate limit cannot be read. */
  HTTP_BAD_RATE: (d: { given: string }) => ({
    message: `The rate ${JSON.stringify(d.given)} cannot be read.`,
    hint: 'Write calls, a slash and a time in s, m, h or d: "10/m", "5/10s".',
  }),
  /** A program is not wanted here, by its `User-Agent`. */
  HTTP_AGENT_REFUSED: () => ({ message: "This program is not answered here." }),
  /** The Host header names a host that the project does not serve. */
  HTTP_BAD_HOST: (d: { host: string; debug: boolean }) => ({
    message: `The host "${d.host}" is not served here.`,
    hint: d.debug ? `Add it to the project's setting: allowedHosts: ["${d.host.replace(/:\d+$/, "")}"].` : undefined,
  }),
  /** The address in the request cannot be decoded. */
  HTTP_BAD_PATH: () => ({ message: gettext("The address is not valid: it holds a broken percent escape or is not a path.") }),
  /** The path of a request is longer than any address is. */
  HTTP_PATH_TOO_LONG: (d: { length: number; limit: number }) => ({
    message: `The path has ${d.length} characters. At most ${d.limit} are read.`,
    hint: "Send what is long in the query or in the body.",
  }),
  /** A view returned nothing. */
  HTTP_NO_RESPONSE: (d: { view: string; path: string }) => ({
    message: `The view ${d.view} returned nothing for ${d.path}.`,
    hint: "Return a string, an object, a stream, a response, or null for an empty answer (204).",
  }),
  /** A header's name or value cannot be sent. */
  HTTP_BAD_HEADER: (d: { name: string }) => ({
    message: `The header ${JSON.stringify(d.name)} cannot be sent: its name or value holds a line break or another forbidden character.`,
    hint: "Encode what comes from a client before it goes into a header.",
  }),
  /** A cookie's name, value or attribute cannot be sent. */
  HTTP_BAD_COOKIE: (d: { name: string; problem: string }) => ({
    message: `The cookie ${JSON.stringify(d.name)} cannot be set: ${d.problem}.`,
  }),
  /** A redirect leads to something other than a web address. */
  HTTP_BAD_REDIRECT: (d: { url: string }) => ({
    message: `A redirect to ${JSON.stringify(d.url)} is refused: only http, https and relative addresses are followed.`,
    hint: "Check addresses that come from a client with isSafeRedirect(url, request.host).",
  }),
  /** A body is larger than allowed. */
  HTTP_BODY_TOO_LARGE: (d: { limit: number }) => ({
    message: interpolate(gettext("The body is larger than %(limit)s bytes."), d),
    hint: "Send less: the limit is the address's own, or else the project's setting `uploads.maxBody`.",
  }),
  /** A form has too many fields or files, or one of them is too large. */
  HTTP_FORM_TOO_LARGE: (d: { what: string; limit: number }) => ({
    message: `The form has ${d.what} (limit ${d.limit}).`,
    hint: "Send less, or raise the limit in the project's setting `uploads`.",
  }),
  /** A file that came with a form was refused by the project's scan. */
  HTTP_UPLOAD_REFUSED: (d: { name: string; refusal: string }) => ({
    message: `The file ${JSON.stringify(d.name)} was refused: ${d.refusal}`,
    hint: "Send another file.",
  }),
  /** There is no room for the temporary file of an upload. */
  HTTP_NO_ROOM_FOR_UPLOAD: () => ({
    message: "There is no room for what was uploaded.",
    hint: "Free some space in the folder of temporary files, or name another in the setting `uploads.temporaryFolder`.",
  }),
  /** A form's body cannot be read. */
  HTTP_BAD_FORM: (d: { problem: string }) => ({ message: `The form cannot be read: ${d.problem}.` }),
  /** The client went away before its body was complete. */
  HTTP_BODY_ABORTED: () => ({ message: "The client went away before the body was complete." }),
  /** A body was read as one thing and is asked for as another. */
  HTTP_BODY_CONSUMED: () => ({
    message: "The body was already read as a stream.",
    hint: "Read it once: form(), json(), body() or stream.",
  }),
  /** A body has a type that is not read here. */
  HTTP_UNSUPPORTED_TYPE: (d: { given: string; wanted: string }) => ({
    message: `The content type "${d.given}" is not read here. It must be ${d.wanted}.`,
    hint: `Send the header Content-Type: ${d.wanted.split(" ")[0]}`,
  }),
  /** A body is not JSON. */
  HTTP_BAD_JSON: (d: { problem: string; line: number; column: number }) => ({
    message: `The body is not valid JSON: ${d.problem} at line ${d.line}, column ${d.column}.`,
  }),
  /** A JSON body is nested too deeply or holds a key that is never allowed. */
  HTTP_JSON_REFUSED: (d: { problem: string }) => ({ message: `The JSON body is refused: ${d.problem}.` }),
  /** An unsafe request does not prove that it comes from one of this site's own pages. */
  HTTP_CSRF_FAILED: (d: { reason: string }) => ({
    message: `The request was refused because it does not prove where it comes from (CSRF): ${d.reason}.`,
    hint: "Put {% csrf_token %} into the form, or send the token in the header X-CSRFToken; reload the page if it was open for long.",
  }),
  /** A server cannot listen at the address that it was given. */
  HTTP_CANNOT_LISTEN: (d: { host: string; port: number; reason: string; option?: string }) => ({
    message: `Cannot listen on port ${d.port} of ${d.host}: ${d.reason}.`,
    hint: `Choose another with ${d.option ?? "--port"} or --host, or stop what listens there.`,
  }),
  /** A certificate or its key cannot be used. */
  HTTP_BAD_TLS: (d: { file: string; problem: string }) => ({
    message: `${d.file} ${d.problem}.`,
    hint: "tls: { cert, key } are files in PEM; a test certificate is made by: openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=localhost",
  }),
  /** A message is left, or shown, at a level that does not exist. */
  HTTP_UNKNOWN_MESSAGE_LEVEL: (d: { given: string; known: readonly string[] }) => ({
    message: `"${d.given}" is no level of messages. There are: ${d.known.join(", ")}.`,
    hint: didYouMean(d.given, d.known) ?? `Give it a weight: messages: { levels: { ${d.given}: 50 } }.`,
  }),
  /** A session that is kept in its cookie has grown beyond what browsers take. */
  HTTP_SESSION_TOO_LARGE: (d: { length: number; most: number }) => ({
    message: `The session takes ${d.length} bytes in its cookie. There is room for ${d.most}.`,
    hint: 'Keep less in it, or keep sessions elsewhere: session: { store: "database" }.',
  }),
  /** In production, sessions are kept in a cache that only one process sees, or that keeps nothing. */
  HTTP_CHECK_SESSION_CACHE: (d: { alias: string; backend: string }) => ({
    message: `Sessions are kept in the cache "${d.alias}", which is ${d.backend === "dummy:" ? "none" : "the memory of one process"}.`,
    hint: 'Keep them where every process finds them: caches: { sessions: "redis://…" }, session: { store: "cache", cache: "sessions" }.',
  }),
  /** The setting `session.store` names no store. */
  HTTP_UNKNOWN_SESSION_STORE: (d: { given: string; known: readonly string[] }) => ({
    message: `Sessions cannot be kept in "${d.given}". There are: ${d.known.join(", ")}.`,
    hint: didYouMean(d.given, d.known) ?? "Give one of these names, or a SessionStore of your own.",
  }),
  /** A template or a program asks for the address of a static file that was not collected. */
  HTTP_NO_STATIC_FILE: (d: { path: string; nearest?: string | undefined }) => ({
    message: `The static file "${d.path}" was not collected.`,
    hint:
      d.nearest === undefined
        ? "Run: npx cortado collectstatic"
        : `Did you mean "${d.nearest}"? If it is new, run: npx cortado collectstatic`,
  }),
  /** A CSS or JavaScript file refers to a static file that is not there. */
  HTTP_MISSING_STATIC_REFERENCE: (d: { path: string; written: string; to: string; nearest?: string | undefined }) => ({
    message: `The static file "${d.path}" refers to "${d.written}", and there is no static file "${d.to}".`,
    hint: d.nearest === undefined ? "Add the file, or take the reference out." : `Did you mean "${d.nearest}"?`,
  }),
  /** Static files refer to each other in a circle, so that none can be named by its content. */
  HTTP_CIRCULAR_STATIC_REFERENCE: (d: { chain: readonly string[] }) => ({
    message: `Static files refer to each other in a circle: ${d.chain.join(" → ")}.`,
    hint: "Break the circle, or leave the setting staticFiles.moduleImports out where these are modules.",
  }),
  /** Static files would be collected into a folder that they are collected from. */
  HTTP_CHECK_STATIC_TARGET: (d: { directory: string }) => ({
    message: `Static files are collected into ${d.directory}, which is one of their own folders.`,
    hint: 'Collect them elsewhere: storages: { staticfiles: "file:var/static" }.',
  }),
  /** Production serves static files from their sources. */
  HTTP_CHECK_NOT_COLLECTED: (d: { directory: string }) => ({
    message: `Static files were not collected into ${d.directory}: they are served uncompressed, and asked for again and again.`,
    hint: "Run: npx cortado collectstatic --no-input",
  }),
  /** A folder of static files is not there. */
  HTTP_CHECK_NO_STATIC_FOLDER: (d: { directory: string }) => ({
    message: `The setting staticDirectories names the folder ${d.directory}, which is not there.`,
    hint: "Make it, or take it out of the setting.",
  }),
  /** An address cannot be reached: one before it takes every path of it. */
  HTTP_CHECK_UNREACHABLE_URL: (d: { route: string; earlier: string }) => ({
    message: `The address "${d.route}" is never reached: "${d.earlier}" stands before it and takes its paths.`,
    hint: "Put the narrower address first.",
  }),
  /** A pattern means something other than what it looks like. */
  HTTP_CHECK_URL_PATTERN: (d: { route: string; problem: string; hint: string }) => ({
    message: `The address pattern "${d.route}" ${d.problem}.`,
    hint: d.hint,
  }),
  /** A pattern may take long to say that a path is not its own. */
  HTTP_CHECK_SLOW_URL: (d: { route: string }) => ({
    message: `The address "${d.route}" can be made to take long: a path can be divided over its parts in very many ways.`,
    hint: "Use one <path:…> at most, and no repetition inside of another.",
  }),
  /** Two included lists have the same namespace, so one of them cannot be reversed. */
  HTTP_CHECK_SHARED_NAMESPACE: (d: { namespace: string }) => ({
    message: `Several lists of addresses have the namespace "${d.namespace}", and only the first can be reversed.`,
    hint: 'Give each its own: include(urls, { namespace: "…" }).',
  }),
  /** `secretKey` is empty: nothing can be signed. */
  HTTP_CHECK_SECRET_KEY: () => ({ message: "The setting secretKey is empty.", hint: 'Set it: secretKey: env("SECRET_KEY").' }),
  /** Errors explain the program to strangers. */
  HTTP_CHECK_DEBUG: () => ({
    message: "debug is on in production: error pages explain the program to strangers.",
    hint: "Set debug: false.",
  }),
  /** No host is listed, so every request is refused. */
  HTTP_CHECK_NO_HOST: () => ({
    message: "No host is allowed, so every request is refused.",
    hint: 'Set allowedHosts: ["example.com"].',
  }),
  /** A star answers for any name that a client sends. */
  HTTP_CHECK_ANY_HOST: () => ({ message: "Every host is allowed.", hint: 'Name them: allowedHosts: ["example.com"].' }),
  /** A short key can be guessed. */
  HTTP_CHECK_WEAK_SECRET: () => ({
    message: "The setting secretKey is shorter than 32 characters.",
    hint: "Use a long random one: node -p \"crypto.randomBytes(32).toString('hex')\"",
  }),
  /** Requests over http are answered as they are. */
  HTTP_CHECK_HTTPS: () => ({
    message: "Requests over http are not sent to https.",
    hint: "Set security: { sslRedirect: true }.",
  }),
  /** Browsers may come back over http. */
  HTTP_CHECK_HSTS: () => ({
    message: "Browsers are not told to stay on https.",
    hint: "Set security: { hstsSeconds: 3600 }, and more once it works.",
  }),
  /** A key stands in examples, or has few different characters. */
  HTTP_CHECK_GUESSABLE_SECRET: (d: { setting: string }) => ({
    message: `The setting ${d.setting} can be guessed.`,
    hint: "Use a long random one: node -p \"crypto.randomBytes(32).toString('hex')\"",
  }),
  /** Only this machine can ask for pages. */
  HTTP_CHECK_LOCAL_HOSTS: () => ({
    message: "Only this machine's own names are allowed hosts, so every visitor is refused.",
    hint: 'Name the site: allowedHosts: ["example.com"].',
  }),
  /** Whoever reaches the process can say where a request comes from. */
  HTTP_CHECK_ANY_PROXY: () => ({
    message: "X-Forwarded-* is believed from everyone who reaches this process.",
    hint: 'Name the proxies: trustProxy: ["10.0.0.0/8"].',
  }),
  /** Every request would be sent to https again and again. */
  HTTP_CHECK_REDIRECT_LOOP: () => ({
    message: "Requests are sent to https, and no proxy is believed that says when they came by it: they go in a circle.",
    hint: 'Name the proxy that ends TLS: trustProxy: ["127.0.0.1"].',
  }),
  /** An origin over http may send forms. */
  HTTP_CHECK_PLAIN_ORIGIN: (d: { origin: string }) => ({
    message: `The origin ${d.origin} is trusted, and whoever is on the way can speak for it.`,
    hint: "Trust it over https, or take it out of security.trustedOrigins.",
  }),
  /** The session's cookie is given away. */
  HTTP_CHECK_OPEN_COOKIE: (d: { setting: string; given: string; risk: string }) => ({
    message: `With ${d.setting}: ${d.given}, the session's cookie ${d.risk}.`,
    hint: `Leave out ${d.setting}.`,
  }),
  /** A header that protects pages is switched off. */
  HTTP_CHECK_NO_HEADER: (d: { setting: string; header: string }) => ({
    message: `The header ${d.header} is not sent.`,
    hint: `Leave out security.${d.setting}; a view that needs another sets it itself.`,
  }),
  /** Subdomains may be asked over http. */
  HTTP_CHECK_HSTS_SUBDOMAINS: () => ({
    message: "Browsers are told to stay on https for this host, and not for its subdomains.",
    hint: "Where all of them have https: security: { hstsIncludeSubdomains: true }.",
  }),
  /** Pages say nothing of what they may load. */
  HTTP_CHECK_NO_CSP: () => ({
    message: "Pages have no Content-Security-Policy: a script that gets into one runs.",
    hint: 'Set security: { csp: { "default-src": [CSP.self] } }, first as cspReportOnly.',
  }),
  /** A Content-Security-Policy lets any script run. */
  HTTP_CHECK_OPEN_CSP: (d: { open: readonly string[] }) => ({
    message: `The Content-Security-Policy does not keep scripts away: ${d.open.join(", ")}.`,
    hint: 'Allow this site and what carries the nonce: "script-src": [CSP.self, CSP.nonce].',
  }),
});
