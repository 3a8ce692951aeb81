import type { Context, Decision } from '#libs/domain/decision';
import type { Handled, Message } from '#libs/messaging/handle';

export type Decide<S, D> = (state: S | null, data: D, context: Context) => Decision<S>;

export interface Item<S> {
  message: Message;
  decide: Decide<S, never>;
  resolve(handled: Handled): void;
  reject(error: Error): void;
}
