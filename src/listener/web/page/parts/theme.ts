// Light, dark, or as the system has it.
const THEMES = ['auto', 'light', 'dark'];

export function theme() {
  return document.documentElement.dataset.theme ?? 'auto';
}

function setTheme(name: string) {
  document.documentElement.dataset.theme = name;
  try {
    localStorage.setItem('rc.theme', name);
  } catch {} // a browser that keeps nothing still shows it
}

/** The one after: auto, light, dark, auto … */
export function nextTheme() {
  const next = THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length] ?? 'auto';
  setTheme(next);
  return next;
}
