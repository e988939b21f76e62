// What a message is. Only types stand here: the library's own declarations are made of this file (bin/bundle.mjs).

export interface Address {
  /** Decoded display name; empty when there is none. */
  readonly name: string;
  readonly address: string;
}

export interface Attachment {
  /** Decoded file name; empty when the part has none. */
  readonly filename: string;
  /** `application/pdf`, in lower case. */
  readonly contentType: string;
  readonly contentId: string;
  /** Shown within the HTML rather than beside it. */
  readonly inline: boolean;
  readonly content: Buffer;
}

export interface Message {
  /** Of the Maildir; unique. */
  readonly id: string;
  readonly receivedAt: Date;
  /** Bytes in the Maildir. */
  readonly size: number;
  /** From SMTP: MAIL FROM (empty for a bounce) and every RCPT TO. */
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly from: Address | undefined;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly replyTo: readonly Address[];
  readonly subject: string;
  readonly messageId: string;
  /** The Date field as a moment; `undefined` when it is missing or no date. */
  readonly date: Date | undefined;
  /** Decoded, line ends as `\n`; empty when the message has no text part. */
  readonly text: string;
  readonly html: string;
  /** In the order of the message, with the listener's own in front; values unfolded, not decoded. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly attachments: readonly Attachment[];
  /** As it stands in the Maildir. */
  readonly raw: Buffer;
  /** What could not be read of it, in words; empty when all could. */
  readonly problem: string;
}
