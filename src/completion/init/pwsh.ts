export function pwshInit(): string {
  return '';
}
