// What a tab remembers of its talk, so that a reload comes back to it, and what the server has kept of one.

const GRACE_SECONDS = 30; // how long the server waits

export function keepTalk(persona) {
  const key = `rostrum.talk.${persona}`;
  return {
    // {conversation, generation, seconds} of a talk that was left a moment ago, once.
    read() {
      try {
        const { at, ...kept } = JSON.parse(sessionStorage.getItem(key)) ?? {};
        sessionStorage.removeItem(key);
        return Date.now() - at < 1000 * GRACE_SECONDS ? kept : undefined;
      } catch {
        return undefined; // storage may be forbidden or hold something else
      }
    },
    write(kept) {
      try {
        sessionStorage.setItem(key, JSON.stringify({ at: Date.now(), ...kept }));
      } catch {
        return; // forbidden or full: a reload begins anew
      }
    },
    forget() {
      try {
        sessionStorage.removeItem(key);
      } catch {
        return;
      }
    },
  };
}

// The transcript of a conversation as far as it was kept; nothing where there is none.
export async function keptLines(conversation) {
  const answer = await fetch(`${window.path_prefix || ""}/api/v1/meetings/${conversation}/transcript`).catch(() => null);
  return answer?.ok ? await answer.json() : [];
}
