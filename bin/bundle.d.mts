/** A script of the page and all it imports, as the text that browsers get. */
export function browserScript(root: string, file: string): Promise<string>;
