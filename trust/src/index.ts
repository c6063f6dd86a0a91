export type { Actor, ActorShare, Place } from './actor.ts'
export type { Call, FileReply, Handlers } from './api.ts'
