/** New-ExchangeCertificate: a self-signed certificate in the home's folder. */
import { certificateIn } from '../../certificates/certificate-file.ts';
import { addCertificate } from '../../certificates/certificate-store.ts';
import { type DistinguishedName, parseDistinguishedName } from '../../domain/certificate-name.ts';
import { isDomain } from '../../domain/kind.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError, usage } from '../../pipeline/error.ts';
import { show } from '../../text/printable.ts';
import { certificateLacks } from '../exchange-parameters.ts';
import { certificateObject } from './certificate-object.ts';

/** As long as Exchange's own. */
const DAYS = 5 * 365;
/** As many names as Exchange's documentation allows for. */
const MOST_DOMAINS = 100;
const COMMON_NAME = '2.5.4.3';

export const newExchangeCertificate = defineCmdlet({
  name: 'New-ExchangeCertificate',
  group: 'server',
  looksHere: true,
  summary: 'Make a self-signed certificate in the home’s folder',
  description:
    'ECDSA P-256, good for five years. Clients that check certificates will not trust it. A request for a CA is made by: openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout NAME.key -out NAME.csr',
  changes: 'low',
  gives: 'ExchangeCertificate',
  lacks: certificateLacks,
  parameters: [
    {
      name: 'SubjectName',
      type: 'string',
      help: 'Its subject, such as "C=US, O=Contoso, CN=mail.contoso.com"; CN=FQDN of the server when not given.',
    },
    {
      name: 'DomainName',
      type: 'strings',
      placeholder: 'DOMAIN[,…]',
      help: 'The hosts it is for; the CN of its subject when not given.',
    },
    { name: 'FriendlyName', type: 'string', help: 'What its file is called; its first host when not given.' },
    { name: 'Services', type: 'strings', placeholder: 'SMTP', help: 'Taken for the sake of scripts; it serves SMTP.' },
    { name: 'GenerateRequest', type: 'switch', help: 'Not possible here: the error says how openssl makes a request.' },
    { name: 'KeySize', type: 'int', help: 'Taken for the sake of scripts; the key is ECDSA P-256.' },
    { name: 'PrivateKeyExportable', type: 'bool', help: 'Taken for the sake of scripts.' },
    { name: 'Force', type: 'switch', help: 'Taken for the sake of scripts; nothing is asked.' },
  ],
  examples: [
    {
      command:
        'rc new-exchange-certificate --subject-name CN=mail.contoso.com --domain-name mail.contoso.com,smtp.contoso.com',
      language:
        'New-ExchangeCertificate -SubjectName CN=mail.contoso.com -DomainName mail.contoso.com,smtp.contoso.com',
      does: 'Makes one for two host names.',
    },
  ],
  async *run({ arguments: args, context, spell }) {
    if (args.GenerateRequest)
      throw new CmdletError(
        'Requests for a CA are not made here. Make one with: openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout NAME.key -out NAME.csr',
        { id: 'GenerateRequestNotSupported', category: 'NotImplemented' },
      );
    const { site } = context.statement.draft;
    const subject = subjectOf(args.SubjectName ?? `CN=${site.fqdn}`);
    const commonName = subject.flat().find(({ type }) => type === COMMON_NAME)?.value ?? '';
    const domains = (args.DomainName ?? []).map((domain) => domain.trim());
    if (!domains.length && isHost(commonName)) domains.push(commonName);
    if (!domains.length)
      throw usage(`New-ExchangeCertificate needs the hosts it is for: ${spell('DomainName')} mail.contoso.com`);
    const bad = domains.filter((domain) => !isHost(domain));
    if (bad.length)
      throw usage(
        `DomainName: ${bad.map(show).join(', ')} cannot be; allowed: host names such as mail.contoso.com, or *.contoso.com`,
      );
    if (domains.length > MOST_DOMAINS) throw usage(`DomainName: at most ${MOST_DOMAINS} names, not ${domains.length}`);
    const folder = context.store.home.certificates;
    if (!(await context.shouldProcess(`Creating self-signed certificate for ${domains.join(', ')} in ${folder}.`)))
      return;
    const { selfSigned } = await import('../../certificates/self-signed.ts');
    const made = selfSigned(domains[0]!, context.host.clock(), DAYS, { subject, domains });
    const stem = args.FriendlyName || domains[0]!.replace(/^\*/, 'wildcard');
    const text = made.certificate + made.key;
    context.store.make();
    const file = addCertificate(folder, stem, text);
    const { leaf, name } = certificateIn(file, text, '');
    yield certificateObject({ file, leaf, name, problem: undefined }, site.server, context.host.clock());
  },
});

/** From the root down. @throws CmdletError */
function subjectOf(text: string): DistinguishedName {
  const parts = parseDistinguishedName(text);
  const unknown = parts?.flat().find(({ type, value }) => !/^\d/.test(type) || value === '' || value.length > 64);
  if (!parts?.length || unknown)
    throw usage(
      `SubjectName: ${show(text)} cannot be${unknown ? ` (${unknown.type})` : ''}; allowed: parts of 1 to 64 characters such as "C=US, O=Contoso, CN=mail.contoso.com"`,
    );
  const leafFirst = parts[0]!.some(({ type }) => type === COMMON_NAME) && parts.length > 1;
  return leafFirst ? [...parts].reverse() : parts;
}

const isHost = (name: string) => isDomain(name.replace(/^\*\./, ''));
