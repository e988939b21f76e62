// What a screen reader is told unasked: important changes only, never more than one in two seconds.
const PAUSE_MS = 2000;
let waiting: string[] = [];
let pausing = false;

export function say(text: string) {
  if (waiting.includes(text)) return;
  waiting.push(text);
  if (!pausing) next();
}

function next() {
  const told = waiting.slice(0, 3).join(' ');
  waiting = waiting.slice(3, 6); // a flood is not worth hearing in full
  pausing = told !== '';
  if (!told) return;
  const announcer = document.getElementById('announcer');
  if (announcer) announcer.textContent = told;
  setTimeout(next, PAUSE_MS);
}
