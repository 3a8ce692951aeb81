import type { Attaching, Attachment, Detaching } from '#libs/contracts/attachment';
import { attachmentRules, policyInForce } from '#libs/reference/policies';
import { failed, passed, rule } from './verdict.js';

interface Received {
  data: Attaching;
  at: string;
  /** What the record has already. */
  attachments: readonly Attachment[];
  /** Whether the file lies where it was put. */
  there: boolean;
}

/** The policy in force when it is decided; there is always one. */
const inForce = (code: string, at: string) => {
  const policy = policyInForce(code, at.slice(0, 10), [], attachmentRules);
  if (!policy) throw new Error(`No policy ${code} is in force.`);
  return policy;
};

/** How many bytes may be attached at once. */
export const largestAttachment = (at: string): number => Number(inForce('ATTACHMENT_MAX_BYTES', at).value);

/** Media types that may be attached. */
export const attachmentTypes = (at: string): readonly string[] => inForce('ATTACHMENT_TYPES', at).value as string[];

const source = { source: 'attachment-rules.json' };

const allowedType = rule(
  'ATTACHMENT.TYPE.ALLOWED',
  ({ data: { type }, at }: Received) => {
    const allowed = attachmentTypes(at);
    const inputs = { type, allowed };
    if (type === null) return failed('Its content is of no known kind.', inputs);
    return allowed.includes(type)
      ? passed('Its content is of a kind that may be attached.', inputs)
      : failed(`Its content is ${type}, which is not attached.`, inputs);
  },
  source,
);

const allowedSize = rule(
  'ATTACHMENT.SIZE.ALLOWED',
  ({ data: { bytes }, at }: Received) => {
    const most = largestAttachment(at);
    return bytes <= most
      ? passed('It is not too large.', { bytes, most })
      : failed(`It has ${bytes} bytes; ${most} may be attached.`, { bytes, most });
  },
  source,
);

const allowedCount = rule(
  'ATTACHMENT.COUNT.ALLOWED',
  ({ attachments, data, at }: Received) => {
    const most = Number(inForce('ATTACHMENT_MAX_COUNT', at).value);
    const count = withAttachment(attachments, data, at).length;
    return count <= most
      ? passed('There is room for it.', { count, most })
      : failed(`A record has at most ${most} files.`, { count, most });
  },
  source,
);

const fileThere = rule('ATTACHMENT.FILE.THERE', ({ there }: Received) => there || 'The file is not there any more; send it again.');

/** Judged beside who may attach to the record, and when. */
export const attachmentChecks = [allowedType, allowedSize, allowedCount, fileThere];

interface Detached {
  data: Detaching;
  attachments: readonly Attachment[];
  /** Where in the record each file is named, by its id: what others have agreed to, signed or reviewed stands on it. */
  named: ReadonlyMap<string, string>;
}

/** Judged beside who may take files from the record, and when. */
export const detachmentChecks = [
  rule(
    'ATTACHMENT.DETACH.THERE',
    ({ attachments, data: { attachment } }: Detached) =>
      attachments.some(({ id }) => id === attachment) || 'It is none of the attachments.',
    { kind: 'ABSENT' },
  ),
  rule(
    'ATTACHMENT.DETACH.FREE',
    ({ named, data: { attachment } }: Detached) => {
      const where = named.get(attachment);
      return where === undefined ? passed('Nothing stands on it.') : failed(`It is ${where}.`, { attachment, where });
    },
    { kind: 'WRONG_STATE' },
  ),
];

/** The same content under the same name is there once. */
export function withAttachment(attachments: readonly Attachment[], { file, type, ...said }: Attaching, at: string): Attachment[] {
  const known = attachments.some(({ sha256, name }) => sha256 === said.sha256 && name === said.name);
  return known ? [...attachments] : [...attachments, { id: file, type: type ?? '', ...said, attachedAt: at }];
}
