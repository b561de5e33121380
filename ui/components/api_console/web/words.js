// What the console says of an end, and what to do about it.

const WHY = {
  1008: "The server refused what was sent",
  1003: "The server refused what was sent",
  1007: "The server refused what was sent",
  1009: "The message was too large: at most 32 MiB",
  1011: "Something failed in the server: its log says what",
  1012: "The server is restarting: connect again in a moment",
  1013: "Too much waited to be read: connect again",
  4004: "There is no such session: connect again for a new one",
};

export function closed(code, reason, opened) {
  if (!opened) {
    return { trouble: true, text: "It did not connect. Is Rostrum still running? Where it has an access token, load this page anew and log in." };
  }
  if (code === 1000 || code === 1005) return { trouble: false, text: `closed (${code})` };
  if (code === 1006) return { trouble: true, text: "The connection broke (1006): connect again." };
  return { trouble: true, text: `${WHY[code] ?? "The server closed the connection"} (${code}${reason ? `, ${reason}` : ""}).` };
}
