export function writeDocs(_root: string): string[] {
  return [];
}
