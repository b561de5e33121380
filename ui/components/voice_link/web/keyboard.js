// The keyboard on stage: Space held talks, Space tapped plays, Esc stops, M mutes, arrows step through sentences.

const HELD_SECONDS = 0.25;
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

// Whether the key belongs to what has the focus: a field, or a button that was reached by keyboard.
function taken(target, key) {
  if (target.closest("input, textarea, select, [contenteditable], [role=dialog]")) return true;
  return key === " " && Boolean(target.closest("button:focus-visible, a:focus-visible, summary:focus-visible"));
}

// Returns a function that stops listening.
export function keyboard({ talk, toggle, stop, mute, step }) {
  let waiting = null;
  let talking = false;

  const release = (tapped) => {
    if (waiting !== null && tapped) toggle();
    clearTimeout(waiting);
    waiting = null;
    if (talking) talk(false);
    talking = false;
  };
  const press = () => {
    waiting = setTimeout(() => {
      waiting = null;
      talking = true;
      talk(true);
    }, 1000 * HELD_SECONDS);
  };
  const down = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || taken(event.target, event.key)) return;
    if (event.key === " ") {
      event.preventDefault();
      if (!event.repeat) press();
    } else if (event.key === "Escape") stop();
    else if (event.key.toLowerCase() === "m" && !event.repeat) mute();
    else if (STEPS[event.key]) {
      event.preventDefault();
      step(STEPS[event.key]);
    }
  };
  const up = (event) => {
    if (event.key !== " " || (waiting === null && !talking)) return;
    event.preventDefault();
    release(true);
  };
  const blur = () => release(false);

  document.addEventListener("keydown", down);
  document.addEventListener("keyup", up);
  window.addEventListener("blur", blur);
  return () => {
    release(false);
    document.removeEventListener("keydown", down);
    document.removeEventListener("keyup", up);
    window.removeEventListener("blur", blur);
  };
}
