import { EventPattern, MessagePattern } from '@nestjs/microservices';
import type { z } from 'zod';
import type { CommandContract, FactContract, FactRecord, Outcome, ReplyTo } from '#libs/contracts/message';
import type { Envelope } from './envelope.js';

/**
 * A command in a handler's hand. `offset` is its place in the command topic; `arrived` tells that a store has
 * taken it in, so that all of one fetch are decided together.
 */
export interface Message<C extends CommandContract = CommandContract> extends Envelope<z.output<C['data']>> {
  contract: C;
  offset: number;
  partition: number;
  arrived(): void;
  /** Resolves when all of the same fetch have arrived. */
  together: Promise<void>;
}

/** The aggregate whose document it is decided on. */
export const decidedOn = ({ key, within }: Pick<Message, 'key' | 'within'>): string => within ?? key;

/** The answer to a command, with the answers to earlier ones that waited for it; null when it follows later. */
export interface Answered extends Outcome {
  settled?: { to: ReplyTo; outcome: Outcome }[];
}
export type Handled = Answered | null;

export const FEED_PATTERN = 'feed:*';

type Handler<M, R> = (target: object, name: string | symbol, descriptor: TypedPropertyDescriptor<(message: M) => Promise<R>>) => void;

/** Binds a method to a command; a wrong message or answer type does not compile. */
export const Handle = <C extends CommandContract>(contract: C): Handler<Message<C>, Handled> =>
  MessagePattern(contract.type, { contract }) as Handler<Message<C>, Handled>;

/** Binds a method to a fact of any service. It may see a fact twice: what it does has an id derived from the fact. */
export const On = <F extends FactContract>(contract: F): Handler<FactRecord<z.output<F['data']>>, void> =>
  EventPattern(contract.type, { contract }) as unknown as Handler<FactRecord<z.output<F['data']>>, void>;

/** A fact of the feed with its place in it. */
export type FeedItem = FactRecord & { cursor: number };

/** Binds a method to every fact of the feed, in order per subject. */
export const OnFeed = (): Handler<FeedItem, void> => EventPattern(FEED_PATTERN, {}) as unknown as Handler<FeedItem, void>;
