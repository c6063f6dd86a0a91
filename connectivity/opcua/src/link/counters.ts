/** Running totals of a connection since its start, for /metrics and the status page. */
export class Counters {
  /** Values that came by subscription. */
  values = 0
  /** Publish responses. */
  publishes = 0
  /** Messages fetched again. */
  republished = 0
  /** Messages that were lost for good: their values can only come from history. */
  sequence_gaps = 0
  /** Values read from history to fill gaps. */
  history_values = 0
  /** Connections made, the first included. */
  connects = 0
  /** Sessions that went on after the connection broke. */
  sessions_resumed = 0
  subscriptions_transferred = 0
  subscriptions = 0
  items = 0
  badTimes = 0
  tooLarge = 0
  /** Reported values of items nobody asked for. */
  unknown_items = 0
  /** The queue of an item ran over at the server: values were lost there. */
  overflows = 0
  writes = 0
  calls = 0
  rescans = 0
}
