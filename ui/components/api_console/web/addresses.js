// The page's own address in examples, and what is copied.

const EXAMPLE = /(ws|http):\/\/localhost:8000(\/[^\s"'`]*)?/g;

export function socketAddress(path) {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
}

// `token`: what to put after ?token=, or nothing where none is asked for.
export function addressed(example, token) {
  return example.replace(EXAMPLE, (_, scheme, path = "") => {
    const secure = location.protocol === "https:" ? `${scheme}s` : scheme;
    const more = token ? `${path.includes("?") ? "&" : "?"}token=${token}` : "";
    return `${secure}://${location.host}${path}${more}`;
  });
}

// Resolves to whether it is on the clipboard now; without https there is only the old way.
export async function copied(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // not allowed: the old way
    }
  }
  const area = Object.assign(document.createElement("textarea"), { value: text });
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
