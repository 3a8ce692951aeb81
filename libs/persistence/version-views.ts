import type { Stamp } from '#libs/contracts/values';

/** Views of one aggregate by version, each made once, as long as its state is the one that became of it. */
export class VersionViews<S> {
  private readonly views = new Map<number, { state: S; view: unknown }>();

  constructor(private readonly viewOf: (state: S, stamp: Stamp) => unknown) {}

  of(state: S, stamp: Stamp): unknown {
    const known = this.views.get(stamp.version);
    if (known?.state === state) return known.view;
    const view = this.viewOf(state, stamp);
    this.views.set(stamp.version, { state, view });
    return view;
  }
}
