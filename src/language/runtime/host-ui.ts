/** $host.UI: what scripts write to it, and the questions they ask with it. */
import type { Host } from '../../pipeline/context.ts';
import { PsObject, printed, type Value } from '../../pipeline/value.ts';
import { elements, toNumber } from './convert.ts';
import { failure } from './failure.ts';
import { answerTo } from './line-of-input.ts';
import type { Result } from './runnable.ts';

/** Methods of it, by their names in lower case: a call of one of these is waited for. */
export const HOST_METHODS =
  /^(?:promptforchoice|readline|readkey|write|writeline|writeerrorline|writewarningline|writeverboseline|writedebugline|flushinputbuffer)$/;

export class HostUi extends PsObject {
  /** @param method in lower case @throws CmdletError when there is none, or nobody to ask */
  async call(method: string, args: readonly Value[], { host }: { readonly host: Host }): Promise<Result> {
    const [first = null] = args;
    switch (method) {
      case 'promptforchoice':
        return chosen(args, host.ask.bind(host));
      case 'readline':
        return await answer('', host.ask.bind(host));
      case 'readkey':
        // a key alone cannot be read: Enter is any key
        return new PsObject('KeyInfo', {
          Character: (await answer('', host.ask.bind(host)))[0] ?? '\r',
          KeyDown: true,
        });
      case 'write':
        return void host.writeHost(printed(args.at(-1)), '');
      case 'writeline':
        return void host.writeHost(printed(args.at(-1)));
      case 'writeerrorline':
        return void host.writeHost(printed(first));
      case 'writewarningline':
        return void host.writeWarning(printed(first));
      case 'flushinputbuffer':
        return undefined;
      default:
        return void host.writeVerbose(printed(first));
    }
  }
}

type Ask = (prompt: string) => Promise<string | undefined>;

/** @throws CmdletError when nobody answers */
function answer(prompt: string, ask: Ask): Promise<string> {
  return answerTo(ask(prompt), `$host.UI has nobody to ask${prompt && ` ${JSON.stringify(prompt.trim())}`}`);
}

interface Choice {
  readonly key: string;
  readonly label: string;
  readonly help: string;
}

/** `&Yes` is the label Yes with the key Y. */
function choiceOf(value: Value): Choice {
  const written = value instanceof PsObject ? printed(value.get('Label')) : printed(value);
  const at = written.indexOf('&');
  return {
    key: at < 0 ? '' : (written[at + 1] ?? '').toUpperCase(),
    label: at < 0 ? written : written.slice(0, at) + written.slice(at + 1),
    help: value instanceof PsObject ? printed(value.get('HelpMessage')) : '',
  };
}

/** PowerShell's question (ConsoleHostUserInterfacePromptForChoice.cs). @returns which was chosen, from 0 */
async function chosen([caption, message, given, otherwise]: readonly Value[], ask: Ask): Promise<number> {
  const choices = elements(given).map(choiceOf);
  if (!choices.length)
    throw failure('MethodCountCouldNotFindBest', '$host.UI.PromptForChoice needs a title, a question and choices.');
  const preset = otherwise === undefined || otherwise === null ? -1 : toNumber(otherwise);
  const shown = choices.map(({ key, label }) => `[${key}] ${label}  `).join('');
  const usual = choices[preset] ? ` (default is "${choices[preset].key || choices[preset].label}")` : '';
  const head = [caption, message].map((text) => printed(text)).filter((text) => text !== '');
  const question = `${shown}[?] Help${usual}: `;
  for (let prompt = ['', ...head, question].join('\n'); ; ) {
    const said = (await answer(prompt, ask)).trim().toLowerCase();
    if (said === '' && choices[preset]) return preset;
    const found = choices.findIndex(
      ({ key, label }) => said !== '' && [key, label].some((one) => one.toLowerCase() === said),
    );
    if (found >= 0) return found;
    const help = said === '?' ? `${choices.map((one) => `${one.key || one.label} - ${one.help}`).join('\n')}\n` : '';
    prompt = help + question;
  }
}
