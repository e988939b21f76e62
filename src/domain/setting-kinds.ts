/** Kinds of values that one setting of a connector alone has. */
import { parseCertificateName } from './certificate-name.ts';
import { FAULT_RULE_FORM, parseFaultRule, splitRules } from './fault-rule.ts';
import { flags, type Kind, listOf, text } from './kind.ts';
import { parseSourcePrefix } from './source.ts';
import { Flags } from './value.ts';

const groups = flags(
  'AnonymousUsers',
  'ExchangeUsers',
  'ExchangeServers',
  'ExchangeLegacyServers',
  'Partners',
  'Custom',
);
/** Custom shows while the connector has single rights, so it is taken back as it was shown, but not stored. */
export const permissionGroups: typeof groups = {
  ...groups,
  store: (value) => new Flags(value.names.filter((name) => name !== 'Custom')).toString(),
};

const prefixText = text({
  allowed: 'two lengths, 8 to 32 for IPv4 and 16 to 128 for IPv6: 32,64',
  example: '32,64',
  check: (value) => (parseSourcePrefix(value) ? undefined : 'is no pair of prefix lengths'),
});
/** Two numbers, as a text or as a list of the language. */
export const sourcePrefix: Kind<string> = {
  ...prefixText,
  parse: (input) =>
    prefixText.parse(
      typeof input === 'string' ? input.replaceAll(' ', '') : Array.isArray(input) ? input.join(',') : input,
    ),
  schema: { type: 'string', pattern: '^[0-9]{1,2},[0-9]{2,3}$' },
};

/** A greeting of one's own. */
export const banner = text({
  max: 500,
  allowed: 'empty, or a line that starts with 220, such as "220 mail.contoso.com ready"',
  example: '220 mail.contoso.com ready',
  check: (value) => {
    if (value === '') return undefined;
    if (!/^220( |$)/.test(value)) return 'does not start with 220';
    return /[^\x20-\x7e]/.test(value) ? 'has a character that is not ASCII' : undefined;
  },
});

/** `<I>issuer<S>subject`, or nothing. */
export const certificateName = text({
  max: 1024,
  allowed: 'empty, or <I>issuer<S>subject of a certificate in the listener’s certificate folder',
  example: '<I>CN=Contoso CA<S>CN=mail.contoso.com',
  check: (value) => (value === '' || parseCertificateName(value) ? undefined : 'is not <I>issuer<S>subject'),
});

/** `contoso.com:AcceptCloudServicesMail`, several. */
export const domainCapabilities = listOf(
  text({
    max: 512,
    allowed: 'domain:capability, such as contoso.com:AcceptCloudServicesMail',
    example: 'contoso.com:AcceptCloudServicesMail',
    check: (value) => {
      const [domain, capabilities] = value.split(':');
      return isDomainPattern(domain ?? '') && /^\w+(,\w+)*$/.test(capabilities ?? '')
        ? undefined
        : 'is not domain:capability';
    },
  }),
  { split: splitCapabilities },
);

/** `rcpt 451 4.3.0 first 3`, several. */
export const faultRules = listOf(
  text({
    max: 500,
    allowed: FAULT_RULE_FORM,
    example: 'rcpt 451 4.3.0 first 3',
    check: (value) => {
      const rule = parseFaultRule(value);
      return typeof rule === 'string' ? rule : undefined;
    },
  }),
  { split: splitRules },
);

function isDomainPattern(domain: string): boolean {
  return /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(domain);
}

/** A comma separates capabilities of one domain; the next `domain:` starts an element. */
function splitCapabilities(input: unknown): readonly unknown[] {
  if (Array.isArray(input)) return input;
  return String(input ?? '')
    .split(/,(?=[^,:]+:)/)
    .map((part) => part.trim())
    .filter(Boolean);
}
