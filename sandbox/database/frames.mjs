/** The messages of a Postgres client, cut out of its byte stream. */

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;

/**
 * Yields the startup message and then every message with its type byte. Encryption is declined here;
 * a request to cancel ends the connection, as there is nothing running that could be cancelled.
 */
export async function* frames(socket) {
  let buffer = Buffer.alloc(0);
  let started = false;
  for await (const chunk of socket) {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const prefix = started ? 1 : 0;
      if (buffer.length < prefix + 4) break;
      const length = prefix + buffer.readInt32BE(prefix);
      if (buffer.length < length) break;
      const message = buffer.subarray(0, length);
      buffer = buffer.subarray(length);

      const request = started ? undefined : message.readInt32BE(4);
      if (request === CANCEL_REQUEST) return;
      if (request === SSL_REQUEST || request === GSS_REQUEST) {
        socket.write("N");
        continue;
      }
      started = true;
      yield message;
    }
  }
}
