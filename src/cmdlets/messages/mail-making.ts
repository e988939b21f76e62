/** The message that Send-MailMessage sends, and its envelope. */
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { CmdletError, usage } from '../../pipeline/error.ts';
import { readMailbox } from '../../smtp/path.ts';
import { show } from '../../text/printable.ts';
import type { Outgoing } from './mail-lane.ts';
import type { SendCall } from './send-parameters.ts';

/** @throws CmdletError for an address that is none, and for a file that cannot be read */
export async function outgoing(call: SendCall): Promise<Outgoing> {
  const { arguments: args, context } = call;
  const lists = { To: args.To ?? [], Cc: args.Cc ?? [], Bcc: args.Bcc ?? [] };
  const from = addressOf(call, 'From', args.From ?? '');
  const to = (['To', 'Cc', 'Bcc'] as const).flatMap((name) => lists[name].map((text) => addressOf(call, name, text)));
  if (to.length === 0) throw usage(`${call.spell('To')} names nobody; allowed: addresses such as bob@contoso.com.`);
  const file = (path: string) => contentOf(resolve(context.host.cwd, path));
  if (args.Message !== undefined) return { from, to, bytes: file(args.Message) };
  const attachments = (args.Attachments ?? []).map((path) => ({ filename: basename(path), content: file(path) }));
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const mail = new MailComposer({
    from: args.From ?? '',
    to: [...lists.To],
    cc: [...lists.Cc],
    subject: args.Subject ?? '',
    [args.BodyAsHtml ? 'html' : 'text']: args.Body ?? '',
    attachments,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { from, to, bytes: await mail.compile().build() };
}

/** `Sue <sue@contoso.com>` and `sue@contoso.com`. */
function addressOf(call: SendCall, name: 'From' | 'To' | 'Cc' | 'Bcc', text: string): string {
  const address = (/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text).trim();
  if (address === '' && name === 'From') return '';
  if (!readMailbox(address, true) || /[\r\n]/.test(text))
    throw usage(
      `${call.spell(name)}: ${show(text)} is no address; allowed: bob@contoso.com or "Bob <bob@contoso.com>".`,
    );
  return address;
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new CmdletError(
      `${show(path)} cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}).`,
      {
        id: 'FileNotRead',
        target: path,
      },
    );
  }
}
