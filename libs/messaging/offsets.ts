/**
 * Messages of a partition end in any order; what may be committed is the offset of the first still in hand, else the one
 * behind the last. After a rebalance the broker may bring again what is in hand or has ended: the same offset is in hand once.
 */
export class Offsets {
  /** Offset to the moment it came. */
  private readonly inHand = new Map<number, number>();
  private behind = -1;
  private committed = -1;

  began(offset: number, at = Date.now()): void {
    if (this.committed < 0) this.committed = offset;
    if (!this.inHand.has(offset)) this.inHand.set(offset, at);
    this.behind = Math.max(this.behind, offset + 1);
  }

  end(offset: number): void {
    this.inHand.delete(offset);
  }

  /** Next offset to commit, or null when it is committed already; it never goes back. */
  next(): number | null {
    let next = this.behind;
    for (const offset of this.inHand.keys()) next = Math.min(next, offset);
    return next > this.committed ? next : null;
  }

  commit(next: number): void {
    this.committed = Math.max(this.committed, next);
  }

  pending(): number {
    return this.inHand.size;
  }

  /** When the oldest in hand came. */
  oldest(): number | null {
    let oldest: number | null = null;
    for (const at of this.inHand.values()) oldest = oldest === null ? at : Math.min(oldest, at);
    return oldest;
  }
}
