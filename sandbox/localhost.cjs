/**
 * Names below `localhost` are this machine's own (RFC 6761, 6.3). Browsers know that; the system's resolver may not, and
 * Node asks it. Preloaded into the Node that drives a browser, so that its own requests reach a deployment's own host.
 */
"use strict";

const dns = require("node:dns");

const own = (name) => typeof name === "string" && name.toLowerCase().endsWith(".localhost");

const lookup = dns.lookup;
dns.lookup = function (name, ...rest) {
  return lookup.call(dns, own(name) ? "localhost" : name, ...rest);
};

const promised = dns.promises.lookup;
dns.promises.lookup = function (name, ...rest) {
  return promised.call(dns.promises, own(name) ? "localhost" : name, ...rest);
};
