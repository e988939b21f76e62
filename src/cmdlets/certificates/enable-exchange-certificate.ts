/** Enable-ExchangeCertificate: every certificate of the folder that can be used serves SMTP already; it is checked and said. */
import { sameCertificateName } from '../../domain/certificate-name.ts';
import { defineCmdlet } from '../../pipeline/cmdlet.ts';
import { CmdletError } from '../../pipeline/error.ts';
import { certificatesMeant, THUMBPRINT, thumbprintOf } from './certificate-object.ts';

const SERVICES = ['SMTP', 'IIS', 'IMAP', 'POP', 'UM', 'UMCallRouter', 'Federation', 'None'];

export const enableExchangeCertificate = defineCmdlet({
  name: 'Enable-ExchangeCertificate',
  group: 'server',
  looksHere: true,
  summary: 'Check that a certificate can serve SMTP, and say who presents it',
  description:
    'A certificate of the folder that can be used serves SMTP without being enabled: a connector presents the one that its TlsCertificateName names, else one for its Fqdn.',
  input: 'needed',
  parameters: [
    THUMBPRINT,
    {
      name: 'Services',
      type: 'strings',
      values: SERVICES,
      placeholder: 'SMTP',
      help: 'SMTP; the other services are not of this server.',
    },
    { name: 'Force', type: 'switch', help: 'Taken for the sake of scripts; nothing is asked.' },
    { name: 'Confirm', type: 'switch', help: 'Taken for the sake of scripts; nothing is asked.' },
    { name: 'WhatIf', type: 'switch', help: 'Taken for the sake of scripts; nothing is changed.' },
    { name: 'DoNotRequireSsl', type: 'switch', help: 'Taken for the sake of scripts.' },
    { name: 'NetworkServiceAllowed', type: 'switch', help: 'Taken for the sake of scripts.' },
  ],
  examples: [
    {
      command: 'rc enable-exchange-certificate 5113AE0233A72FCCB75B1D0198628675333D010E --services SMTP',
      language: 'Enable-ExchangeCertificate -Thumbprint 5113AE0233A72FCCB75B1D0198628675333D010E -Services SMTP',
      does: 'Says whether it can be used, and which connectors present it.',
    },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const others = (args.Services ?? []).filter((service) => !/^(?:smtp|none)$/i.test(service.trim()));
    if (others.length)
      context.warn(
        `This server serves SMTP only; ${others.join(', ')} ${others.length === 1 ? 'is' : 'are'} passed over.`,
      );
    for await (const { leaf, name, file, problem } of certificatesMeant(call)) {
      if (problem !== undefined) {
        context.error(
          new CmdletError(`The certificate in ${file} cannot be used: ${problem}.`, {
            id: 'CertificateNotValidForExchange',
            category: 'InvalidOperation',
            target: thumbprintOf(leaf),
          }),
        );
        continue;
      }
      const { draft } = context.statement;
      const connectors = draft.own
        .map((stored) => draft.connector(stored))
        .filter((c) =>
          c.TlsCertificateName ? sameCertificateName(c.TlsCertificateName, name) : leaf.checkHost(c.Fqdn) !== undefined,
        );
      if (connectors.length)
        context.verbose(`It serves SMTP already: ${connectors.map((c) => `"${c.Name}"`).join(', ')} can present it.`);
      else
        context.warn(
          name
            ? `It can serve SMTP, but no connector presents it yet. To have one do so: Set-ReceiveConnector NAME -TlsCertificateName "${name}"`
            : 'It can serve SMTP, but no connector has a Fqdn that it covers, and its subject is empty, so none can name it.',
        );
    }
  },
});
