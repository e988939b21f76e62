/** Are colours wanted in what goes to a terminal, or not to one? NO_COLOR and FORCE_COLOR decide first (no-color.org, force-color.org). */
export function colourWanted(env: NodeJS.ProcessEnv, toTerminal: boolean): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return toTerminal && env.TERM !== 'dumb';
}
