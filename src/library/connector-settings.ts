// Made from the settings catalogue by "npm run docs"; changes here are lost.

/** Settings of a receive connector, by the names of Set-ReceiveConnector. */
export interface ConnectorSettings {
  /** How clients may authenticate: Tls offers STARTTLS, BasicAuth offers AUTH LOGIN and PLAIN, BasicAuthRequireTLS offers AUTH only inside TLS, ExternalAuthoritative trusts the source as an Exchange server; Integrated and ExchangeServer are Windows only and kept. Allowed: None, or one or more of Tls, Integrated, BasicAuth, BasicAuthRequireTLS, ExchangeServer, ExternalAuthoritative, separated by commas. Rule: BasicAuthRequireTLS needs BasicAuth and Tls; ExternalAuthoritative goes with Tls only and needs PermissionGroups ExchangeServers. */
  readonly AuthMechanism?: string | readonly string[];
  /** Greeting sent instead of the default "220 FQDN Microsoft ESMTP MAIL Service ready at DATE". Allowed: empty, or a line that starts with 220, such as "220 mail.contoso.com ready". */
  readonly Banner?: string;
  /** Offers BINARYMIME (RFC 3030). Allowed: true or false (also $true, $false, yes, no, 1, 0). Rule: needs ChunkingEnabled. */
  readonly BinaryMimeEnabled?: boolean;
  /** Local addresses and ports the connector listens on; 0.0.0.0 and [::] mean every address. Allowed: a list (a,b,c), each IPv4:port or [IPv6]:port with a port from 1 to 65535, such as 0.0.0.0:25 or [::]:25. Rule: unique on the server unless the remote ranges differ. */
  readonly Bindings?: string | readonly string[];
  /** Offers CHUNKING and takes BDAT (RFC 3030). Allowed: true or false (also $true, $false, yes, no, 1, 0). */
  readonly ChunkingEnabled?: boolean;
  /** Accepted domain that completes a sender or recipient without a domain. Allowed: a domain name such as mail.contoso.com (letters, digits, - and dots, at most 255 characters), or empty. Rule: must be an accepted domain. */
  readonly DefaultDomain?: string;
  /** Offers DSN (RFC 3461). Allowed: true or false (also $true, $false, yes, no, 1, 0). */
  readonly DeliveryStatusNotificationEnabled?: boolean;
  /** Offers 8BITMIME (RFC 6152). Allowed: true or false (also $true, $false, yes, no, 1, 0). */
  readonly EightBitMimeEnabled?: boolean;
  /** Offers SMTPUTF8 (RFC 6531). Allowed: true or false (also $true, $false, yes, no, 1, 0). */
  readonly SmtpUtf8Enabled?: boolean;
  /** Refuses a message that has a line feed without a carriage return before it. Allowed: true or false (also $true, $false, yes, no, 1, 0). */
  readonly BareLinefeedRejectionEnabled?: boolean;
  /** Mutual TLS: asks the client for a certificate and verifies it. Allowed: true or false (also $true, $false, yes, no, 1, 0). Rule: needs AuthMechanism Tls and forbids ExternalAuthoritative. */
  readonly DomainSecureEnabled?: boolean;
  /** Offers ENHANCEDSTATUSCODES and puts the codes into replies (RFC 2034). Allowed: true or false (also $true, $false, yes, no, 1, 0). */
  readonly EnhancedStatusCodesEnabled?: boolean;
  /** Offers XLONGADDR: addresses to 1,860 characters instead of 571. Allowed: true or false (also $true, $false, yes, no, 1, 0). */
  readonly LongAddressesEnabled?: boolean;
  /** Offers XORAR, the originator-requested alternate recipient. Allowed: true or false (also $true, $false, yes, no, 1, 0). */
  readonly OrarEnabled?: boolean;
  /** Suppresses X-ANONYMOUSTLS. Allowed: true or false (also $true, $false, yes, no, 1, 0). */
  readonly SuppressXAnonymousTls?: boolean;
  /** Shows the connector to users in their mail client settings. Allowed: true or false (also $true, $false, yes, no, 1, 0). */
  readonly AdvertiseClientSettings?: boolean;
  /** Name in the banner, the HELO/EHLO reply, the Received header and for choosing the certificate. Allowed: a domain name such as mail.contoso.com (letters, digits, - and dots, at most 255 characters), or empty. */
  readonly Fqdn?: string;
  /** Name for service discovery. Allowed: a domain name such as mail.contoso.com (letters, digits, - and dots, at most 255 characters), or empty. */
  readonly ServiceDiscoveryFqdn?: string;
  /** Certificate that STARTTLS presents, as <I>issuer<S>subject; empty chooses by Fqdn. Allowed: empty, or <I>issuer<S>subject of a certificate in the listener’s certificate folder. Rule: must name a certificate in the listener’s certificate folder. */
  readonly TlsCertificateName?: string;
  /** A note for administrators. Allowed: text of at most 1024 characters on one line. */
  readonly Comment?: string;
  /** Whether the connector takes connections. Allowed: true or false (also $true, $false, yes, no, 1, 0). */
  readonly Enabled?: boolean;
  /** Time after which a connection is closed even while data flows. Allowed: a time span from 00:00:01 to 1.00:00:00, as hh:mm:ss, d.hh:mm:ss or with units: 90s, 10m, 1h30m, 2d. Rule: greater than ConnectionInactivityTimeout. */
  readonly ConnectionTimeout?: string;
  /** Time without data after which a connection is closed. Allowed: a time span from 00:00:01 to 1.00:00:00, as hh:mm:ss, d.hh:mm:ss or with units: 90s, 10m, 1h30m, 2d. Rule: less than ConnectionTimeout. */
  readonly ConnectionInactivityTimeout?: string;
  /** Messages from one source in a minute, or in what MessageRateLimitWindow says. Allowed: a whole number from 1 to 2147483647, or Unlimited. */
  readonly MessageRateLimit?: number | 'Unlimited';
  /** What one source of MessageRateLimit is: the host, the sender, or both. Allowed: None, IPAddress, User, All. */
  readonly MessageRateSource?: 'None' | 'IPAddress' | 'User' | 'All';
  /** Connections of this connector at one time. Allowed: a whole number from 1 to 2147483647, or Unlimited. */
  readonly MaxInboundConnection?: number | 'Unlimited';
  /** Connections of one IP address at one time. Allowed: a whole number from 1 to 10000, or Unlimited. */
  readonly MaxInboundConnectionPerSource?: number | 'Unlimited';
  /** Connections of one IP address at one time, as a percentage of the connector’s remaining connections. Allowed: a whole number from 1 to 100. */
  readonly MaxInboundConnectionPercentagePerSource?: number;
  /** Size of a message’s header; over it the connection is closed. Allowed: a size from 1 bytes to 2147483647 bytes, such as 36MB, 36M, 512KiB or a number of bytes. */
  readonly MaxHeaderSize?: number | string;
  /** Received headers a message may have. Allowed: a whole number from 1 to 500. */
  readonly MaxHopCount?: number;
  /** Received headers of this server a message may have; 0 never refuses. Allowed: a whole number from 0 to 50. */
  readonly MaxLocalHopCount?: number;
  /** Failed AUTHs before the connection is closed; 0 never closes. Allowed: a whole number from 0 to 10. */
  readonly MaxLogonFailures?: number;
  /** Size of a message, with its header; shown by SIZE (RFC 1870). Allowed: a size from 64KB to 2147483647 bytes, such as 36MB, 36M, 512KiB or a number of bytes. */
  readonly MaxMessageSize?: number | string;
  /** Protocol errors before the connection is closed. Allowed: a whole number from 0 to 2147483647, or Unlimited. */
  readonly MaxProtocolErrors?: number | 'Unlimited';
  /** Recipients of one message. Allowed: a whole number from 1 to 512000. */
  readonly MaxRecipientsPerMessage?: number;
  /** Groups that may submit mail, each with the rights it brings. Allowed: None, or one or more of AnonymousUsers, ExchangeUsers, ExchangeServers, ExchangeLegacyServers, Partners, Custom, separated by commas. */
  readonly PermissionGroups?: string | readonly string[];
  /** Offers PIPELINING (RFC 2920). Allowed: true or false (also $true, $false, yes, no, 1, 0). */
  readonly PipeliningEnabled?: boolean;
  /** Verbose writes every session of the connector to the protocol log. Allowed: None, Verbose. */
  readonly ProtocolLoggingLevel?: 'None' | 'Verbose';
  /** Client addresses the connector takes. Allowed: a list (a,b,c), each an address (10.1.2.3), a range (10.1.2.1-10.1.2.9) or CIDR (10.1.2.0/24), IPv4 or IPv6. Rule: ranges of connectors on one binding may overlap only when one lies wholly inside the other. */
  readonly RemoteIPRanges?: string | readonly string[];
  /** EHLO must carry a domain, or the connection is closed. Allowed: true or false (also $true, $false, yes, no, 1, 0). */
  readonly RequireEHLODomain?: boolean;
  /** MAIL FROM only inside TLS. Allowed: true or false (also $true, $false, yes, no, 1, 0). Rule: needs AuthMechanism Tls. */
  readonly RequireTLS?: boolean;
  /** Offers AUTH GSSAPI. Allowed: true or false (also $true, $false, yes, no, 1, 0). */
  readonly EnableAuthGSSAPI?: boolean;
  /** Extended Protection for Authentication. Allowed: None, Allow, Require. */
  readonly ExtendedProtectionPolicy?: 'None' | 'Allow' | 'Require';
  /** Reserved for Microsoft’s own use. Allowed: true or false (also $true, $false, yes, no, 1, 0). */
  readonly LiveCredentialEnabled?: boolean;
  /** Capabilities of domains that connect with a verified certificate, as domain:capability[,capability]. Allowed: a list (a,b,c), each domain:capability, such as contoso.com:AcceptCloudServicesMail. */
  readonly TlsDomainCapabilities?: string | readonly string[];
  /** Transport service the connector belongs to. Allowed: FrontendTransport, HubTransport. */
  readonly TransportRole?: 'FrontendTransport' | 'HubTransport';
  /** Refuses recipients in .test, .example, .invalid and .localhost (RFC 2606). Allowed: true or false (also $true, $false, yes, no, 1, 0). */
  readonly RejectReservedTopLevelRecipientDomains?: boolean;
  /** Refuses recipients in example.com, example.net and example.org (RFC 2606). Allowed: true or false (also $true, $false, yes, no, 1, 0). */
  readonly RejectReservedSecondLevelRecipientDomains?: boolean;
  /** Refuses recipients in domains of one label. Allowed: true or false (also $true, $false, yes, no, 1, 0). */
  readonly RejectSingleLabelRecipientDomains?: boolean;
  /** Offers SIZE with its value, not at all, or without the value (RFC 1870). Allowed: Enabled, Disabled, EnabledWithoutValue. */
  readonly SizeEnabled?: 'Enabled' | 'Disabled' | 'EnabledWithoutValue';
  /** Delay before a 5xx reply to a client that is not authenticated; 00:00:00 is off. Allowed: a time span from 00:00:00 to 00:10:00, as hh:mm:ss, d.hh:mm:ss or with units: 90s, 10m, 1h30m, 2d. */
  readonly TarpitInterval?: string;
  /** Delay before the reply to a failed AUTH; 00:00:00 is off. Allowed: a time span from 00:00:00 to 00:10:00, as hh:mm:ss, d.hh:mm:ss or with units: 90s, 10m, 1h30m, 2d. */
  readonly AuthTarpitInterval?: string;
  /** Delayed acknowledgement (shadow redundancy) of Exchange. Allowed: a time span from 00:00:00 to 12:00:00, as hh:mm:ss, d.hh:mm:ss or with units: 90s, 10m, 1h30m, 2d. */
  readonly MaxAcknowledgementDelay?: string;
  /** Where messages of this connector go: the transport service’s method, the Maildir, the next host, or nowhere. Allowed: Default, Maildir, Relay, Discard. */
  readonly DeliveryMethod?: 'Default' | 'Maildir' | 'Relay' | 'Discard';
  /** Faults on purpose, for testing what sends mail here: STAGE WHAT [WHEN], such as "rcpt 451 4.3.0 first 3". Allowed: a list (a,b,c), each STAGE WHAT [WHEN …]: a stage (connect, greeting, helo, starttls, auth, mail, rcpt, data, message, quit), what happens there (a reply such as 451 4.3.0 "text", drop, reset, delay 5s, slow 100ms, never-answer, garbage, cut-tls, lose-reply), and when (first N, every N, N% [seed N], from ADDRESS, sender PATTERN, recipient PATTERN, for 10m; always when left out), such as: rcpt 451 4.3.0 first 3. */
  readonly FaultRules?: string | readonly string[];
  /** Clients that speak before they are greeted: Serve greets them and answers what they said, as health checks expect; Refuse holds the greeting back for a moment and closes the connection of whoever speaks in it. Allowed: Serve, Refuse. */
  readonly EarlyTalkers?: 'Serve' | 'Refuse';
  /** Whose words replies have where versions of Exchange differ. Allowed: Exchange2010, Exchange2019. */
  readonly ReplyDialect?: 'Exchange2010' | 'Exchange2019';
  /** Over what MaxInboundConnection, MaxInboundConnectionPerSource, MaxInboundConnectionPercentagePerSource and MessageRateLimit are counted: this server alone, or the connectors of this name on all servers of the fleet. Allowed: Server, Fleet. */
  readonly LimitScope?: 'Server' | 'Fleet';
  /** Connections that one source may open to this connector in a minute. Over all connectors MaxConnectionRatePerMinute of the transport service holds too. Allowed: a whole number from 1 to 2147483647, or Unlimited. */
  readonly MaxInboundConnectionRatePerSource?: number | 'Unlimited';
  /** Time over which MessageRateLimit counts: as many messages of one source in it. It slides; what was counted is kept in memory, and a restart begins anew. Allowed: a time span from 00:00:01 to 1.00:00:00, as hh:mm:ss, d.hh:mm:ss or with units: 90s, 10m, 1h30m, 2d. */
  readonly MessageRateLimitWindow?: string;
  /** Who the user of MessageRateSource User and All is: Sender is the address of MAIL FROM; Account is the user who logged on, and the address of MAIL FROM where nobody did. Allowed: Sender, Account. */
  readonly MessageRateUser?: 'Sender' | 'Account';
  /** What one source is to the limits per source: lengths of a network for IPv4 and IPv6. By default an IPv4 address, and of IPv6 a /64, which one host has to itself. Link-local and site-local addresses have no limit per source. Allowed: two lengths, 8 to 32 for IPv4 and 16 to 128 for IPv6: 32,64. */
  readonly MaxInboundConnectionSourcePrefix?: string;
}
