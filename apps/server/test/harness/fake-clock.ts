import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const LIBRARIES = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1',
]
const library = LIBRARIES.find((path) => existsSync(path))

export const noFakeClock = library === undefined && 'no libfaketime on this machine (install the package libfaketime)'

/** A wall clock of a process that can be set while it runs; its monotonic clock goes on evenly, as the kernel's does. */
export class FakeClock {
  readonly #file: string

  private constructor(file: string) {
    this.#file = file
  }

  static async at(directory: string): Promise<FakeClock> {
    const clock = new FakeClock(join(directory, 'clock'))
    await clock.set(0)
    return clock
  }

  /** What the process must be started with. */
  get environment(): Record<string, string> {
    return {
      LD_PRELOAD: library!,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    }
  }

  /** @param hours from the true time */
  set(hours: number): Promise<void> {
    return writeFile(this.#file, `${hours < 0 ? '' : '+'}${hours * 3600}\n`)
  }
}
