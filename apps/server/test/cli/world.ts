import type { CliUser } from '../harness/cli.ts'
import type { RunningPlatform } from '../harness/platform.ts'

/** One platform that all topics of the command share, one after the other: a later one finds what an earlier one made. */
export interface CliWorld {
  readonly platform: RunningPlatform
  /** Holds the homes of people. */
  readonly base: string
  /** At the platform's own machine. */
  readonly operator: CliUser
  user(
    name: string,
    more?: { data?: string; url?: string; environment?: Readonly<Record<string, string>> },
  ): Promise<CliUser>
  /** In the operator's home. */
  file(name: string): string
}

export interface Named {
  readonly id: string
  readonly name: string
}
export interface List<T> {
  readonly items: T[]
  readonly next?: string
}
