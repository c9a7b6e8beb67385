/**
 * Postgres for the sandbox: PGlite behind a TCP port, started as
 *
 *     node server.mjs DIRECTORY-WITH-NODE_MODULES
 *
 * Prints "listening on <port>" once it serves. PGlite is one single session, so the connections take turns: one
 * keeps the session from the first message of an exchange until Postgres is ready for the next query outside of a
 * transaction. Without that two clients would overwrite each other's unnamed statements between Parse and Execute.
 */
import { createRequire } from "node:module";
import { createServer } from "node:net";
import path from "node:path";
import { frames } from "./frames.mjs";
import { Turns } from "./turns.mjs";

const require = createRequire(path.join(path.resolve(process.argv[2]), "package.json"));
const { PGlite } = require("@electric-sql/pglite");

const TERMINATE = 0x58;
const IDLE = 0x49;

const database = await PGlite.create();
const turns = new Turns();

const server = createServer((socket) => {
  socket.setNoDelay(true);
  serve(socket).catch((error) => console.error("connection lost:", error.message)).finally(() => socket.destroy());
});

async function serve(socket) {
  let turn;
  try {
    for await (const messages of frames(socket)) {
      socket.cork(); // one packet is answered by one packet
      for (const message of messages) {
        if (message[0] === TERMINATE) return;
        turn ??= await turns.take();
        if ((await exchange(socket, message)) === IDLE) {
          turn.end();
          turn = undefined;
        }
      }
      socket.uncork();
    }
  } finally {
    if (turn) {
      // The connection went away in the middle of something; the next one must find a clean session.
      await abandon();
      turn.end();
    }
  }
}

/** Answers one message; returns the transaction status if Postgres is ready for another query. */
async function exchange(socket, message) {
  let status;
  await database.execProtocolRawStream(message, {
    onRawData: (answer) => {
      status = readiness(answer) ?? status;
      if (socket.writable) socket.write(Buffer.from(answer));
    },
  });
  return status;
}

/** ReadyForQuery ('Z', length 5, status) closes every answer that ends an exchange. */
function readiness(answer) {
  const at = answer.length - 6;
  return at >= 0 && answer[at] === 0x5a && answer[at + 4] === 5 ? answer[at + 5] : undefined;
}

async function abandon() {
  const sync = Uint8Array.from([0x53, 0, 0, 0, 4]);
  await database.execProtocolRawStream(sync, { onRawData: () => {} });
  await database.exec("ROLLBACK");
}

server.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
