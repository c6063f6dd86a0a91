/**
 * One thing at a time for each device.
 *
 * aedes numbers messages when they are published and drops, for each receiver, a message whose number is lower than the
 * last one's (its way to deliver once over overlapping filters). A QoS 1 message takes longer on its way than a QoS 0
 * message or a direct one, so that two under way at once overtake each other and the slower is lost. Messages to the
 * same device therefore go one after the other; other devices' do not wait.
 */
export class Lanes {
  readonly #tails = new Map<string, Promise<void>>()

  /** Runs `work` when all earlier work of this lane is done, failed or not. */
  run(lane: string, work: () => Promise<void>): Promise<void> {
    const done = (this.#tails.get(lane) ?? DONE).then(work)
    const tail = done.then(nothing, nothing).then(() => {
      if (this.#tails.get(lane) === tail) this.#tails.delete(lane)
    })
    this.#tails.set(lane, tail)
    return done
  }
}

const DONE = Promise.resolve()
const nothing = () => {}
