export { type TestAuthority, testAuthority } from './authority.ts'
export { type ReceivedMessage, TestPlatform, type TestPlatformOptions } from './platform.ts'
