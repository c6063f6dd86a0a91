/**
 * Called by whatever trains for long, with the fraction done (0 to 1) and what it is at, in a few words. Training is
 * synchronous: it runs in a worker thread, and is cancelled by ending that thread.
 */
export type Progress = (fraction: number, stage: string) => void
