import { statfs } from 'node:fs/promises'
import { type Clock, type Log, MILLISECOND, SECOND, type Timer } from '@millwright/foundation'

/** How full the disk is, in bytes. `low`: too little to go on taking data in. */
export interface Space {
  readonly free: number
  readonly total: number
  readonly low: boolean
}

export interface SpaceWatch {
  readonly space: Space
  /** Called when `low` changes. */
  onChange(listener: (space: Space) => void): void
  /** Looks now, without waiting for the next turn. */
  look(): Promise<Space>
  stop(): void
}

export interface SpaceWatchOptions {
  readonly clock: Clock
  readonly log: Log
  /** Below this many free bytes the disk is low; it is well again at 1.25 times as much. 256 MiB by default. */
  readonly keepFree?: number
  /** How the disk is asked, for tests: free and total bytes. */
  readonly measure?: (directory: string) => Promise<{ free: number; total: number }>
}

/**
 * Watches the free space of a directory's disk, every 5 s (every 500 ms while low), so that taking data in can stop
 * in good order before the disk is full.
 */
export async function watchSpace(directory: string, options: SpaceWatchOptions): Promise<SpaceWatch> {
  const { clock, log, keepFree = 256 * 2 ** 20, measure = freeSpace } = options
  const listeners: ((space: Space) => void)[] = []
  const judged = ({ free, total }: { free: number; total: number }, wasLow: boolean): Space => ({
    free,
    total,
    low: free < (wasLow ? keepFree * 1.25 : keepFree),
  })
  let space = judged(await measure(directory), false)
  let timer: Timer | undefined
  let stopped = false

  const look = async (): Promise<Space> => {
    const before = space
    space = judged(await measure(directory), before.low)
    if (space.low !== before.low) {
      if (space.low) log.error({ directory, free: space.free }, 'the disk is nearly full')
      else log.info({ directory, free: space.free }, 'the disk has space again')
      for (const listener of listeners) listener(space)
    }
    return space
  }
  const turn = () => {
    timer = clock.after(space.low ? 500 * MILLISECOND : 5 * SECOND, () => {
      look()
        .catch((error) => log.error({ err: error, directory }, 'the free space of the disk could not be read'))
        .finally(() => {
          if (!stopped) turn()
        })
    })
  }
  turn()
  return {
    get space() {
      return space
    },
    onChange: (listener) => void listeners.push(listener),
    look,
    stop() {
      stopped = true
      timer?.cancel()
    },
  }
}

async function freeSpace(directory: string): Promise<{ free: number; total: number }> {
  const { bavail, blocks, bsize } = await statfs(directory)
  return { free: bavail * bsize, total: blocks * bsize }
}
