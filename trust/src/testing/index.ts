export { type TestActorOptions, testActor } from './actors.ts'
export { deviceKeys, type KeyKind } from './device-keys.ts'
export { ADDRESS, openTestTrust, PASSWORD, person, signInByLink, type TestTrust } from './open-trust.ts'
export { TestDevices, TestTree } from './trees.ts'
