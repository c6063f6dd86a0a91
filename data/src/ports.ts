/** What the historian hands on after a commit. */
import type { ReadingBatch } from '@millwright/connectivity'

/**
 * Called once for each committed window, in order, with the rows as judged and stored. The batch is reused after the
 * call returns: copy what you keep. Must not throw and must be quick: it runs on the ingest path.
 */
export type CommitListener = (batch: ReadingBatch) => void
