/** A historian on a real engine in a directory that goes on close, for the tests of the stages above. */
export { PlainSignals, passing, type TestHistorian, testHistorian } from '../historian/testing.ts'
