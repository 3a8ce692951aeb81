/** The table is shared: whatever tells of a view asks it, in whichever service. */
export * from '#libs/domain/visibility';
