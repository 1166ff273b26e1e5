import { path, rePath } from "../../../src/http/index.ts";

const view = () => "";

/** The addresses of the recorded tests of templates. */
export const templateUrls = [
  path("", view, { name: "index" }),
  rePath(/^client\/([0-9,]+)\/$/, view, { name: "client" }),
  rePath(/^client\/(?<id>[0-9]+)\/(?<action>[^/]+)\/$/, view, { name: "client_action" }),
  rePath(/^client\/(?<client_id>[0-9]+)\/(?<action>[^/]+)\/$/, view, { name: "client_action" }),
  rePath(/^named-client\/([0-9]+)\/$/, view, { name: "named.client" }),
  rePath(/^Юникод\/([\p{L}\p{N}_]+)\/$/u, view, { name: "метка_оператора" }),
  rePath(/^Юникод\/(?<tag>\S+)\/$/u, view, { name: "метка_оператора_2" }),
];
