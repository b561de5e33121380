// The keyboard on stage: Space held talks, Space tapped plays, Esc stops, M mutes, arrows step through what has steps.

const HELD_SECONDS = 0.25;
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

const TYPING = "input:not([type=checkbox], [type=range]), textarea, select, [contenteditable], [role=alertdialog], .q-dialog";
const PRESSED = "button, a, summary, [type=checkbox]";

// `held`: what further keys do, by their letter, told true when pressed and false when released. Returns a function that
// stops listening.
export function keyboard({ talk, toggle, stop, mute, step, held = {} }) {
  let pointing = false; // what has the focus was clicked, not reached by Tab
  let waiting = null;
  let talking = false;
  const holding = new Set(); // of `held`

  // Whether the key belongs to what has the focus.
  const taken = ({ target, key }) => {
    if (target.closest(TYPING) || (STEPS[key] && (!step || target.closest("[type=range]")))) return true;
    if (key === "Escape" && document.querySelector(":popover-open")) return true;
    return key === " " && !pointing && Boolean(target.closest(PRESSED));
  };
  const point = () => (pointing = true);
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
  const hold = (key) => {
    holding.add(key);
    held[key](true);
  };
  const letGo = (key) => holding.delete(key) && held[key](false);
  const down = (event) => {
    if (event.key === "Tab") pointing = false;
    if (event.ctrlKey || event.metaKey || event.altKey || taken(event)) return;
    if (event.key === " ") {
      event.preventDefault();
      if (!event.repeat) press();
    } else if (event.key === "Escape") stop(event);
    else if (event.key.toLowerCase() === "m" && !event.repeat) mute();
    else if (held[event.key.toLowerCase()]) {
      if (!event.repeat) hold(event.key.toLowerCase());
    } else if (STEPS[event.key]) {
      event.preventDefault();
      step(STEPS[event.key]);
    }
  };
  const up = (event) => {
    letGo(event.key.toLowerCase());
    if (event.key !== " " || (waiting === null && !talking)) return;
    event.preventDefault();
    release(true);
  };
  const blur = () => {
    release(false);
    for (const key of holding) letGo(key);
  };

  document.addEventListener("pointerdown", point);
  document.addEventListener("keydown", down);
  document.addEventListener("keyup", up);
  window.addEventListener("blur", blur);
  return () => {
    blur();
    document.removeEventListener("pointerdown", point);
    document.removeEventListener("keydown", down);
    document.removeEventListener("keyup", up);
    window.removeEventListener("blur", blur);
  };
}
