/** YAML by the `yaml` package, loaded only when it is asked for: a list of objects, written one by one. */

import type { Stream } from '../pipeline/peekable-stream.ts';
import type { Value } from '../pipeline/value.ts';
import { printableYaml } from '../text/printable.ts';
import { yamlTooMuch } from '../text/yaml-bounds.ts';
import { plainJson } from './json.ts';

/** Pieces of one YAML list, each an item with its line break. */
export async function* yamlItems(objects: Stream<Value>): AsyncGenerator<string> {
  let any = false;
  for await (const object of objects) {
    any = true;
    yield await yamlOf([plainJson(object)]);
  }
  if (!any) yield '[]\n';
}

/** One value as a YAML document. */
export function yamlText(value: Value): Promise<string> {
  return yamlOf(plainJson(value));
}

/** JSON as a YAML document that readers of 1.1 and of 1.2 understand alike, and that is safe to show. */
export async function yamlOf(json: unknown): Promise<string> {
  const { Document, visit } = await import('yaml');
  const document = new Document(json, { aliasDuplicateObjects: false, compat: 'yaml-1.1' }); // `12:00:00` and `no` are texts to every reader
  visit(document, {
    // Texts with characters that act on a terminal stand in double quotes, where YAML knows the same escapes as JSON;
    // a lone `=` is a type of its own to readers of 1.1 (yaml.org/type/value.html), which the library leaves plain.
    Scalar(_, node) {
      const { value } = node;
      if (typeof value === 'string' && (value === '=' || printableYaml(value) !== value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return printableYaml(document.toString({ lineWidth: 0 }));
}

/** What a YAML document says, as JSON would. @throws an error that says where the mistake is */
export async function parseYaml(text: string): Promise<unknown> {
  const { parse } = await import('yaml');
  const tooMuch = yamlTooMuch(text);
  if (tooMuch) throw new Error(`it is ${tooMuch}`);
  return parse(text, { maxAliasCount: 100, schema: 'core', logLevel: 'error' });
}
