/**
 * Messages of a partition end in any order; what may be committed is the offset behind the longest
 * unbroken run of ended ones. Nothing in hand is ever committed over.
 */
export class Offsets {
  private readonly ended = new Set<number>();
  private readonly inHand: number[] = [];
  private first = 0;
  private committed = -1;

  began(offset: number): void {
    this.inHand.push(offset);
  }

  end(offset: number): void {
    this.ended.add(offset);
    while (this.first < this.inHand.length && this.ended.delete(this.inHand[this.first]!)) this.first += 1;
    if (this.first > 1024) this.forget();
  }

  /** Next offset to commit, or null when it is committed already. */
  next(): number | null {
    const last = this.inHand[this.first - 1];
    if (last === undefined || last + 1 === this.committed) return null;
    return last + 1;
  }

  commit(next: number): void {
    this.committed = next;
  }

  pending(): number {
    return this.inHand.length - this.first;
  }

  private forget(): void {
    this.inHand.splice(0, this.first - 1);
    this.first = 1;
  }
}
