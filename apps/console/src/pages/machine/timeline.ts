import type { AlarmTransition, Command, Event } from '../../api/types.ts'

/** One thing that happened to a machine, whatever kind it was. */
export type Happening =
  | { readonly kind: 'alarm'; readonly id: string; readonly time: number; readonly transition: AlarmTransition }
  | { readonly kind: 'command'; readonly id: string; readonly time: number; readonly command: Command }
  | { readonly kind: 'event'; readonly id: string; readonly time: number; readonly event: Event; readonly name: string }

interface Sources {
  readonly transitions: readonly AlarmTransition[]
  readonly commands: readonly Command[]
  /** Events of the node and of the devices that serve it, with the name of what each is about. */
  readonly events: readonly { readonly event: Event; readonly name: string }[]
}

// Alarms and commands stand in the timeline themselves, with more than their events say.
const TOLD_OTHERWISE = /^millwright\.(alarm|command)\./

/** Everything in one line of time, newest first. */
export function timeline({ transitions, commands, events }: Sources): Happening[] {
  return [
    ...transitions.map(
      (transition): Happening => ({ kind: 'alarm', id: transition.id, time: transition.time, transition }),
    ),
    ...commands.map((command): Happening => ({ kind: 'command', id: command.id, time: command.createdAt, command })),
    ...events
      .filter(({ event }) => !TOLD_OTHERWISE.test(event.type))
      .map(({ event, name }): Happening => ({ kind: 'event', id: event.id, time: event.time, event, name })),
  ].sort((a, b) => b.time - a.time)
}
