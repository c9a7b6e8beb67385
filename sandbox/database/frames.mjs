/** The messages of a Postgres client, cut out of its byte stream. */

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;

/**
 * Yields the messages as they arrive, those of one packet together: the startup message, then messages with their
 * type byte. Encryption is declined here; a request to cancel ends the connection, as nothing could be cancelled.
 */
export async function* frames(socket) {
  let buffer = Buffer.alloc(0);
  let started = false;
  for await (const chunk of socket) {
    buffer = Buffer.concat([buffer, chunk]);
    const messages = [];
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
      messages.push(message);
    }
    if (messages.length > 0) yield messages;
  }
}
