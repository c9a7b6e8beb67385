/**
 * What a platform's Node launcher does, preloaded into `next start`: it attaches everything that is written to
 * stdout and stderr to the request that is being served, and sends it to the platform at 127.0.0.1:SANDBOX_LOGS_PORT,
 * one JSON object a line. What is written still reaches the process's own output.
 *
 * The request is known by the id that the edge has put into x-vercel-id. One write is one row: a console.error with
 * a stack trace arrives as one message with line breaks in it.
 */
"use strict";

const { AsyncLocalStorage } = require("node:async_hooks");
const http = require("node:http");
const net = require("node:net");

const LEVELS = { error: "error", warn: "warning", log: "info", info: "info", debug: "info", trace: "error" };

const port = Number(process.env.SANDBOX_LOGS_PORT);
if (port) launch(port);

function launch(port) {
  const requests = new AsyncLocalStorage();
  const platform = net.connect(port, "127.0.0.1");
  platform.setNoDelay(true);
  platform.unref(); // never what keeps the process alive
  platform.on("error", () => {}); // nobody listens any more: the sandbox is going down

  let level; // of the console method that is writing just now

  for (const [method, itsLevel] of Object.entries(LEVELS)) {
    const original = console[method];
    console[method] = function (...values) {
      const before = level;
      level = itsLevel;
      try {
        return original.apply(this, values);
      } finally {
        level = before;
      }
    };
  }

  for (const stream of ["stdout", "stderr"]) {
    const write = process[stream].write;
    process[stream].write = function (chunk, encoding, callback) {
      const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
      send(stream, text.replace(/\n$/, ""));
      return write.call(this, chunk, encoding, callback);
    };
  }

  const emit = http.Server.prototype.emit;
  http.Server.prototype.emit = function (event, ...values) {
    const go = () => emit.call(this, event, ...values);
    return event === "request" ? requests.run(values[0].headers["x-vercel-id"], go) : go();
  };

  function send(stream, message) {
    if (!message) return;
    const row = {
      deployment: process.env.NEXT_DEPLOYMENT_ID,
      request: requests.getStore() ?? null,
      at: Date.now(),
      stream,
      level: level ?? (stream === "stderr" ? "error" : "info"),
      message,
    };
    platform.write(`${JSON.stringify(row)}\n`);
  }
}
