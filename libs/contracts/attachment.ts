import { z } from 'zod';
import { Id, Instant, Sha256 } from './values.js';

const content = {
  name: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\p{Cc}/\\]+$/u, 'a file name without a path')
    .describe('what the file is called'),
  type: z.string().max(100).describe('media type, found from the content'),
  bytes: z.int().min(1).max(1e9),
  sha256: Sha256.describe('over the bytes of the file'),
};

/** A file that belongs to a record; its content is read at `…/attachments/{id}` of the record. */
export const Attachment = z.object({ id: Id, ...content, attachedAt: Instant }).meta({ id: 'Attachment' });
export type Attachment = z.infer<typeof Attachment>;

/** What the gateway has received and looked at: the file lies where it was put, and is kept once the record has taken it. */
export const Attaching = z.object({
  ...content,
  file: Id,
  type: content.type.nullable().describe('null: its content is of no kind that is known'),
});
export type Attaching = z.infer<typeof Attaching>;

/** A file that a record shall let go of. */
export const Detaching = z.strictObject({ attachment: z.string().max(100).describe('its id') });
export type Detaching = z.infer<typeof Detaching>;

/** The rules of every record that files are taken from again. */
export const detachmentRefusals = {
  'ATTACHMENT.DETACH.THERE': ['ABSENT', 'It is none of the attachments of the record.'],
  'ATTACHMENT.DETACH.FREE': ['WRONG_STATE', 'A version names it, or it proves a signature.'],
} as const;

/** The rules of every record that files are attached to. */
export const attachmentRefusals = {
  'ATTACHMENT.TYPE.ALLOWED': ['RULE', 'The content of the file is of no kind that may be attached.'],
  'ATTACHMENT.SIZE.ALLOWED': ['RULE', 'The file is larger than may be attached.'],
  'ATTACHMENT.COUNT.ALLOWED': ['RULE', 'The record has as many files as it may have.'],
  'ATTACHMENT.FILE.THERE': ['RULE', 'The file did not arrive whole; send it again.'],
} as const;
