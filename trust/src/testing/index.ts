export { type TestActorOptions, testActor } from './actors.ts'
