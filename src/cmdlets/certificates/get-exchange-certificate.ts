/** Get-ExchangeCertificate: the certificates of the home's folder. */
import { readCertificates } from '../../certificates/certificate-folder.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { certificateLacks } from '../exchange-parameters.ts';
import { certificateObject, certificatesMeant, knownCertificates, THUMBPRINT } from './certificate-object.ts';

export const getExchangeCertificate = defineCmdlet({
  name: 'Get-ExchangeCertificate',
  short: 'certificates',
  group: 'server',
  looksHere: true,
  summary: 'Show the certificates of the home’s folder',
  description:
    'Those that STARTTLS can present have the service SMTP; the others say under Problem why they cannot be used. Issuer and Subject are written as TlsCertificateName has them.',
  gives: 'ExchangeCertificate',
  input: 'optional',
  lacks: certificateLacks,
  parameters: [
    THUMBPRINT,
    {
      name: 'DomainName',
      type: 'strings',
      placeholder: 'DOMAIN[,…]',
      help: 'Only those whose names cover one of these hosts.',
    },
  ],
  examples: [
    {
      command: 'rc certificates',
      language: 'Get-ExchangeCertificate',
      does: 'Shows thumbprint, services and subject of each.',
    },
    {
      command: 'rc certificates --domain-name mail.contoso.com --output list',
      language: 'Get-ExchangeCertificate -DomainName mail.contoso.com | Format-List',
      does: 'Shows all of those that are for a host.',
    },
    {
      command:
        'rc -c \'$c = Get-ExchangeCertificate -DomainName mail.contoso.com | select -First 1; Set-ReceiveConnector "Default*" -TlsCertificateName "<I>$($c.Issuer)<S>$($c.Subject)"\'',
      language: 'Set-ReceiveConnector "Default*" -TlsCertificateName "<I>$($c.Issuer)<S>$($c.Subject)"',
      does: 'Has connectors present it.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    context.store.expectHome();
    const domains = args.DomainName ?? [];
    const found =
      args.Thumbprint !== undefined || call.input
        ? certificatesMeant(call)
        : knownCertificates(readCertificates(context.store.home.certificates));
    for await (const one of found)
      if (!domains.length || domains.some((domain) => one.leaf.checkHost(domain)))
        yield certificateObject(one, context.statement.draft.site.server, context.host.clock());
  },
});
